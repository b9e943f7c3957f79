const { TestEnvironment } = require('jest-environment-node');

/** Typed arrays that native add-ons (onnxruntime-node, sharp) check by identity. */
const SHARED = [
  'Float32Array',
  'Float64Array',
  'Uint8Array',
  'Uint16Array',
  'Int32Array',
  'BigInt64Array',
  'ArrayBuffer',
];

/**
 * Node, with the host's typed arrays: Jest runs tests in a context of their own, whose Float32Array is not the one
 * that onnxruntime-node was loaded with, and it refuses the other.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of SHARED) this.global[name] = globalThis[name];
  }
};
