import unit from './jest.config.js'

/** Tests of the built product, and of real clones: `npm run test:e2e`. */
export default {
  ...unit,
  testMatch: ['<rootDir>/__tests__/{acceptance,clones}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
}
