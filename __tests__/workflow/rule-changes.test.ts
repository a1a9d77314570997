import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Evidence } from '../../src/evidence/evidence.js'
import { judgeStage } from '../../src/gates/judge.js'
import { gates } from '../../src/gates/registry.js'
import { gateNames } from '../../src/language/names.js'
import { impliedGate, readGates } from '../../src/workflow/gates.js'
import type { Workflow } from '../../src/workflow/model.js'
import { compareRules, ownChanges } from '../../src/workflow/rule-changes.js'
import { leastAllowed } from '../../src/workflow/thresholds.js'
import type { StageEntry } from '../../src/history/entry.js'
import { categories } from '../../src/evidence/evidence.js'
import { coverage, findings, tests } from '../gates/evidence.js'
import { against, entry, scene } from '../gates/scene.js'
import { workflow } from '../support/workflows.js'

const head = 'on: { pull_request: review, push: { tags: [v*], target: production } }\n'
/** A file whose stage `test` has these gates and reports. */
const gated = (gates: string, reports = 'junit.xml'): string =>
  `${head}stages:
  test: { steps: [{ run: x, reports: ${reports} }], gates: ${gates} }
  review: { needs: test }
  staging: { needs: review }
  production: { needs: review }
`

/** `stage what: base -> change effect` of each difference. */
async function told(base: string, change: string, target = 'review'): Promise<string[]> {
  const changes = compareRules(await workflow(base), await workflow(change), target)
  return changes.map((one) => `${one.stage} ${one.what}: ${one.base} -> ${one.change} ${one.effect}`)
}

describe('a change of a threshold', () => {
  const from = (base: string, change: string) => told(gated(base), gated(change))

  test.each<[string, string, string[]]>([
    ['{ coverage: { lines: 80% } }', '{ coverage: { lines: 50% } }', ['gates.coverage.lines: 80% -> 50% weaker']],
    ['{ coverage: { lines: 80% } }', '{ coverage: { lines: 80.5% } }', ['gates.coverage.lines: 80% -> 80.5% stricter']],
    [
      '{ coverage: { lines: 99.995% } }',
      '{ coverage: { lines: 99.994% } }',
      ['gates.coverage.lines: 99.995% -> 99.994% weaker'],
    ],
    ['{ lint: { issues: 0 } }', '{ lint: { issues: 3 } }', ['gates.lint.issues: 0 -> 3 weaker']],
    ['{ lint: { issues: 3 } }', '{ lint: { issues: 0 } }', ['gates.lint.issues: 3 -> 0 stricter']],
    ['{ tests: { skipped: 5% } }', '{ tests: { skipped: 6% } }', ['gates.tests.skipped: 5% -> 6% weaker']],
    ['{ tests: { minimum: 9 } }', '{ tests: { minimum: 8 } }', ['gates.tests.minimum: 9 -> 8 weaker']],
    ['{ tests: { minimum: 9 } }', '{ tests: {} }', ['gates.tests.minimum: 9 -> null weaker']],
    ['{ tests: {} }', '{ tests: { minimum: 0 } }', ['gates.tests.minimum: null -> 0 weaker']],
    [
      '{ coverage: { lines: 80% } }',
      '{ coverage: { branches: 10% } }',
      ['gates.coverage.lines: 80% -> null weaker', 'gates.coverage.branches: null -> 10% stricter'],
    ],
    ['{ vulnerabilities: { low: 3 } }', '{ vulnerabilities: {} }', ['gates.vulnerabilities.low: 3 -> null weaker']],
    [
      '{ tests: { per-instance: true } }',
      '{ tests: {} }',
      ['gates.tests.per-instance: each instance -> all instances together weaker'],
    ],
    [
      '{ lint: {} }',
      '{ lint: { issues: 0, per-instance: true } }',
      ['gates.lint.per-instance: all instances together -> each instance different'],
    ],
  ])('%s, then %s', async (base, change, expected) => {
    expect(await from(base, change)).toEqual(expected.map((one) => `test ${one}`))
  })

  test('is looked at target by target', async () => {
    const lines = (value: string): string => `{ coverage: { lines: ${value} } }`
    expect(await from(lines('{ default: 50%, production: 80% }'), lines('{ default: 50%, production: 70% }'))).toEqual([
      'test gates.coverage.lines: default 50%, production 80% -> default 50%, production 70% weaker',
    ])
    expect(await from(lines('60%'), lines('{ default: 50%, production: 80% }'))).toEqual([
      'test gates.coverage.lines: 60% -> default 50%, production 80% different',
    ])
    expect(await from(lines('80%'), lines('{ review: 50%, production: 80% }'))).toEqual([
      'test gates.coverage.lines: 80% -> review 50%, production 80% weaker',
    ])
    expect(
      await from(lines('{ review: 50%, production: 80% }'), lines('{ review: 50%, production: 80%, staging: 70% }')),
    ).toEqual([
      'test gates.coverage.lines: review 50%, production 80% -> review 50%, production 80%, staging 70% different',
    ])
  })

  test('that asks for the same in other words is none', async () => {
    const lines = (value: string): string => `{ coverage: { lines: ${value} } }`
    expect(await from(lines('80%'), lines('80.0%'))).toEqual([])
    expect(await from(lines('80%'), lines('{ default: 80%, production: 80% }'))).toEqual([])
    expect(await from('{ coverage: {} }', lines('{ default: 50%, staging: 70%, production: 80% }'))).toEqual([])
    expect(await from('{ tests: {} }', '{ tests: { pass-rate: 100%, minimum: 1 } }')).toEqual([])
    expect(await from('{ lint: {}, types: {} }', '{ types: { errors: 0 }, lint: { issues: 0 } }')).toEqual([])
  })
})

