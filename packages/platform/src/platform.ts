/** What runs on this machine, however many processes it is. */
export interface Platform {
  /** host:port of the gateway's gRPC service. */
  readonly grpcAddress: string;
  /** Whether the gateway talks TLS, over gRPC and HTTP. */
  readonly encrypted: boolean;
  /** host:port of the gateway's HTTP service. */
  readonly httpAddress: string;
  /** host:port of the library's own gRPC service: mien.line.v1.LibraryAdminService, for operators. */
  readonly libraryAddress: string;
  /** host:port of liveness, readiness and metrics; of the gateway's when each service is its own process. */
  readonly opsAddress: string;
  /** Holds the key of an admin; undefined where no keys are asked for. */
  readonly adminKeyFile: string | undefined;
  /** Finishes what is under way and stops everything. */
  stop(): Promise<void>;
}
