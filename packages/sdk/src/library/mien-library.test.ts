import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { MienError, toServiceError } from '@mien/errors';
import {
  CreatePersonResponse,
  Gender,
  LibraryJobServiceService,
  LibraryServiceService,
  ListGroupsResponse,
  SearchResponse,
  UniquenessControl,
  VerifyPersonResponse,
} from '@mien/proto';
import { MienClient } from '../mien-client';

type Answer = (method: string, request: never) => object;

const PHOTO = Buffer.from('a photo');

describe('MienLibrary', () => {
  const server = new Server();
  const asked: { method: string; request: object }[] = [];
  let client: MienClient;
  let answer: Answer;

  /** Every method of a service, answered by the test. */
  const implementation = (definition: ServiceDefinition): UntypedServiceImplementation => {
    const handlers = Object.keys(definition).map((method) => {
      const handle: handleUnaryCall<never, object> = ({ request }, callback) => {
        asked.push({ method, request });
        try {
          callback(null, answer(method, request));
        } catch (error) {
          callback(error as ServiceError);
        }
      };
      return [method, handle];
    });
    return Object.fromEntries(handlers);
  };

  beforeAll(async () => {
    server.addService(LibraryServiceService, implementation(LibraryServiceService));
    server.addService(LibraryJobServiceService, implementation(LibraryJobServiceService));
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    client = new MienClient(`127.0.0.1:${port}`, { timeoutMs: 5_000 });
  });

  afterAll(() => {
    client.close();
    server.forceShutdown();
  });

  beforeEach(() => {
    asked.length = 0;
  });

  it('fetches a list page by page, as far as it is read', async () => {
    answer = (_, { page }: { page: { cursor: string } }) => {
      const at = Number(page.cursor || '0');
      const groups = [{ id: `g${at}` }, { id: `g${at + 1}` }];
      return ListGroupsResponse.fromPartial({ groups, nextCursor: at < 4 ? String(at + 2) : '' });
    };
    const ids: string[] = [];
    for await (const { id } of client.library.listGroups({ pageSize: 2 })) {
      ids.push(id);
    }
    expect(ids).toEqual(['g0', 'g1', 'g2', 'g3', 'g4', 'g5']);
    expect(asked.map(({ request }) => request)).toEqual([
      { page: { size: 2, cursor: '' } },
      { page: { size: 2, cursor: '2' } },
      { page: { size: 2, cursor: '4' } },
    ]);
    asked.length = 0;
    for await (const { id } of client.library.listGroups()) {
      expect(id).toBe('g0');
      break;
    }
    expect(asked).toHaveLength(1);
  });

  it('enrols from a photo with all that is known', async () => {
    answer = () => CreatePersonResponse.fromPartial({ person: { id: 'p' } });
    const person = { groupId: 'g', id: 'p', name: 'P', gender: Gender.GENDER_FEMALE, fieldValues: ['x'] };
    const uniquenessControl = UniquenessControl.UNIQUENESS_CONTROL_HIGH;
    const { person: enrolled } = await client.library.createPerson(person, PHOTO, {
      uniquenessControl,
      qualityControl: 2,
      detection: { minFaceSize: 60 },
    });
    expect(enrolled?.id).toBe('p');
    expect(asked).toMatchObject([
      {
        method: 'createPerson',
        request: {
          ...person,
          face: { $case: 'image', value: { source: { $case: 'content', value: PHOTO } } },
          uniquenessControl,
          qualityControl: 2,
          detection: { minFaceSize: 60 },
        },
      },
    ]);
  });

  it('searches with a template as it was answered', async () => {
    answer = () => SearchResponse.fromPartial({ searchedFaces: 7 });
    const template = { modelVersion: 'm/1', vector: [0.5, -0.5] };
    const { searchedFaces } = await client.library.search(template, ['a', 'b'], { maxCandidates: 3 });
    expect(searchedFaces).toBe(7);
    expect(asked[0]?.request).toMatchObject({
      groupIds: ['a', 'b'],
      face: { $case: 'template', value: template },
      maxCandidates: 3,
      maxFaces: 0,
      withPersons: false,
    });
  });

  it('asks again for what changes nothing, and never for what does', async () => {
    answer = () => {
      throw { code: status.UNAVAILABLE };
    };
    await expect(client.library.getPerson('p')).rejects.toMatchObject({ reason: 'BUS_UNAVAILABLE' });
    expect(asked).toHaveLength(3);
    asked.length = 0;
    await expect(client.library.deletePerson('p')).rejects.toMatchObject({ reason: 'BUS_UNAVAILABLE' });
    expect(asked).toHaveLength(1);
  });

  it('rejects with the reasons of the library', async () => {
    answer = () => {
      throw toServiceError(new MienError('GROUP_NOT_FOUND', 'no group g'));
    };
    await expect(client.library.deleteGroup('g')).rejects.toMatchObject({ reason: 'GROUP_NOT_FOUND' });
    await expect(client.library.duplicateChecks.start(['g'])).rejects.toMatchObject({
      reason: 'GROUP_NOT_FOUND',
    });
  });

  it('tells a threshold of 0 from none', async () => {
    answer = () => VerifyPersonResponse.fromPartial({ matched: true });
    await client.library.verifyPerson('p', PHOTO, { threshold: 0 });
    await client.library.verifyPerson('p', PHOTO);
    expect(asked.map(({ request }) => (request as { threshold?: number }).threshold)).toEqual([0, undefined]);
  });
});
