/** The report formats that can be named with `format:`, by what they hold. Every one has a reader in `evidence/readers/`. */
export const formatsByKind = {
  tests: ['junit', 'tap'],
  coverage: ['lcov', 'cobertura'],
  findings: ['sarif', 'eslint-json', 'tsc', 'ruff-json', 'pyright-json'],
  security: ['npm-audit', 'gitleaks-json'],
  benchmarks: [],
} as const

export type Format = (typeof formatsByKind)[keyof typeof formatsByKind][number]
export const formats: readonly Format[] = Object.values(formatsByKind).flat()
