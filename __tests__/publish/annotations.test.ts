import { describe, expect, test } from '@jest/globals'
import type { Finding, TestCase } from '../../src/evidence/evidence.js'
import type { GatesFile } from '../../src/language/gates.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { annotationLimit, annotationsOf } from '../../src/publish/annotations.js'
import { hostile } from './hostile.js'
import { failingShop, finding, findingsEvidence, instance, outcome, stage, step, testsEvidence } from './outcomes.js'

const failing = (more: Partial<TestCase> = {}): TestCase => ({
  name: 'adds',
  classname: 'cart',
  file: 'test/cart.test.js',
  line: 3,
  status: 'failed',
  message: 'wrong',
  ...more,
})

const judged = (cases: TestCase[], findings: Finding[], gates: GatesFile): Outcome =>
  outcome(
    [stage('s', [instance('s', [step('s/a')])])],
    [{ stage: 's', evidence: [testsEvidence(5, cases), findingsEvidence(findings)] }],
    {
      s: gates,
    },
  )
const ofTests = (...cases: TestCase[]) => annotationsOf(judged(cases, [], {})).annotations
const ofLint = (...findings: Partial<Finding>[]) =>
  annotationsOf(
    judged(
      [],
      findings.map((more) => finding({ category: 'lint', file: 'src/a.js', line: 1, ...more })),
      { lint: {} },
    ),
  ).annotations

describe('what stands below the lines of a file', () => {
  test('failing tests with their trace, and findings, the worst first and then by place', () => {
    const { annotations, left } = annotationsOf(failingShop())
    expect(left).toBe(0)
    expect(annotations.map(({ level, path, start_line, title }) => [level, `${path}:${start_line}`, title])).toEqual([
      ['failure', 'src/cart.js:7', 'no-unused-vars (eslint)'],
      ['failure', 'src/config.js:3', 'generic-api-key (gitleaks)'],
      ['failure', 'src/price.ts:31', 'TS2345 (tsc)'],
      ['failure', 'test/cart.test.js:41', 'cart › adds the same article twice'],
      ['failure', 'test/price.test.js:12', 'price › rounds half a cent up'],
      ['warning', 'src/price.js:22', 'eqeqeq (eslint)'],
    ])
    const [, , , first] = annotations
    expect(first?.message).toBe('Expected values to be strictly equal:\n1 !== 2')
    expect(first?.details).toContain('at TestContext.<anonymous> (test/cart.test.js:44:10)')
  })

  test('only where a line of a file in the repository is known', () => {
    const { file: _, ...nowhere } = failing()
    const { line: __, ...somewhere } = failing()
    const unreal = [0, -1, 1.5, 2 ** 40].map((line) => failing({ line }))
    for (const one of [nowhere, somewhere, ...unreal]) expect(ofTests(one)).toEqual([])
    for (const file of ['/etc/passwd', '../x.js', 'https://e.example/x', 'C:\\x', '', 'a\u202Eb.js', 'a\nb.js'])
      expect(ofTests(failing({ file }))).toEqual([])
    expect(ofTests(failing({ file: './src\\a.js' })).map(({ path }) => path)).toEqual(['src/a.js'])
    const run = judged([failing(), failing({ file: 'built/x.js' })], [], {})
    expect(annotationsOf(run, (path) => path.startsWith('test/')).annotations).toHaveLength(1)
  })

  test('columns only where it begins and ends on one line', () => {
    const [one] = ofLint({ line: 4, column: 2, end_line: 4, end_column: 9 })
    expect(one).toMatchObject({ start_line: 4, end_line: 4, start_column: 2, end_column: 9 })
    const [several] = ofLint({ line: 4, column: 2, end_line: 6, end_column: 1 })
    expect(several).toMatchObject({ start_line: 4, end_line: 6 })
    expect(several).not.toHaveProperty('start_column')
    const [backwards] = ofLint({ line: 4, column: 5, end_line: 2, end_column: 1 })
    expect(backwards).toMatchObject({ start_line: 4, end_line: 4, start_column: 5 })
    expect(backwards).not.toHaveProperty('end_column')
    expect(ofLint({ line: 4, end_column: 9 })[0]).not.toHaveProperty('end_column')
  })

  test('each once', () => {
    expect(ofLint({ message: 'x' }, { message: 'x', column: 9 }, { message: 'y' })).toHaveLength(2)
  })

  test('at most so many, the worst ones, and how many are left out', () => {
    const many = Array.from({ length: 10_000 }, (_, i) =>
      finding({ category: 'lint', file: 'src/a.js', line: i + 1, severity: i === 9000 ? 'error' : 'note' }),
    )
    const { annotations, left } = annotationsOf(judged([failing()], many, { lint: {} }))
    expect(annotations).toHaveLength(annotationLimit)
    expect(left).toBe(10_001 - annotationLimit)
    expect(annotations.slice(0, 3).map(({ level }) => level)).toEqual(['failure', 'failure', 'notice'])
  })
})

describe('the level of an annotation', () => {
  test('follows how severe the finding is', () => {
    const severities = ['critical', 'high', 'error', 'unknown', 'medium', 'warning', 'low', 'note'] as const
    expect(severities.map((severity) => ofLint({ severity })[0]?.level)).toEqual([
      'failure',
      'failure',
      'failure',
      'failure',
      'warning',
      'warning',
      'notice',
      'notice',
    ])
  })

  test('is no failure where the gate lets it pass', () => {
    const lint = finding({ category: 'lint', file: 'src/a.js', line: 1 })
    const run = judged([failing()], [lint], { tests: { 'pass-rate': '10%' }, lint: { issues: 5 } })
    expect(annotationsOf(run).annotations.map(({ level }) => level)).toEqual(['warning', 'warning'])
  })

  test('does not matter for findings that no gate judges: they are not told', () => {
    const lint = finding({ category: 'lint', file: 'src/a.js', line: 1 })
    expect(annotationsOf(judged([failing()], [lint], {})).annotations).toHaveLength(1)
  })
})

describe('texts of strangers', () => {
  test('are cleaned, never empty, and no longer than GitHub takes', () => {
    const cases = [...hostile, 'é'.repeat(100_000)].map((text, i) =>
      failing({ name: text, classname: text, message: text, details: text, line: i + 1 }),
    )
    const annotations = ofTests(...cases)
    expect(annotations).toHaveLength(cases.length)
    for (const { title, message, details = 'none' } of annotations) {
      expect(title.length).toBeLessThanOrEqual(255)
      expect(title).not.toContain('\n')
      expect(message.length).toBeLessThanOrEqual(4096)
      expect(Buffer.byteLength(details)).toBeLessThanOrEqual(64 * 1024)
      for (const text of [title, message, details]) {
        expect(text).not.toBe('')
        expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFEFF]|<!--|-->/)
      }
    }
  })
})
