import { publicMethods } from '../fuzz/protos/contract';

/** Full names of all public methods, such as mien.v1.FaceService/Detect. */
export function publicMethodNames(): string[] {
  return publicMethods().map(({ parent, name }) => `${parent.typeName}/${name}`);
}
