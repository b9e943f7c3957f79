import { readFileSync } from 'node:fs';
import {
  createFileRegistry,
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescService,
  type FileRegistry,
  fromBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { MienError } from '@mien/errors';
import { descriptorSetPath } from '@mien/proto';

/** Field numbers of google/protobuf/descriptor.proto, of which the paths of comments are made. */
const FILE_MESSAGES = 4;
const FILE_ENUMS = 5;
const FILE_SERVICES = 6;
const MESSAGE_FIELDS = 2;
const ENUM_VALUES = 2;
const SERVICE_METHODS = 2;

/** The contract as the .proto files state it, comments included. Knows top-level messages and enums only. */
export class Contract {
  private constructor(readonly registry: FileRegistry) {}

  /** Reads the descriptors that @mien/proto was built with. */
  static load(): Contract {
    const set = fromBinary(FileDescriptorSetSchema, readFileSync(descriptorSetPath));
    return new Contract(createFileRegistry(set));
  }

  message(fullName: string): DescMessage {
    return found(this.registry.getMessage(fullName), fullName);
  }

  service(fullName: string): DescService {
    return found(this.registry.getService(fullName), fullName);
  }

  messageComment(message: DescMessage): string {
    return comment(message.file, [FILE_MESSAGES, message.file.messages.indexOf(message)]);
  }

  fieldComment(field: DescField): string {
    const { file, fields } = field.parent;
    const index = [file.messages.indexOf(field.parent), MESSAGE_FIELDS, fields.indexOf(field)];
    return comment(file, [FILE_MESSAGES, ...index]);
  }

  /** The enum's comment and a line for each value that has one. */
  enumComment(enumeration: DescEnum): string {
    const path = [FILE_ENUMS, enumeration.file.enums.indexOf(enumeration)];
    const values = enumeration.values.flatMap((value, index) => {
      const text = comment(enumeration.file, [...path, ENUM_VALUES, index]);
      return text === '' ? [] : [`- \`${value.name}\`: ${text}`];
    });
    return [comment(enumeration.file, path), values.join('\n')].filter((part) => part !== '').join('\n\n');
  }

  methodComment(method: DescMethod): string {
    const { file, methods } = method.parent;
    const service = file.services.indexOf(method.parent);
    return comment(file, [FILE_SERVICES, service, SERVICE_METHODS, methods.indexOf(method)]);
  }

  serviceComment(service: DescService): string {
    return comment(service.file, [FILE_SERVICES, service.file.services.indexOf(service)]);
  }
}

function comment(file: DescMessage['file'], path: readonly number[]): string {
  const wanted = path.join('.');
  const location = file.proto.sourceCodeInfo?.location.find(
    (candidate) => candidate.path.join('.') === wanted,
  );
  return (location?.leadingComments ?? '').replace(/\s*\n\s*/g, ' ').trim();
}

function found<T>(thing: T | undefined, name: string): T {
  if (thing === undefined) {
    throw new MienError('INTERNAL', `the contract has no ${name}`);
  }
  return thing;
}
