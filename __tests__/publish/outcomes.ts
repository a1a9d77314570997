import type { Evidence, Finding, TestCase } from '../../src/evidence/evidence.js'
import { briefEvidence } from '../../src/evidence/brief.js'
import { judgeStage } from '../../src/gates/judge.js'
import type { Judging } from '../../src/gates/judge.js'
import { nothingKnown } from '../../src/history/comparison.js'
import { conclude } from '../../src/journal/conclude.js'
import { withMarks } from '../../src/journal/marked.js'
import type { InstanceOutcome, Outcome, StageOutcome, Status, StepOutcome } from '../../src/journal/outcome.js'
import type { GatesFile } from '../../src/language/gates.js'
import { readGates } from '../../src/workflow/gates.js'
import { scene } from '../gates/scene.js'

const sha = '4f0c2d9b7a61e3580c94d2ffb1a7c6e85d90b312'

/** A step that ended, with what differs from a plain success. */
export function step(address: string, more: Partial<StepOutcome> = {}): StepOutcome {
  const status = more.status ?? 'success'
  return {
    address,
    id: address.split('/')[1] ?? address,
    kind: 'run',
    status,
    conclusion: status === 'judged' ? 'judged' : status,
    duration_ms: 1200,
    attempts: status === 'skipped' ? 0 : 1,
    reports: [],
    warnings: [],
    tail: [],
    log: `logs/${address}.1.log`,
    ...more,
  }
}

export const instance = (address: string, steps: StepOutcome[], status: Status = 'success'): InstanceOutcome => ({
  address,
  matrix: address.includes('node=') ? { node: address.includes('20') ? 20 : 24 } : {},
  status,
  duration_ms: steps.reduce((sum, { duration_ms }) => sum + duration_ms, 0),
  steps,
})

export const stage = (id: string, instances: InstanceOutcome[], more: Partial<StageOutcome> = {}): StageOutcome => ({
  id,
  milestone: instances.length === 0,
  status: 'success',
  duration_ms: instances.reduce((sum, { duration_ms }) => sum + duration_ms, 0),
  instances,
  ...more,
})

export const finding = (more: Partial<Finding> & Pick<Finding, 'category'>): Finding => ({
  rule: 'rule',
  severity: 'error',
  message: 'message',
  fingerprint: `${more.rule ?? 'rule'}-${more.file ?? ''}-${more.line ?? 0}`.padEnd(16, '0'),
  ...more,
})

export const findingsEvidence = (findings: Finding[]): Evidence => {
  const by_severity: Partial<Record<Finding['severity'], number>> = {}
  for (const { severity } of findings) by_severity[severity] = (by_severity[severity] ?? 0) + 1
  const categories = [...new Set(findings.map(({ category }) => category))]
  return { kind: 'findings', categories, findings, findings_omitted: 0, by_severity, suppressed: 0 }
}

export const testsEvidence = (passed: number, cases: TestCase[]): Evidence => ({
  kind: 'tests',
  tests: passed + cases.filter((c) => c.status !== 'passed').length,
  passed,
  failed: cases.filter((c) => c.status === 'failed').length,
  errors: cases.filter((c) => c.status === 'error').length,
  skipped: cases.filter((c) => c.status === 'skipped').length,
  flaky: cases.filter((c) => c.flaky).length,
  duration_s: 1.5,
  suites: 2,
  cases,
  cases_omitted: passed - cases.filter((c) => c.status === 'passed').length,
})

