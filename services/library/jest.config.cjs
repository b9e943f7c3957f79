/** Opens PGlite, as the people store's own tests do. */
module.exports = { ...require('../../packages/people/jest.config.cjs') };