describe('a gate', () => {
  const from = (base: string, change: string) => told(gated(base), gated(change))

  test('that is taken out or turned off is weaker', async () => {
    expect(await from('{ lint: { issues: 2 } }', '{}')).toEqual(['test gates.lint: issues 2 -> null weaker'])
    expect(await from('{ lint: { issues: 2, errors: 0 } }', '{ lint: off }')).toEqual([
      'test gates.lint: issues 2, errors 0 -> off weaker',
    ])
    expect(await from('{ coverage: {} }', '{ coverage: off }')).toEqual([
      'test gates.coverage: lines (default 50%, staging 70%, production 80%) -> off weaker',
    ])
    expect(await from('{}', '{ lint: {} }')).toEqual(['test gates.lint: null -> issues 0 stricter'])
    expect(await from('{ lint: off }', '{ lint: {} }')).toEqual(['test gates.lint: off -> issues 0 stricter'])
    expect(await from('{ lint: off }', '{}')).toEqual(['test gates.lint: off -> null different'])
  })

  test('that judges without being written goes back to its default when it is taken out', async () => {
    expect(await from('{ secrets: { any: 2 } }', '{}')).toEqual([
      'test gates.secrets: data required -> where there is data weaker',
      'test gates.secrets.any: 2 -> 0 stricter',
    ])
    expect(await from('{}', '{ secrets: {} }')).toEqual([
      'test gates.secrets: where there is data -> data required stricter',
    ])
    expect(await from('{}', '{ tests: { pass-rate: 90% } }')).toEqual([
      'test gates.tests: where there is data -> data required stricter',
      'test gates.tests.pass-rate: 100% -> 90% weaker',
    ])
    expect(await from('{}', '{ secrets: off }')).toEqual(['test gates.secrets: any 0, by default -> off weaker'])
    expect(await from('{ secrets: off }', '{}')).toEqual(['test gates.secrets: off -> any 0, by default stricter'])
  })

  test('has suites, which leave the rest of the tests and go back to it', async () => {
    const suite = (limits: string, rest = 'pass-rate: 100%'): string =>
      gated(`{ tests: { ${rest}, suites: { e2e: ${limits} } } }`, '{ path: e2e.xml, suite: e2e }')
    const without = (rest: string): string => gated(`{ tests: { ${rest} } }`, '{ path: e2e.xml, suite: e2e }')
    expect(await told(suite('{ pass-rate: 95% }'), suite('{ pass-rate: 90% }'))).toEqual([
      'test gates.tests.suites.e2e.pass-rate: 95% -> 90% weaker',
    ])
    expect(await told(suite('{}'), without('pass-rate: 100%'))).toEqual([
      'test gates.tests.suites.e2e: pass-rate 100% -> null weaker',
    ])
    expect(await told(suite('{ pass-rate: 95% }'), without('pass-rate: 100%'))).toEqual([
      'test gates.tests.suites.e2e: pass-rate 95% -> null different',
    ])
    expect(await told(without('pass-rate: 90%'), suite('{}', 'pass-rate: 90%'))).toEqual([
      'test gates.tests.suites.e2e: null -> pass-rate 100% stricter',
    ])
    expect(await told(without('pass-rate: 100%'), suite('{ pass-rate: 50% }'))).toEqual([
      'test gates.tests.suites.e2e: null -> pass-rate 50% different',
    ])
  })
})

