/**
 * PGlite loads its parts with import(), which Jest's sandbox does not allow without a flag of Node's: SWC makes
 * require() of it.
 */
const pglite = {
  '/pglite/dist/.*\\.cjs$': [
    '@swc/jest',
    {
      jsc: { parser: { syntax: 'ecmascript' }, target: 'es2022' },
      module: { type: 'commonjs' },
      sourceMaps: false,
    },
  ],
};

/** Jest settings shared by every package: TypeScript through SWC, tests beside their source. */
module.exports = {
  testEnvironment: require.resolve('./jest.environment.cjs'),
  roots: ['<rootDir>/src'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
    ...pglite,
  },
  transformIgnorePatterns: ['/node_modules/(?!.*@electric-sql/pglite/dist/)'],
  // Looked up in Jest's sandbox, Math costs more than the pixel loops that use it.
  sandboxInjectedGlobals: ['Math'],
  testTimeout: 180_000,
};
