// Leaves with 0 when the service in this container is ready: for engines without probes of their own.
const address = `http://127.0.0.1:${process.env.MIEN_OPS_PORT ?? 9464}/readyz`;
const answer = await fetch(address, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
process.exit(answer?.status === 200 ? 0 : 1);