describe('a stage', () => {
  const stages = (text: string): string => `${head}stages:\n${text}  staging: { needs: review }\n`
  const step = 'steps: [{ run: x }]'
  const base = stages(
    `  test: { ${step} }\n  lint: { ${step} }\n  review: { needs: [test, lint] }\n  production: { needs: review }\n`,
  )

  test('off the path is weaker, for every event that walks it', async () => {
    const off = stages(
      `  test: { ${step} }\n  lint: { ${step} }\n  review: { needs: test }\n  production: { needs: [review, lint] }\n`,
    )
    expect(await told(base, off)).toEqual([
      'lint the stage: on the path to review, production -> on the path to production weaker',
    ])
    expect(await told(off, base)).toEqual([
      'lint the stage: on the path to production -> on the path to review, production stricter',
    ])
    const bare = stages(
      `  test: { ${step} }\n  lint: { ${step} }\n  review: { needs: [test, lint] }\n  production: { ${step} }\n`,
    )
    expect(await told(base, bare)).toEqual([
      'test the stage: on the path to review, production -> on the path to review weaker',
      'lint the stage: on the path to review, production -> on the path to review weaker',
      'review the stage: on the path to review, production -> on the path to review weaker',
      'production steps: a milestone -> steps of its own different',
    ])
  })

  test('that is removed is weaker, one that is added to the path stricter, one beside the path nothing', async () => {
    const less = stages(`  test: { ${step} }\n  review: { needs: test }\n  production: { needs: review }\n`)
    expect(await told(base, less)).toEqual(['lint the stage: on the path to review, production -> null weaker'])
    expect(await told(less, base)).toEqual(['lint the stage: null -> on the path to review, production stricter'])
    expect(await told(less, `${less}  extra: { ${step} }\n`)).toEqual([])
    expect(await told(`${less}  extra: { ${step} }\n`, less)).toEqual(['extra the stage: on no path -> null weaker'])
  })

  test('under a condition is weaker', async () => {
    const when = (condition: string): string =>
      stages(`  test: { ${condition}${step} }\n  review: { needs: test }\n  production: { needs: review }\n`)
    expect(await told(when(''), when('if: false, '))).toEqual(['test if: null -> false weaker'])
    expect(await told(when('if: false, '), when(''))).toEqual(['test if: false -> null stricter'])
    expect(await told(when('if: false, '), when('if: true, '))).toEqual(['test if: false -> true different'])
  })

  test('is compared report by report, whichever step declares them', async () => {
    const with_ = (reports: string): string => gated('{}', reports)
    expect(await told(with_('[a.xml, b.xml]'), with_('a.xml'))).toEqual(['test reports.b.xml: required -> null weaker'])
    expect(await told(with_('a.xml'), with_('[a.xml, { stdout: tsc }]'))).toEqual([
      'test reports.stdout (tsc): null -> required stricter',
    ])
    expect(await told(with_('a.xml'), with_('{ path: a.xml, required: false }'))).toEqual([
      'test reports.a.xml: required -> optional weaker',
    ])
    expect(
      await told(with_('{ path: a.xml, category: secrets }'), with_('{ path: a.xml, category: lint, suite: s }')),
    ).toEqual(['test reports.a.xml: required, category secrets -> required, suite s, category lint different'])
    const two = gated('{}').replace(
      'steps: [{ run: x, reports: junit.xml }]',
      'steps: [{ run: x }, { run: y, reports: junit.xml }]',
    )
    expect(await told(gated('{}'), two)).toEqual([])
    expect(await told(with_('[{ stdout: tsc }, { stdout: tsc }]'), with_('{ stdout: tsc }'))).toEqual([
      'test reports.stdout (tsc) #2: required -> null weaker',
    ])
  })
})

