import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { imageFormat } from './image-format';

const swaggerUi = dirname(require.resolve('swagger-ui-dist/package.json'));

describe('imageFormat', () => {
  it.each([
    ['jpeg', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['jpeg', Buffer.from('ffd8ffdb', 'hex')],
    ['png', readFileSync(join(swaggerUi, 'favicon-32x32.png'))],
    ['webp', Buffer.from('RIFF\x24\0\0\0WEBPVP8 ', 'latin1')],
    ['bmp', Buffer.from('BM\x3a\0\0\0', 'latin1')],
  ])('knows a %s by its first bytes', (format, bytes) => {
    expect(imageFormat(bytes)).toBe(format);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from([0xff])],
    ['a GIF', Buffer.from('GIF89a')],
    ['a WAV', Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1')],
    ['text', Buffer.from('<html></html>')],
    ['half a PNG signature', Buffer.from('89504e47', 'hex')],
    ['a PNG spoilt by a line-end conversion', Buffer.from('89504e470a1a0a', 'hex')],
  ])('takes %s for none', (_, bytes) => {
    expect(imageFormat(bytes)).toBeUndefined();
  });
});
