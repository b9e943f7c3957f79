import { credentials, Metadata } from '@grpc/grpc-js';
import { CheckLibraryRequest, type CheckLibraryResponse, LibraryAdminServiceClient } from '@mien/proto';

/** What `mien library check` asks of a running library. */
export async function checkLibrary(address: string, repair: boolean): Promise<CheckLibraryResponse> {
  const client = new LibraryAdminServiceClient(address, credentials.createInsecure());
  try {
    return await new Promise((resolve, reject) => {
      client.checkLibrary(
        CheckLibraryRequest.fromPartial({ repair }),
        new Metadata(),
        { deadline: Date.now() + 120_000 },
        (error, response) => (error === null ? resolve(response) : reject(error)),
      );
    });
  } finally {
    client.close();
  }
}
