import { type handleUnaryCall, status } from '@grpc/grpc-js';
import { type LibraryServiceServer, LibraryServiceService } from '@mien/proto';
import { type CallContext, type GrpcService, type RpcMetrics, unary } from '@mien/service';
import { withContractNames } from '../argument-names';
import type { Library } from '../library';
import { GroupCalls } from './group-calls';
import { PersonCalls } from './person-calls';

const NAME = 'mien.v1.LibraryService';

/**
 * mien.v1.LibraryService as far as it needs no photo. Photos go down the line, which the gateway sends them: it
 * passes on to here what it does not send there.
 */
export function libraryService(library: Library, metrics: RpcMetrics): GrpcService {
  const { logger } = library;
  const groups = new GroupCalls(library);
  const persons = new PersonCalls(library);
  const call = <Request, Response>(rpc: string, answer: (request: Request) => Promise<Response>) =>
    unary({ method: `${NAME}/${rpc}`, metrics, logger }, (request: Request, { signal }: CallContext) => {
      signal.throwIfAborted();
      return withContractNames(() => answer(request));
    });
  const implementation: LibraryServiceServer = {
    createGroup: call('CreateGroup', groups.createGroup),
    getGroup: call('GetGroup', groups.getGroup),
    listGroups: call('ListGroups', groups.listGroups),
    updateGroup: call('UpdateGroup', groups.updateGroup),
    deleteGroup: call('DeleteGroup', groups.deleteGroup),
    getPerson: call('GetPerson', persons.getPerson),
    listPersons: call('ListPersons', persons.listPersons),
    updatePerson: call('UpdatePerson', persons.updatePerson),
    deletePerson: call('DeletePerson', persons.deletePerson),
    addPersonToGroups: call('AddPersonToGroups', persons.addPersonToGroups),
    removePersonFromGroup: call('RemovePersonFromGroup', persons.removePersonFromGroup),
    updateMembership: call('UpdateMembership', persons.updateMembership),
    deleteFaces: call('DeleteFaces', persons.deleteFaces),
    createPerson: answeredByGateway,
    addFaces: answeredByGateway,
    verifyPerson: answeredByGateway,
    search: answeredByGateway,
  };
  return { name: NAME, definition: LibraryServiceService, implementation };
}

const answeredByGateway: handleUnaryCall<unknown, never> = (_, callback) => {
  callback({
    code: status.UNIMPLEMENTED,
    details: 'the gateway answers this: a photo goes down the line first',
  });
};
