/** Tests run the TypeScript sources as ES modules; `npm test` sets --experimental-vm-modules. */
export default {
  testEnvironment: 'node',
  // A bound for what hangs; no test takes long, but the machine may be busy.
  testTimeout: 60_000,
  // One worker a core; jest leaves one free, which on two cores halves its speed.
  maxWorkers: '100%',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // Tests of the built product, of real clones and of much at once, and those with real tools, have commands of their own: `npm run test:e2e` and
  // `npm run test:tools`.
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/__tests__/acceptance/',
    '<rootDir>/__tests__/clones/',
    '<rootDir>/__tests__/long/',
    ...(process.env['WF_REAL_TOOLS'] ? [] : ['<rootDir>/__tests__/real-tools/']),
  ],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/', '<rootDir>/examples/'],
  coverageProvider: 'v8',
  coverageDirectory: 'reports',
  coverageReporters: ['lcovonly', 'text-summary'],
  collectCoverageFrom: ['src/**/*.ts', '!src/**/generated/**'],
}
