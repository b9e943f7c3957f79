import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { RetryInfo, Status } from '@mien/proto';
import { fromServiceError, toServiceError } from './grpc-status';
import { MienError } from './mien-error';
import { mayPass, STATUS_OF_REASON } from './reasons';

function received(partial: Pick<ServiceError, 'code' | 'details' | 'metadata'>): ServiceError {
  return Object.assign(new Error(partial.details), partial);
}

describe('gRPC errors', () => {
  it('carry reason, message and metadata there and back', () => {
    const error = new MienError('FACE_TOO_SMALL', 'the face is 31 px wide, at least 40 are needed', {
      metadata: { minimum: '40' },
    });
    const back = fromServiceError(received(toServiceError(error)));
    expect(back).toMatchObject({ reason: error.reason, message: error.message, metadata: { minimum: '40' } });
    expect(toServiceError(error).code).toBe(status.FAILED_PRECONDITION);
  });

  it('tell the libraries of others when to try again', () => {
    const delayOf = (retryAfterSeconds: string) => {
      const error = new MienError('OVERLOADED', 'later', { metadata: { retryAfterSeconds } });
      const [bytes] = toServiceError(error).metadata.get('grpc-status-details-bin');
      const details = Buffer.isBuffer(bytes) ? Status.decode(bytes).details : [];
      const info = details.find(({ typeUrl }) => typeUrl === 'type.googleapis.com/google.rpc.RetryInfo');
      return info === undefined ? undefined : RetryInfo.decode(info.value).retryDelay;
    };
    expect(delayOf('12')).toEqual({ seconds: 12, nanos: 0 });
    expect(delayOf('0.25')).toEqual({ seconds: 0, nanos: 250_000_000 });
    expect(delayOf('soon')).toBeUndefined();
  });

  it('fit into headers, whatever of the request they repeat', () => {
    const long = `there is no group ${'\u{1f642}\ud800'.repeat(100_000)}`;
    const { details, metadata } = toServiceError(
      new MienError('GROUP_NOT_FOUND', long, { metadata: { field: long } }),
    );
    const [bytes] = metadata.get('grpc-status-details-bin');
    expect(encodeURI(details).length + Buffer.byteLength(bytes ?? '') * (4 / 3)).toBeLessThan(8 * 1024);
    const back = fromServiceError(received({ code: status.NOT_FOUND, details, metadata }));
    expect(back).toMatchObject({
      reason: 'GROUP_NOT_FOUND',
      metadata: { field: expect.stringMatching(/…$/) },
    });
    expect(back.message).toMatch(/^there is no group /);
  });

  it('use the status codes of grpc-js', () => {
    expect(new Set(Object.values(STATUS_OF_REASON))).toEqual(
      new Set([
        status.INVALID_ARGUMENT,
        status.DEADLINE_EXCEEDED,
        status.NOT_FOUND,
        status.RESOURCE_EXHAUSTED,
        status.FAILED_PRECONDITION,
        status.INTERNAL,
        status.UNAVAILABLE,
        status.DATA_LOSS,
        status.ALREADY_EXISTS,
        status.ABORTED,
        status.PERMISSION_DENIED,
        status.UNAUTHENTICATED,
      ]),
    );
  });

  it('get the nearest reason when they are not ours', () => {
    const foreign = new Metadata();
    foreign.set('grpc-status-details-bin', Buffer.from('not a status'));
    expect(
      fromServiceError(received({ code: status.UNAVAILABLE, details: 'no connection', metadata: foreign }))
        .reason,
    ).toBe('BUS_UNAVAILABLE');
    expect(
      fromServiceError(received({ code: status.UNKNOWN, details: '', metadata: new Metadata() })).reason,
    ).toBe('INTERNAL');
  });

  it('tell what is worth another attempt', () => {
    expect(mayPass('INTERNAL')).toBe(true);
    expect(mayPass('BUS_UNAVAILABLE')).toBe(true);
    expect(mayPass('CONFLICT')).toBe(true);
    expect(mayPass('LIMIT_REACHED')).toBe(false);
    expect(mayPass('BLOB_LOST')).toBe(false);
    expect(mayPass('IMAGE_CORRUPT')).toBe(false);
  });
});
