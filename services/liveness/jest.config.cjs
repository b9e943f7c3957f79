module.exports = {
  ...require('../../jest.preset.cjs'),
  // Looked up in Jest's sandbox, Math costs more than the pixel loops that use it.
  sandboxInjectedGlobals: ['Math'],
};