describe('how far an event walks', () => {
  const file = (on: string): string =>
    `on: ${on}\nstages:\n  lint: { steps: [{ run: x }] }\n  test: { steps: [{ run: x }] }\n  review: { needs: [lint, test] }\n`
  const from = (base: string, change: string) => told(file(base), file(change), 'review')

  test.each<[string, string, string[]]>([
    ['{ pull_request: review }', '{ pull_request: lint }', ['review on.pull_request: review -> lint weaker']],
    ['{ pull_request: lint }', '{ pull_request: review }', ['lint on.pull_request: lint -> review stricter']],
    ['{ pull_request: lint }', '{ pull_request: test }', ['lint on.pull_request: lint -> test different']],
    ['{ pull_request: review }', '{}', ['review on.pull_request: review -> null weaker']],
    ['{}', '{ merge_group: review }', ['review on.merge_group: null -> review stricter']],
    [
      '{ push: [{ branches: [main], target: review }, { tags: [v*], tags-ignore: [v0*], target: lint }] }',
      '{ push: { branches: [main, "x/**"], target: review } }',
      [
        'review on.push: review for branches main; lint for tags v*, not tags v0* -> review for branches main x/** different',
      ],
    ],
    [
      '{ schedule: { cron: "0 4 * * 1", target: review }, release: { types: [published], target: review } }',
      '{ schedule: { cron: "0 5 * * 1", target: review }, release: { types: published, target: review } }',
      ['review on.schedule: review for cron 0 4 * * 1 -> review for cron 0 5 * * 1 different'],
    ],
  ])('%s, then %s', async (base, change, expected) => {
    expect(await from(base, change)).toEqual(expected)
  })
})

test('two files with the same rules have no differences, whatever their steps do', async () => {
  expect(await told(gated('{ lint: {} }'), gated('{ lint: {} }'))).toEqual([])
  expect(await told(gated('{ lint: {} }'), gated('{ lint: {} }').replace('run: x', 'run: y'))).toEqual([])
})

test('what the base altered since is no difference of the change', async () => {
  const [base, change, fork] = await Promise.all(
    [
      '{ lint: { issues: 1 }, coverage: { lines: 80% } }',
      '{ coverage: { lines: 50% } }',
      '{ coverage: { lines: 70% } }',
    ].map(async (gates) => workflow(gated(gates))),
  )
  if (!base || !change || !fork) throw new Error('three workflows')
  const changes = ownChanges(compareRules(base, change, 'review'), compareRules(fork, change, 'review'))
  expect(changes.map(({ what, base, change }) => [what, base, change])).toEqual([
    ['gates.coverage.lines', '80%', '50%'],
  ])
})

test('which thresholds are the least and which the most agrees with what the gates measure', () => {
  const everyKind: Evidence[] = [
    tests({ passed: 1 }),
    coverage([1, 2], [1, 2]),
    ...categories.map((one) => findings(one, 'high')),
  ]
  const coverageAt: StageEntry['coverage'] = { lines: [1, 2], branches: [1, 2], files: {} }
  const base = entry({ coverage: coverageAt, benchmarks: { b: { value: 1, unit: 's' } } })
  const known = scene({ target: 'all', against: against({ base, earlier: [base, base] }) })
  everyKind.push({ kind: 'benchmarks', benchmarks: [{ name: 'b', value: 1, unit: 's' }] })
  const measured = gates.flatMap((gate) => {
    const setting = impliedGate(gate.name) ??
      readGates({ expression: 'true' })[gate.name] ?? { off: false, perInstance: false, thresholds: {}, suites: {} }
    return gate.measure(everyKind.filter(gate.sees), setting, known).measures
  })
  expect(gates.map(({ name }) => name).sort()).toEqual([...gateNames].sort())
  expect(measured.length).toBeGreaterThan(12)
  expect(measured.filter(({ key, bound }) => leastAllowed.has(key) !== (bound === 'least'))).toEqual([])
})

