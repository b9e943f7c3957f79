import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { MienError } from '@mien/errors';
import { FaceServiceService } from '@mien/proto';
import { startGrpcServer } from './server';

describe('the check of headers', () => {
  it('refuses a call before its message has come, and no other', async () => {
    const asked: string[] = [];
    const server = await startGrpcServer(
      [
        {
          name: 'mien.v1.FaceService',
          definition: { detect: FaceServiceService.detect },
          implementation: {
            detect: (_: unknown, callback: (error: null, answer: unknown) => void) => callback(null, {}),
          },
        },
      ],
      {
        bindAddress: '127.0.0.1',
        port: 0,
        maxMessageBytes: 1_024,
        headerCheck: (method, metadata) => {
          asked.push(method);
          if (metadata.get('authorization').length === 0) {
            throw new MienError('KEY_MISSING', 'no key');
          }
        },
      },
    );
    const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
    const bytes = (body: Buffer) => body;
    const path = '/mien.v1.FaceService/Detect';
    const known = new Metadata();
    known.set('authorization', 'Bearer x');
    // Of neither call is the message ever finished.
    const codeOf = (metadata: Metadata) =>
      new Promise((resolve) => {
        const call = client.makeClientStreamRequest(
          path,
          bytes,
          bytes,
          metadata,
          { deadline: Date.now() + 1_000 },
          (error: ServiceError | null) => resolve(error?.code),
        );
        call.write(Buffer.alloc(0));
      });
    expect(await codeOf(new Metadata())).toBe(status.UNAUTHENTICATED);
    expect(await codeOf(known)).toBe(status.DEADLINE_EXCEEDED);
    expect(asked).toEqual(['mien.v1.FaceService/Detect', 'mien.v1.FaceService/Detect']);
    client.close();
    await server.drain(1_000);
  });
});
