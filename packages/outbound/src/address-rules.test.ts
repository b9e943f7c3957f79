import { mayReach, parseNetwork } from './address-rules';

describe('mayReach', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e'])(
    'allows the public address %s',
    (address) => {
      expect(mayReach(address, [])).toBe(true);
    },
  );

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback, elsewhere in its network', '127.200.3.4'],
    ['loopback v6', '::1'],
    ['unspecified', '0.0.0.0'],
    ['unspecified v6', '::'],
    ['this network', '0.1.2.3'],
    ['private 10', '10.0.0.1'],
    ['private 172.16', '172.31.255.255'],
    ['private 192.168', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['link-local, where clouds keep their credentials', '169.254.169.254'],
    ['link-local v6', 'fe80::1'],
    ['link-local v6 with a scope', 'fe80::1%eth0'],
    ['unique-local', 'fd12:3456::1'],
    ['site-local', 'fec0::1'],
    ['multicast', '224.0.0.1'],
    ['multicast v6', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['protocol assignments', '192.0.0.8'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '203.0.113.7'],
    ['documentation v6', '2001:db8::1'],
    ['new documentation v6', '3fff::1'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped public', '::ffff:8.8.8.8'],
    ['compatible, long retired', '::7f00:1'],
    ['6to4 of loopback', '2002:7f00:1::'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['NAT64 of a private address', '64:ff9b::a00:1'],
    ['NAT64 for local use', '64:ff9b:1::a00:1'],
    ['discard-only', '100::1'],
    ['no address at all', 'localhost'],
  ])('refuses %s', (_, address) => {
    expect(mayReach(address, [])).toBe(false);
  });

  it('allows an operator’s own networks and nothing beside them', () => {
    const allowed = [parseNetwork('10.20.0.0/16'), parseNetwork('fd00:5::/32')];
    expect(mayReach('10.20.7.7', allowed)).toBe(true);
    expect(mayReach('::ffff:10.20.7.7', allowed)).toBe(true);
    expect(mayReach('fd00:5::1', allowed)).toBe(true);
    expect(mayReach('10.21.0.1', allowed)).toBe(false);
    expect(mayReach('fd00:6::1', allowed)).toBe(false);
  });
});
