import { internalText } from './internal-text';

describe('what is not for callers', () => {
  it.each([
    'Error: no\n    at Object.decode (/srv/app/decode.js:12:9)',
    'Cannot find module in node_modules/x',
    'connect ECONNREFUSED 127.0.0.1:4222',
    "Cannot read properties of undefined (reading 'x')",
    'VipsJpeg: premature end of JPEG image',
    'could not read /tmp/mien-1/data',
    'decode.ts:12',
  ])('is found: %s', (text) => {
    expect(internalText(text, '')).toBeDefined();
  });

  it('is no text of ours, nor what the caller sent', () => {
    expect(internalText('there is no GET /v1/x', '')).toBeUndefined();
    expect(internalText('the jpeg file is damaged or cut short', '')).toBeUndefined();
    expect(internalText('there is no GET /a/main.js:12', 'GET /a/main.js:12 HTTP/1.1')).toBeUndefined();
  });

  it('is the data folder', () => {
    expect(internalText('in folder-x', '', ['folder-x'])).toBe('folder-x');
  });
});
