import unit from './jest.config.js'

/** Tests of the built product, of real clones, and of much at once: `npm run test:e2e`. */
export default {
  ...unit,
  testMatch: ['<rootDir>/__tests__/{acceptance,clones,long}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
}
