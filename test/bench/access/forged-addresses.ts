import type { SecretServer } from './secret-server';

/** An address by which somebody tries to make the gateway reach where it must not. */
export interface ForgedAddress {
  readonly trick: string;
  readonly url: string;
}

export function forgedAddresses({ port, redirector }: SecretServer): ForgedAddress[] {
  const direct = [
    ['loopback', `127.0.0.1:${port}`],
    ['decimal', `2130706433:${port}`],
    ['hexadecimal', `0x7f000001:${port}`],
    ['octal', `0177.0.0.1:${port}`],
    ['mixed bases', `0x7f.0.0.01:${port}`],
    ['short form', `127.1:${port}`],
    ['shorter form', `0:${port}`],
    ['unspecified', `0.0.0.0:${port}`],
    ['name of loopback', `localhost:${port}`],
    ['name with a dot', `localhost.:${port}`],
    ['IPv6 loopback', `[::1]:${port}`],
    ['IPv6 unspecified', `[::]:${port}`],
    ['IPv4 mapped', `[::ffff:127.0.0.1]:${port}`],
    ['IPv4 mapped, hexadecimal', `[::ffff:7f00:1]:${port}`],
    ['IPv4 compatible', `[::127.0.0.1]:${port}`],
    ['NAT64', `[64:ff9b::7f00:1]:${port}`],
    ['6to4', `[2002:7f00:1::]:${port}`],
    ['full-width digits', `１２７.０.０.１:${port}`],
    ['circled digits', `①②⑦.⓪.⓪.①:${port}`],
    ['ideographic dots', `127。0。0。1:${port}`],
    ['user name', `93.184.216.34@127.0.0.1:${port}`],
    ['user name and password', `example.com:80@127.0.0.1:${port}`],
    ['encoded user name', `93.184.216.34%40@127.0.0.1:${port}`],
    ['backslash', `93.184.216.34\\@127.0.0.1:${port}`],
    ['metadata service', '169.254.169.254/latest/meta-data/'],
    ['metadata service, IPv6', '[fd00:ec2::254]/latest/meta-data/'],
    ['private network', '10.0.0.1'],
    ['private network, 172', '172.16.0.1'],
    ['private network, 192', '192.168.0.1'],
    ['shared address space', '100.64.0.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unique local', '[fd00::1]'],
    ['link local with zone', '[fe80::1%25eth0]'],
  ].map(([trick = '', rest = '']) => ({ trick, url: `http://${rest}` }));
  const schemes = [
    'file:///etc/passwd',
    `ftp://127.0.0.1:${port}/`,
    `gopher://127.0.0.1:${port}/`,
    'data:,x',
  ].map((url) => ({ trick: `scheme ${new URL(url).protocol}`, url }));
  const redirected = [
    `http://127.0.0.1:${port}/`,
    `http://2130706433:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `http://localhost:${port}/`,
    `http://a@127.0.0.1:${port}/`,
    `//127.0.0.1:${port}/`,
    'file:///etc/passwd',
    `http://${redirector}/?to=${encodeURIComponent(`http://127.0.0.1:${port}/`)}`,
  ].map((target) => ({
    trick: `redirect to ${target.replaceAll(/:\d{4,5}/g, '').replace(/\?to=.*/, 'and on to loopback')}`,
    url: `http://${redirector}/?to=${encodeURIComponent(target)}`,
  }));
  return [...direct, ...schemes, ...redirected];
}

/** What the gateway says to a photo there. The text goes as it is: clients would spell it in their own way. */
export async function reasonFor(httpAddress: string, apiKey: string, url: string): Promise<string> {
  const response = await fetch(`http://${httpAddress}/v1/detect`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ image: { url } }),
  });
  const { error } = (await response.json()) as { error?: { reason: string } };
  return error?.reason ?? 'fetched';
}
