import type { Evidence, TestCase } from '../../src/evidence/evidence.js'
import { keyOf } from '../../src/evidence/attempts.js'
import type { EarlierRun, Outcome } from '../../src/journal/outcome.js'
import { against, entry } from '../gates/scene.js'
import { finding, findingsEvidence, instance, outcome, stage, step, testsEvidence } from './outcomes.js'

const main = 'b1d70d2f9c5b5ac1e0f2f6d0a1f0f8f1d2c3b4a5'
const baseline = 'c0ffee5f9c5b5ac1e0f2f6d0a1f0f8f1d2c3b4a5'

const unused = (line: number, file = 'src/cart.js') =>
  finding({
    category: 'lint',
    rule: 'no-unused-vars',
    message: `'sum${line}' is never used.`,
    file,
    line,
    tool: 'eslint',
  })

const named = (name: string, more: Partial<TestCase> = {}): TestCase => ({
  name,
  classname: 'cart',
  file: 'test/cart.test.js',
  line: 3,
  status: 'passed',
  duration_s: 0.02,
  ...more,
})

const covered = (path: string, hits: Record<number, number>) => {
  const all = Object.values(hits)
  return {
    path,
    lines_valid: all.length,
    lines_covered: all.filter((one) => one > 0).length,
    branches_valid: 0,
    branches_covered: 0,
    lines: hits,
  }
}

const coverageOf = (files: ReturnType<typeof covered>[]): Evidence => ({
  kind: 'coverage',
  lines_valid: files.reduce((sum, one) => sum + one.lines_valid, 0),
  lines_covered: files.reduce((sum, one) => sum + one.lines_covered, 0),
  branches_valid: 0,
  branches_covered: 0,
  files,
})

/** Lines 1 to `n`, all reached but those that are named. */
const hits = (n: number, ...missed: number[]): Record<number, number> =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [i + 1, missed.includes(i + 1) ? 0 : 2]))

const cases = [
  named('adds an article'),
  named('empties the cart'),
  named('pays at once', { duration_s: 2.5 }),
  named('pays with a voucher', { flaky: true, line: 7 }),
  named('mails the bill', { status: 'failed', message: 'no mail server', line: 19 }),
]

const remarks = [
  unused(4),
  unused(31, 'src/price.js'),
  unused(40, 'src/price.js'),
  unused(52, 'src/price.js'),
  finding({
    category: 'lint',
    rule: 'eqeqeq',
    severity: 'warning',
    message: "Expected '==='.",
    file: 'src/old.js',
    line: 9,
  }),
]

const lastRuns = [
  [70, 71],
  [72, 76],
  [70, 80],
  [75, 80],
  [76, 88],
  [81, 90],
] as const

/** The baseline and runs before it, the newest first. */
const earlier: EarlierRun[] = lastRuns
  .map(([lines, valid], i) => ({
    sha: `${i}`.repeat(40),
    stages: [
      { stage: 'test', duration_ms: 4000 + 300 * i, tests: 3 + (i >> 1), lines: [lines, valid] as [number, number] },
      { stage: 'quality', duration_ms: 2000, findings: { lint: 4, types: 0 } },
    ],
  }))
  .toReversed()

/** A change judged against a base two commits away: a test fails, a finding is new, others are known, fixed or let off. */
export function comparedShop(more: Partial<Outcome> = {}): Outcome {
  const known = remarks.slice(1, 4).map(({ fingerprint }) => fingerprint)
  const [first, ...rest] = cases
  const keys = [...(first ? [first] : []), ...rest.slice(1), named('was there')].map(keyOf)
  const before = entry({
    tests: {
      tests: 4,
      passed: 4,
      failed: 0,
      skipped: 0,
      duration_s: 3,
      flaky: [],
      skipped_keys: [],
      slowest: [],
      keys,
    },
    coverage: { lines: [81, 90], branches: [0, 0], files: {} },
  })
  before.stages['quality'] = { duration_ms: 2000, findings: { lint: [...known, 'gone'], types: [] } }
  const change = [
    { path: 'src/cart.js', lines: [4, 5, 6, 7, 20] },
    { path: 'src/bill.js', lines: [1, 2, 3, 9, 10] },
  ]
  const evidence = [
    {
      stage: 'test',
      evidence: [
        testsEvidence(4, cases),
        coverageOf([covered('src/cart.js', hits(50, 20)), covered('src/bill.js', hits(50, 2, 3, 9, 30, 31, 32))]),
      ],
    },
    { stage: 'quality', evidence: [findingsEvidence(remarks)] },
  ]
  const stages = [
    stage('test', [instance('test', [step('test/unit', { status: 'judged', duration_ms: 5200 })], 'judged')]),
    stage('quality', [instance('quality', [step('quality/lint', { status: 'judged' })], 'judged')], {
      status: 'failure',
      reason: 'gates not met: lint',
    }),
  ]
  const gates = {
    test: {
      tests: {
        slow: '1s',
        quarantine: [{ test: 'cart › mails the bill', until: '2027-03-01', reason: 'the mail server moves' }],
      },
      coverage: { lines: '80%', patch: { default: '50%', production: '90%' } },
    },
    quality: { lint: { issues: 0 } },
  }
  const made = outcome(stages, evidence, gates, {
    around: {
      against: against({ base: before, change }),
      event: 'pull_request',
      waivers: [
        {
          gate: 'lint',
          rule: 'eqeqeq',
          path: 'src/old.js',
          reason: 'goes with #7 | soon',
          until: '2027-02-01',
          owner: '@octo/shop',
        },
      ],
    },
    compared: {
      base: { sha: main, name: 'main' },
      baseline: { sha: baseline, distance: 2 },
      change: {
        files: 2,
        lines: 10,
        added: [
          {
            path: 'src/cart.js',
            ranges: [
              [4, 7],
              [20, 20],
            ],
          },
          {
            path: 'src/bill.js',
            ranges: [
              [1, 3],
              [9, 10],
            ],
          },
        ],
      },
      earlier,
    },
    ...more,
  })
  return { ...made, context: { ...made.context, event: 'pull_request', dirty: false } }
}
