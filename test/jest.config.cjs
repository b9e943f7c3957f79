module.exports = {
  ...require('../jest.preset.cjs'),
  roots: [
    '<rootDir>/e2e',
    '<rootDir>/bench',
    '<rootDir>/dependencies',
    '<rootDir>/fuzz',
    '<rootDir>/tencent',
    '<rootDir>/access',
  ],
};
