import { isIP } from 'node:net';
import { MienError } from '@mien/errors';
import { mayReach, type Network } from './address-rules';
import { forbidden } from './forbidden';

const MAX_URL_LENGTH = 2048;

/**
 * An address that may be called, as far as its text tells. The WHATWG parser turns every spelling
 * of an IPv4 address (decimal, octal, hexadecimal, shortened) into four decimal numbers first.
 * Throws URL_INVALID or URL_FORBIDDEN. Host names are judged later, by the addresses that they resolve to.
 */
export function parseOutboundUrl(text: string, allowed: readonly Network[], base?: URL): URL {
  if (text.length > MAX_URL_LENGTH) {
    throw new MienError('URL_INVALID', `the url is longer than ${MAX_URL_LENGTH} characters`);
  }
  if (!URL.canParse(text, base?.href)) {
    throw new MienError('URL_INVALID', 'the url cannot be read');
  }
  const url = new URL(text, base?.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new MienError('URL_INVALID', 'the url is neither http nor https');
  }
  if (url.username !== '' || url.password !== '') {
    throw new MienError('URL_INVALID', 'the url carries a user name or password');
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 && !mayReach(host, allowed)) {
    throw forbidden();
  }
  return url;
}
