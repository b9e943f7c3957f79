import { parseConfig } from '@mien/service';
import { gatewayConfigSchema } from './config';

const parse = (env: Record<string, string>) => parseConfig({ gateway: gatewayConfigSchema }, env).gateway;

describe('gatewayConfigSchema', () => {
  it('has a default for everything', () => {
    expect(parse({})).toMatchObject({
      grpcPort: 50_051,
      httpPort: 8_080,
      timeouts: { defaultMs: 30_000, maximumMs: 300_000 },
      urlAllowedNetworks: [],
    });
  });

  it('reads networks', () => {
    const { urlAllowedNetworks } = parse({ MIEN_URL_ALLOWED_NETWORKS: ' 10.1.0.0/16, fd00::/8 ' });
    expect(urlAllowedNetworks.map(([base, bits]) => `${base}/${bits}`)).toEqual(['10.1.0.0/16', 'fd00::/8']);
  });

  it('keeps the default deadline within the longest', () => {
    expect(parse({ MIEN_GATEWAY_MAX_TIMEOUT_MS: '5000' }).timeouts).toEqual({
      defaultMs: 5000,
      maximumMs: 5000,
    });
  });

  it.each([
    ['MIEN_URL_ALLOWED_NETWORKS', '10.1.0.0'],
    ['MIEN_URL_ALLOWED_NETWORKS', 'intranet'],
    ['MIEN_GATEWAY_HTTP_PORT', '65536'],
    ['MIEN_GATEWAY_MAX_IN_FLIGHT', '0'],
    ['MIEN_GATEWAY_MAX_TIMEOUT_MS', '3600000'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => parse({ [name]: value })).toThrow(name);
  });
});
