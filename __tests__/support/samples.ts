/** Small reports of tools, for tests that are about something else. */

/** JUnit XML with one test case for each name and outcome. */
export const junit = (cases: Readonly<Record<string, 'passed' | 'failed' | 'skipped'>>, suite = 'suite'): string => {
  const inner = { passed: '', failed: '<failure message="no">no</failure>', skipped: '<skipped/>' }
  const all = Object.entries(cases).map(
    ([name, outcome]) => `<testcase classname="c" name="${name}" time="0.1">${inner[outcome]}</testcase>`,
  )
  return `<testsuites><testsuite name="${suite}" tests="${all.length}">${all.join('')}</testsuite></testsuites>`
}

/** ESLint's JSON with so many errors in one file. */
export const eslint = (errors: number, file = 'src/a.js'): string =>
  JSON.stringify([
    {
      filePath: `/repo/${file}`,
      messages: Array.from({ length: errors }, (_, i) => ({
        ruleId: 'no-eval',
        severity: 2,
        message: `no eval ${i}`,
        line: i + 1,
        column: 1,
      })),
      errorCount: errors,
      warningCount: 0,
    },
  ])

/** LCOV of one file with so many of ten lines covered. */
export const lcov = (covered: number, file = 'src/a.js'): string =>
  [
    'TN:',
    `SF:${file}`,
    ...Array.from({ length: 10 }, (_, i) => `DA:${i + 1},${i < covered ? 1 : 0}`),
    'LF:10',
    `LH:${covered}`,
    'end_of_record',
    '',
  ].join('\n')

/** Gitleaks' JSON with so many secrets. */
export const gitleaks = (found: number): string =>
  JSON.stringify(
    Array.from({ length: found }, (_, i) => ({
      RuleID: 'generic-api-key',
      Description: 'A key',
      File: 'src/a.js',
      StartLine: i + 1,
      EndLine: i + 1,
      StartColumn: 1,
      EndColumn: 9,
      Match: 'key=REDACTED',
      Secret: 'REDACTED',
      Fingerprint: `src/a.js:generic-api-key:${i + 1}`,
    })),
  )