/** Evidence and gates by stage become a whole outcome, judged by the real gates. */
export function outcome(
  stages: StageOutcome[],
  evidence: Outcome['evidence'],
  gates: Record<string, GatesFile>,
  { around = {}, ...more }: Partial<Outcome> & { around?: Partial<Judging> } = {},
): Outcome {
  const target = more.target ?? 'review'
  const judged = stages.map(({ id }) => ({
    id,
    ...judgeStage({
      ...scene({ target, stages: [id] }),
      address: id,
      settings: readGates(gates[id]),
      instances: evidence.filter((one) => one.stage === id).map((one) => ({ address: id, evidence: one.evidence })),
      targets: new Set(['review', 'staging', 'production']),
      stages: [id],
      against: nothingKnown('no base is known'),
      ...around,
    }),
  }))
  const verdicts = judged.flatMap((one) => one.verdicts)
  return {
    version: 1,
    run: {
      id: '20261120-101500-3fa9',
      started: '2026-11-20T10:15:00.000Z',
      finished: '2026-11-20T10:15:14.300Z',
      duration_ms: 14_300,
    },
    workflow: { name: 'shop', path: '.github/wf.yml' },
    target,
    context: {
      event: 'local',
      sha,
      base: 'b1d70d2f9c5b5ac1e0f2f6d0a1f0f8f1d2c3b4a5',
      ref: 'refs/heads/feature',
      actor: null,
      repository: 'octo/shop',
      pull_request: null,
      dirty: true,
    },
    ...conclude({ stages, verdicts, cancelled: false, target: 'review' }),
    stages,
    verdicts,
    evidence: evidence.map(({ stage, evidence: list }) => {
      const marks = judged.find(({ id }) => id === stage)?.marks ?? {}
      return { stage, evidence: list.map((one) => withMarks(briefEvidence(one), marks)) }
    }),
    not_judged: judged.flatMap(({ id, notJudged }) => (notJudged.length > 0 ? [{ stage: id, what: notJudged }] : [])),
    fixed: [],
    notes: [],
    rules: { of: 'own', sha, name: null, changes: [] },
    published: [],
    ...more,
  }
}

const shopGates: Record<string, GatesFile> = {
  test: {
    tests: { 'pass-rate': '100%' },
    coverage: { lines: { default: '50%', staging: '70%', production: '80%' } },
  },
  quality: { lint: { issues: 0 }, types: { errors: 0 }, secrets: { any: 0 }, vulnerabilities: {} },
}

const coverage = (covered: number, files: [path: string, covered: number, valid: number][]): Evidence => ({
  kind: 'coverage',
  lines_covered: covered,
  lines_valid: 190,
  branches_covered: 21,
  branches_valid: 40,
  files: files.map(([path, lines_covered, lines_valid]) => ({
    path,
    lines_covered,
    lines_valid,
    branches_covered: 0,
    branches_valid: 0,
  })),
})

