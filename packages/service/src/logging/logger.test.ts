import { MienError } from '@mien/errors';
import { trace } from '@opentelemetry/api';
import { startTelemetry } from '../telemetry/telemetry';
import { createLogger } from './logger';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  write(createLogger({ service: 'test', level: 'info', destination: { write: (line) => lines.push(line) } }));
  return JSON.parse(lines.join(''));
}

describe('the log', () => {
  it('holds no photo, template or secret, at any depth', () => {
    const line = logged((logger) =>
      logger.info(
        {
          job: { id: 'a', photos: [{ rgb: Buffer.from('face') }], options: { template: true } },
          face: { template: [0.25, 0.5], crop: new Uint8Array(5), vector: new Float32Array(512) },
          nats: {
            user: 'mien',
            password: 'sesame',
            API_KEY: 'sesame',
            headers: { Authorization: 'Bearer sesame' },
          },
        },
        'all of it',
      ),
    );
    const text = JSON.stringify(line);
    expect(text).not.toMatch(/sesame|0\.25|102,97/);
    expect(line).toMatchObject({
      job: { id: 'a', photos: '[biometric]', options: { template: true } },
      face: { crop: '[5 bytes]', vector: '[2048 bytes]' },
      nats: { user: 'mien', password: '[secret]' },
    });
  });

  it('tells errors with their cause', () => {
    const error = new MienError('BLOB_LOST', 'gone', { cause: new Error('ENOENT') });
    const line = logged((logger) => logger.error({ err: error }, 'failed'));
    expect(line).toMatchObject({ level: 'error', service: 'test', err: { reason: 'BLOB_LOST' } });
    expect(JSON.stringify(line['err'])).toContain('ENOENT');
  });

  it('carries the ids of the trace that is active', async () => {
    const telemetry = startTelemetry({ service: 'test' });
    const line = trace.getTracer('test').startActiveSpan('work', (span) => {
      const written = logged((logger) => logger.info('inside'));
      span.end();
      return { written, ids: span.spanContext() };
    });
    expect(line.written).toMatchObject({ trace_id: line.ids.traceId, span_id: line.ids.spanId });
    await telemetry.shutdown();
  });
});
