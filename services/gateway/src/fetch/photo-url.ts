import { isIP } from 'node:net';
import { MienError } from '@mien/errors';
import { mayFetchFrom, type Network } from './address-rules';

const MAX_URL_LENGTH = 2048;

/**
 * An address that a photo may be fetched from, as far as its text tells. The WHATWG parser turns every spelling
 * of an IPv4 address (decimal, octal, hexadecimal, shortened) into four decimal numbers first.
 * Throws URL_INVALID or URL_FORBIDDEN. Host names are judged later, by the addresses that they resolve to.
 */
export function parsePhotoUrl(text: string, allowed: readonly Network[], base?: URL): URL {
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
  if (isIP(host) !== 0 && !mayFetchFrom(host, allowed)) {
    throw forbidden();
  }
  return url;
}

/** Says nothing of the address itself: what a name resolves to inside this network is not the caller's to know. */
export function forbidden(): MienError {
  return new MienError('URL_FORBIDDEN', 'the url leads to a network that photos are not fetched from');
}
