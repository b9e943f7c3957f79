import { MienError } from '@mien/errors';
import type { Call } from '../call';
import type { AnyMethod, Methods, UnaryService } from '../methods';
import type { LibraryCalls } from '../ports';

/** Every call of the service as one that the library's process answers. */
export function passedOn<D extends UnaryService>(definition: D, library: LibraryCalls): Methods<D> {
  return eachMethod(
    definition,
    (method) => (request: never, call: Call) => library.call(method, request, call),
  );
}

/** Every call of the service refused, for a gateway that was told of no library. */
export function withoutLibrary<D extends UnaryService>(definition: D): Methods<D> {
  return eachMethod(definition, () => async () => {
    throw new MienError(
      'CONFIGURATION_INVALID',
      'this gateway has no library: MIEN_LIBRARY_ADDRESS is not set',
      {
        metadata: { variable: 'MIEN_LIBRARY_ADDRESS' },
      },
    );
  });
}

function eachMethod<D extends UnaryService>(
  definition: D,
  make: (method: AnyMethod) => (request: never, call: Call) => Promise<unknown>,
): Methods<D> {
  const methods = Object.entries(definition).map(([name, method]) => [name, make(method)]);
  // The entries are those of the definition, one function of the method's own types for each.
  return Object.fromEntries(methods) as Methods<D>;
}