describe('a difference is decided exactly', () => {
  const share = fc.integer({ min: 0, max: 10 }).map((tenths) => `${tenths * 10}%`)
  const few = fc.nat(4)
  const good = async (file: Workflow, evidence: Evidence[]): Promise<boolean> => {
    const { gates: settings } = file.stages.get('test') ?? { gates: {} }
    const { verdicts } = judgeStage({
      ...scene(),
      address: 'test',
      settings,
      instances: [{ address: 'test', evidence }],
    })
    return verdicts.every(({ status }) => status === 'pass' || status === 'warn')
  }
  /** What passes under the stricter rules passes under the weaker ones, whatever the evidence. */
  async function holds(base: string, change: string, evidence: Evidence[]): Promise<void> {
    const [before, after] = await Promise.all([workflow(gated(base, suite)), workflow(gated(change, suite))])
    const changes = compareRules(before, after, 'review')
    const effects = new Set(changes.map(({ effect }) => effect))
    const [passed, passes] = [await good(before, evidence), await good(after, evidence)]
    if (effects.has('different') || effects.size > 1) return
    if (!effects.has('stricter') && passed) expect([base, change, passes]).toEqual([base, change, true])
    if (!effects.has('weaker') && passes) expect([base, change, passed]).toEqual([base, change, true])
  }
  const suite = '{ path: e2e.xml, suite: e2e }'
  const optional = (key: string, value: fc.Arbitrary<string | number>) =>
    fc.option(value, { nil: undefined }).map((one) => (one === undefined ? [] : [`${key}: ${one}`]))
  const list = (...parts: fc.Arbitrary<string[]>[]) => fc.tuple(...parts).map((all) => all.flat().join(', '))

  test('for tests and their suites', async () => {
    const limits = list(optional('pass-rate', share), optional('minimum', few), optional('skipped', share))
    const suites = fc
      .option(limits, { nil: undefined })
      .map((one) => (one === undefined ? '' : `suites: { e2e: { ${one} } }`))
    const gate = fc
      .tuple(limits, suites)
      .map((parts) => `{ tests: { ${parts.filter((one) => one !== '').join(', ')} } }`)
    const numbers = fc.record({ passed: few, failed: few, skipped: few })
    await fc.assert(
      fc.asyncProperty(gate, gate, numbers, numbers, async (base, change, rest, own) =>
        holds(base, change, [tests(rest), tests({ ...own, suite: 'e2e' })]),
      ),
      { numRuns: 100 },
    )
  })

  test('for tests and their markers', async () => {
    const limits = list(optional('pass-rate', share), optional('minimum', few), optional('skipped', share))
    const marker = (name: string) =>
      fc.option(limits, { nil: undefined }).map((one) => (one === undefined ? [] : [`${name}: { ${one} }`]))
    const gate = fc
      .tuple(limits, list(marker('e2e'), marker('slow')))
      .map(([rest, markers]) => `{ tests: { ${rest === '' ? '' : `${rest}, `}markers: { ${markers} } } }`)
    const numbers = fc.record({ passed: few, failed: few, skipped: few })
    const marked = (given: Parameters<typeof tests>[0], ...markers: string[]) => {
      const made = tests(given)
      return { ...made, cases: made.cases.map((one) => ({ ...one, markers })) }
    }
    await fc.assert(
      fc.asyncProperty(gate, gate, fc.tuple(numbers, numbers, numbers), async (base, change, [rest, one, both]) =>
        holds(base, change, [tests(rest), marked(one, 'e2e'), marked(both, 'e2e', 'slow')]),
      ),
      { numRuns: 100 },
    )
  })

  test('for coverage and vulnerabilities', async () => {
    const covered = list(optional('lines', share), optional('branches', share))
    const found = list(...['critical', 'high', 'medium', 'low'].map((one) => optional(one, few)))
    const gate = fc
      .tuple(covered, found)
      .map(([one, other]) => `{ coverage: { ${one} }, vulnerabilities: { ${other} } }`)
    const severities = fc.array(fc.constantFrom('critical', 'high', 'medium', 'low'), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(gate, gate, fc.nat(10), severities, async (base, change, lines, list) =>
        holds(base, change, [coverage([lines, 10], [10 - lines, 10]), findings('vulnerabilities', ...list)]),
      ),
      { numRuns: 100 },
    )
  })
})

describe('a change of what a step is let off', () => {
  const step = (rest: string): string => `stages: { review: { steps: [{ id: unit, run: x${rest} }] } }\n`

  test.each<[string, string, string]>([
    ['', ', continue-on-error: true', 'review steps.unit.continue-on-error: null -> true weaker'],
    [', continue-on-error: true', '', 'review steps.unit.continue-on-error: true -> null stricter'],
    ['', ", if: 'false'", 'review steps.unit.if: null -> false weaker'],
  ])('from `%s` to `%s` is told', async (base, change, said) => {
    expect(await told(step(base), step(change))).toEqual([said])
  })

  test('and of the name, under which branch rules ask for the check', async () => {
    const base = await workflow(step(''))
    expect(compareRules(base, { ...base, name: 'other' }, 'review')).toEqual([
      { stage: 'review', what: 'name', base: 't', change: 'other', effect: 'different' },
    ])
  })
})
