/** The report formats that can be named with `format:`; the readers' table is typed by it, so none is missing. */
export const formats = [
  'junit',
  'tap',
  'lcov',
  'cobertura',
  'sarif',
  'eslint-json',
  'tsc',
  'ruff-json',
  'pyright-json',
  'npm-audit',
  'gitleaks-json',
] as const
export type Format = (typeof formats)[number]
