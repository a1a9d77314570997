import unit from './jest.config.js'

/** Tests of the built product: `npm run test:e2e`. */
export default {
  ...unit,
  testMatch: ['<rootDir>/__tests__/acceptance/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
}
