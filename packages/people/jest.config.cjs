const preset = require('../../jest.preset.cjs');

/**
 * PGlite loads its parts with import(), which Jest's sandbox does not allow without a flag of Node's: SWC makes
 * require() of it.
 */
module.exports = {
  ...preset,
  transform: {
    ...preset.transform,
    '/pglite/dist/.*\\.cjs$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'ecmascript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: false,
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!.*@electric-sql/pglite/dist/)'],
};
