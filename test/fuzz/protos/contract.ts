import { readFileSync } from 'node:fs';
import { createFileRegistry, type DescMethod, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSetPath } from '@mien/proto';

const PACKAGE = 'mien.v1';

/** Every method of the public contract, as the .proto files state them. */
export function publicMethods(): DescMethod[] {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptorSetPath)));
  return [...registry]
    .filter((type) => type.kind === 'service')
    .filter((service) => service.file.proto.package === PACKAGE)
    .flatMap((service) => service.methods);
}
