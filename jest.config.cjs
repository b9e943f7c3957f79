/** One run over every package that has tests. */
module.exports = {
  projects: ['<rootDir>/models', '<rootDir>/packages/*', '<rootDir>/services/*', '<rootDir>/test'],
};
