/** One run over every package that has tests. */
module.exports = {
  // Jest takes this from the root only. Models and servers take their time where other work goes on beside them.
  testTimeout: 180_000,
  projects: ['<rootDir>/models', '<rootDir>/packages/*', '<rootDir>/services/*', '<rootDir>/test'],
};
