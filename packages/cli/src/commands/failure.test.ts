import { MienError } from '@mien/errors';
import { CommandError, describeFailure } from './failure';

describe('failures in words', () => {
  it('begin with the reason, and advise where nobody listens', () => {
    expect(describeFailure(new MienError('NO_FACE', 'no face there'))).toBe('NO_FACE: no face there');
    const details =
      'No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:50051. Resolution note: ';
    expect(describeFailure(new MienError('BUS_UNAVAILABLE', details))).toBe(
      'BUS_UNAVAILABLE: no connection: connect ECONNREFUSED 127.0.0.1:50051\nIs the platform running? `mien up` starts it.',
    );
    expect(describeFailure(new CommandError('two photos are needed'))).toBe('two photos are needed');
  });

  it('name the file that is not there', () => {
    const error = (code: string) => Object.assign(new Error(`${code}: of Node`), { code, path: 'a.jpg' });
    expect(describeFailure(error('ENOENT'))).toBe('a.jpg: there is no such file or folder');
    expect(describeFailure(error('EIO'))).toBe('a.jpg: EIO: of Node');
  });
});
