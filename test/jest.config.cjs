module.exports = {
  ...require('../jest.preset.cjs'),
  roots: [
    '<rootDir>/e2e',
    '<rootDir>/bench',
    '<rootDir>/chart',
    '<rootDir>/dependencies',
    '<rootDir>/fuzz',
    '<rootDir>/tencent',
    '<rootDir>/access',
    '<rootDir>/signals',
    '<rootDir>/operations',
    '<rootDir>/compatibility',
  ],
};
