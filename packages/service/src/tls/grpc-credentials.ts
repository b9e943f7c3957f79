import { type ChannelCredentials, experimental, ServerCredentials } from '@grpc/grpc-js';
import type { ReloadingTls } from './reloading-tls';
import { type SecureServerOptions, secureServerOptions } from './secure-server';
import type { TlsContents } from './tls-files';

/** For a gRPC server that asks callers for a certificate when authorities are given. */
export function grpcServerCredentials(tls: ReloadingTls): ServerCredentials {
  return new FollowingServerCredentials(tls);
}

/** For a gRPC client that shows its own certificate and trusts the authorities of the files alone. */
export function grpcChannelCredentials(tls: ReloadingTls): ChannelCredentials {
  const provider = new FollowingProvider(tls);
  return experimental.createCertificateProviderChannelCredentials(provider, provider);
}

/** What createSsl makes, with certificates that may change: grpc-js gives them to its servers. */
class FollowingServerCredentials extends ServerCredentials {
  constructor(tls: ReloadingTls) {
    const options: SecureServerOptions = secureServerOptions(tls.contents);
    super(options, options);
    tls.onChange((contents) => this.updateSecureContextOptions(secureServerOptions(contents)));
  }

  _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

type CaListener = experimental.CaCertificateUpdateListener;
type IdentityListener = experimental.IdentityCertificateUpdateListener;

/** The certificates as grpc-js asks for them: each listener is told what there is and what comes, never within its own call. */
class FollowingProvider implements experimental.CertificateProvider {
  private readonly stops = new Map<CaListener | IdentityListener, () => void>();

  constructor(private readonly tls: ReloadingTls) {}

  addCaCertificateListener(listener: CaListener): void {
    this.add(listener, ({ ca }) => listener(ca === undefined ? null : { caCertificate: ca }));
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.remove(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.add(listener, ({ cert, key }) => listener({ certificate: cert, privateKey: key }));
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.remove(listener);
  }

  private add(listener: CaListener | IdentityListener, tell: (contents: TlsContents) => void): void {
    this.stops.set(listener, this.tls.onChange(tell));
    process.nextTick(() => tell(this.tls.contents));
  }

  private remove(listener: CaListener | IdentityListener): void {
    this.stops.get(listener)?.();
    this.stops.delete(listener);
  }
}
