import { parseOutboundUrl } from './outbound-url';

describe('parseOutboundUrl', () => {
  it.each(['http://example.com/a.jpg', 'https://example.com:8443/a?b=c', 'https://[2606:4700:4700::1111]/a'])(
    'takes %s',
    (text) => {
      expect(parseOutboundUrl(text, []).href).toBe(text);
    },
  );

  it.each([
    'not a url',
    'a.jpg',
    'file:///etc/passwd',
    'ftp://example.com/a.jpg',
    'data:image/png;base64,AAAA',
    'gopher://example.com/',
    'http://',
    'https://user@example.com/a.jpg',
    'https://user:secret@example.com/a.jpg',
    `https://example.com/${'a'.repeat(2048)}`,
  ])('refuses %s as no url to call', (text) => {
    expect(() => parseOutboundUrl(text, [])).toThrow(expect.objectContaining({ reason: 'URL_INVALID' }));
  });

  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://017700000001/',
    'http://0177.0.0.01/',
    'http://①②⑦.⓪.⓪.①/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[fe80::1]/',
    'http://0/',
  ])('refuses %s as an address inside', (text) => {
    expect(() => parseOutboundUrl(text, [])).toThrow(expect.objectContaining({ reason: 'URL_FORBIDDEN' }));
  });

  it('reads a redirect against the url that it came from', () => {
    const base = new URL('https://example.com/a/b.jpg');
    expect(parseOutboundUrl('../c.jpg', [], base).href).toBe('https://example.com/c.jpg');
    expect(() => parseOutboundUrl('//127.0.0.1/c.jpg', [], base)).toThrow(
      expect.objectContaining({ reason: 'URL_FORBIDDEN' }),
    );
  });
});