/** A run in which something of every kind is wrong. */
export function failingShop(): Outcome {
  const cases: TestCase[] = [
    {
      name: 'adds the same article twice',
      classname: 'cart',
      file: 'test/cart.test.js',
      line: 41,
      status: 'failed',
      message: 'Expected values to be strictly equal:\n\n1 !== 2\n',
      details:
        'AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n1 !== 2\n\n' +
        '    at TestContext.<anonymous> (test/cart.test.js:44:10)\n    at Test.runInAsyncScope (node:async_hooks:206:9)',
    },
    {
      name: 'rounds half a cent up',
      classname: 'price',
      file: 'test/price.test.js',
      line: 12,
      status: 'error',
      message: "TypeError: Cannot read properties of undefined (reading 'cents')",
    },
    {
      name: 'pays with a voucher',
      file: 'test/checkout.test.js',
      line: 7,
      status: 'passed',
      flaky: true,
      duration_s: 2.4,
    },
    { name: 'ships abroad', file: 'test/checkout.test.js', line: 30, status: 'skipped', message: 'not yet' },
  ]
  const remarks: Finding[] = [
    finding({
      category: 'lint',
      rule: 'no-unused-vars',
      message: "'total' is assigned a value but never used.",
      file: 'src/cart.js',
      line: 7,
      column: 9,
      url: 'https://eslint.org/docs/latest/rules/no-unused-vars',
      tool: 'eslint',
    }),
    finding({
      category: 'lint',
      rule: 'eqeqeq',
      severity: 'warning',
      message: "Expected '===' and instead saw '=='.",
      file: 'src/price.js',
      line: 22,
      column: 15,
      tool: 'eslint',
    }),
    finding({
      category: 'types',
      rule: 'TS2345',
      message: "Argument of type 'string' is not assignable to parameter of type 'number'.",
      file: 'src/price.ts',
      line: 31,
      column: 18,
      tool: 'tsc',
    }),
    finding({
      category: 'vulnerabilities',
      rule: 'GHSA-c2qf-rxjj-qqgw',
      severity: 'high',
      message: 'semver 7.3.7: Regular expression denial of service, mended in 7.5.2',
      url: 'https://github.com/advisories/GHSA-c2qf-rxjj-qqgw',
      tool: 'npm audit',
    }),
    finding({
      category: 'secrets',
      rule: 'generic-api-key',
      severity: 'unknown',
      message: 'A generic API key',
      file: 'src/config.js',
      line: 3,
      column: 14,
      tool: 'gitleaks',
    }),
  ]
  const evidence = [
    {
      stage: 'test',
      evidence: [
        testsEvidence(12, cases),
        coverage(80, [
          ['src/checkout.js', 4, 60],
          ['src/cart.js', 30, 70],
          ['src/price.js', 46, 60],
        ]),
      ],
    },
    { stage: 'quality', evidence: [findingsEvidence(remarks)] },
  ]
  const judged: Partial<StepOutcome> = { status: 'judged', reason: 'exit 1; its reports say why' }
  const stages = [
    stage('build', [instance('build', [step('build/install', { duration_ms: 3100 }), step('build/2')])]),
    stage(
      'test',
      [
        instance(
          'test[node=20]',
          [step('test[node=20]/unit', { ...judged, duration_ms: 4100 }), step('test[node=20]/e2e')],
          'judged',
        ),
        instance(
          'test[node=24]',
          [step('test[node=24]/unit', { status: 'not-run-here', attempts: 0 })],
          'not-run-here',
        ),
      ],
      { status: 'failure', reason: 'gates not met: tests, coverage' },
    ),
    stage(
      'quality',
      [
        instance(
          'quality',
          [
            step('quality/lint', judged),
            step('quality/types', judged),
            step('quality/audit', judged),
            step('quality/secrets', judged),
            step('quality/licences', {
              status: 'failure',
              reason: 'exit 3, and no report explains it',
              tail: ['> shop@1.0.0 licences', '> node tools/licences.js', '', 'Error: left-pad has no licence'],
            }),
            step('quality/spelling', {
              status: 'failure',
              conclusion: 'success',
              reason: 'exit 1',
              warnings: ['12 words are unknown'],
              reports: [
                {
                  path: 'reports/spelling.json',
                  attempt: 1,
                  format: null,
                  kind: null,
                  problems: [{ level: 'warning', message: 'the last entry has no place', line: 9 }],
                },
              ],
            }),
          ],
          'failure',
        ),
      ],
      { status: 'failure', reason: 'quality/licences failed' },
    ),
    stage('review', [], { status: 'skipped', reason: 'test and quality failed' }),
  ]
  const test24 = stages[1]?.instances[1]
  if (test24) test24.reason = 'it requires node 24, and here is node 20.20.0'
  return outcome(stages, evidence, shopGates, {
    fixed: [{ step: 'quality/lint', files: ['src/cart.js', 'src/price.js'] }],
    notes: ['The base branch has no workflow file: the rules of this change count.'],
  })
}

/** A run in which all is well, but not yet for production. */
export function greenShop(): Outcome {
  const unit = (node: number) =>
    instance(`test[node=${node}]`, [step(`test[node=${node}]/unit`), step(`test[node=${node}]/e2e`)])
  const evidence = [
    {
      stage: 'test',
      evidence: [
        testsEvidence(56, [
          { name: 'pays with a voucher', file: 'test/checkout.test.js', line: 7, status: 'passed', duration_s: 2.4 },
        ]),
        coverage(146, [
          ['src/checkout.js', 40, 60],
          ['src/cart.js', 60, 70],
          ['src/price.js', 46, 60],
        ]),
      ],
    },
    {
      stage: 'quality',
      evidence: (['lint', 'types', 'secrets', 'vulnerabilities'] as const).map((category): Evidence => ({
        kind: 'findings',
        categories: [category],
        findings: [],
        findings_omitted: 0,
        by_severity: {},
        suppressed: 0,
      })),
    },
  ]
  const stages = [
    stage('build', [instance('build', [step('build/install'), step('build/2')])]),
    stage('test', [unit(20), unit(24)]),
    stage('quality', [
      instance(
        'quality',
        ['lint', 'types', 'audit', 'secrets'].map((id) => step(`quality/${id}`)),
      ),
    ]),
    stage('review', []),
  ]
  const made = outcome(stages, evidence, shopGates)
  return { ...made, context: { ...made.context, event: 'pull_request', dirty: false } }
}
