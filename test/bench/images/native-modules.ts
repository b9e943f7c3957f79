import { Container } from './container';
import type { Engine } from './engine';

const PROGRAM = `
const { basename } = require('node:path');
const { readdirSync } = require('node:fs');
const files = readdirSync('/app', { recursive: true }).filter((file) => file.endsWith('.node'));
files.forEach((file) => require('/app/' + file));
console.log(process.version, process.arch, 'loads', files.map((file) => basename(file)).join(', ') || 'no native module');
`;

/** Has an image's Node.js load every native module that is in the image; what it is and they are. Throws if one fails. */
export function nativeModulesOf(engine: Engine, image: string): Promise<string> {
  const command = ['-e', PROGRAM];
  return Container.run(engine, { name: 'mien-native-modules', image, env: {}, mounts: [], command });
}
