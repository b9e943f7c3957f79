import { credentials, Metadata } from '@grpc/grpc-js';
import { fromServiceError } from '@mien/errors';
import { CheckLibraryRequest, type CheckLibraryResponse, LibraryAdminServiceClient } from '@mien/proto';
import { tlsChannelOptions, tlsCredentials } from '@mien/sdk';
import { type Command, Option } from 'commander';
import { checkReport, isSound } from '../../output/check-report';
import { answersByExitCode } from '../exit-code';
import { type TlsFlags, tlsOf, withTls } from '../tls';

interface CheckOptions extends TlsFlags {
  readonly libraryAddress: string;
  readonly timeoutSeconds: number;
  readonly repair?: true;
  readonly rewriteIndex?: true;
  readonly json?: true;
}

/** `mien library check`: for operators, asks the library's own port. */
export function addLibraryCheck(program: Command): void {
  const command = program
    .command('library')
    .description('care for the library, for operators')
    .command('check')
    .description('compare database, vector index and object store of a running library')
    .addOption(
      new Option('--library-address <host:port>', "gRPC address of the library's own process")
        .env('MIEN_LIBRARY_ADDRESS')
        .makeOptionMandatory(),
    )
    .option('--repair', 'put right what can be: the database is the truth')
    .addOption(
      new Option('--rewrite-index', 'write every template to the index anew; repairs the rest, too').implies({
        repair: true,
      }),
    )
    .addOption(
      new Option('--timeout-seconds <n>', 'how long to wait for an answer').argParser(Number).default(3600),
    )
    .option('--json', 'print one line of JSON')
    .addHelpText(
      'after',
      '\nLeaves with 0 when the library is sound, with 1 when there is damage that stays, with 2 when it could not tell.',
    );
  answersByExitCode(withTls(command), check);
}

async function check(options: CheckOptions): Promise<boolean> {
  const response = await ask(options);
  console.log(options.json ? JSON.stringify(response) : checkReport(response));
  return isSound(response);
}

async function ask(options: CheckOptions): Promise<CheckLibraryResponse> {
  const { libraryAddress, timeoutSeconds, repair = false, rewriteIndex = false } = options;
  const { tls } = tlsOf(options);
  const client = new LibraryAdminServiceClient(
    libraryAddress,
    tls === undefined ? credentials.createInsecure() : tlsCredentials(tls),
    tlsChannelOptions(tls ?? {}),
  );
  const deadline = Date.now() + timeoutSeconds * 1000;
  try {
    return await new Promise((resolve, reject) => {
      client.checkLibrary(
        CheckLibraryRequest.fromPartial({ repair, rewriteIndex }),
        new Metadata(),
        { deadline },
        (error, response) => (error === null ? resolve(response) : reject(fromServiceError(error))),
      );
    });
  } finally {
    client.close();
  }
}
