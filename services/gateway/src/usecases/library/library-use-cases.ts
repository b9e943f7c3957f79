import { LibraryJobServiceService, LibraryServiceService } from '@mien/proto';
import type { Methods } from '../methods';
import type { LibraryCalls, LibraryDependencies } from '../ports';
import { addFaces } from './add-faces';
import { createPerson } from './create-person';
import { passedOn } from './passed-on';
import { search } from './search';
import { verifyPerson } from './verify-person';

/** mien.v1.LibraryService without a transport. */
export type LibraryUseCases = Methods<typeof LibraryServiceService>;

/** mien.v1.LibraryJobService without a transport. */
export type LibraryJobUseCases = Methods<typeof LibraryJobServiceService>;

/** Calls with a photo or a template go down the line; all others to the library's process. */
export function libraryUseCases(deps: LibraryDependencies): LibraryUseCases {
  return {
    ...passedOn(LibraryServiceService, deps.library),
    createPerson: (request, call) => createPerson(request, call, deps),
    addFaces: (request, call) => addFaces(request, call, deps),
    verifyPerson: (request, call) => verifyPerson(request, call, deps),
    search: (request, call) => search(request, call, deps),
  };
}

export function libraryJobUseCases(library: LibraryCalls): LibraryJobUseCases {
  return passedOn(LibraryJobServiceService, library);
}
