import { describe, expect, test } from '@jest/globals'
import { compareRules } from '../../src/workflow/rule-changes.js'
import { workflow } from '../support/workflows.js'

const gated = (gates: string): string =>
  `stages:\n  test: { steps: [{ run: x, reports: { path: a.xml, suite: unit } }], gates: ${gates} }\n  review: { needs: test }\n`

/** `stage what: base -> change effect` of each difference. */
async function told(base: string, change: string): Promise<string[]> {
  const changes = compareRules(await workflow(base), await workflow(change), 'review')
  return changes.map((one) => `${one.stage} ${one.what}: ${one.base} -> ${one.change} ${one.effect}`)
}

describe('a change of what a gate asks for', () => {
  test.each<[string, string, string[]]>([
    ['{ coverage: { patch: 80% } }', '{ coverage: { patch: 70% } }', ['gates.coverage.patch: 80% -> 70% weaker']],
    ['{ coverage: { drop: 1% } }', '{ coverage: { drop: 0.5% } }', ['gates.coverage.drop: 1% -> 0.5% stricter']],
    ['{ coverage: { drop: 1% } }', '{ coverage: { drop: 2% } }', ['gates.coverage.drop: 1% -> 2% weaker']],
    [
      '{ coverage: { functions: 50% } }',
      '{ coverage: { functions: 60% } }',
      ['gates.coverage.functions: 50% -> 60% stricter'],
    ],
    [
      '{ coverage: { files-under: 70% } }',
      '{ coverage: { files-under: 60% } }',
      ['gates.coverage.files-under: 70% -> 60% weaker'],
    ],
    ['{ lint: {} }', '{ lint: { new-only: true } }', ['gates.lint.new-only: on changes -> true weaker']],
    ['{ types: {} }', '{ types: { new-only: false } }', ['gates.types.new-only: on changes -> false stricter']],
    ['{ tests: { flaky: fail } }', '{ tests: { flaky: warn } }', ['gates.tests.flaky: fail -> warn weaker']],
    ['{ tests: {} }', '{ tests: { flaky: fail } }', ['gates.tests.flaky: warn -> fail stricter']],
    [
      '{ tests: {} }',
      '{ tests: { quarantine: [{ test: a, until: 2027-03-31, reason: r }] } }',
      ['gates.tests.quarantine.a: null -> until 2027-03-31 weaker'],
    ],
    [
      '{ tests: { quarantine: [{ test: a, until: 2027-03-31, reason: r }] } }',
      '{ tests: { quarantine: [{ test: a, until: 2027-03-30, reason: other, owner: me }] } }',
      ['gates.tests.quarantine.a: until 2027-03-31 -> until 2027-03-30 stricter'],
    ],
    ['{ tests: { slow: 5s } }', '{ tests: { slow: 6s } }', ['gates.tests.slow: 5s -> 6s weaker']],
    ['{ tests: { duration: 10m } }', '{ tests: { duration: 90s } }', ['gates.tests.duration: 10m -> 90s stricter']],
    [
      '{ tests: { required: [unit] } }',
      '{ tests: { required: [e2e] } }',
      ['gates.tests.required.unit: required -> null weaker', 'gates.tests.required.e2e: null -> required stricter'],
    ],
    [
      '{ tests: { required-markers: [e2e] } }',
      '{ tests: {} }',
      ['gates.tests.required-markers.e2e: required -> null weaker'],
    ],
    [
      '{ tests: { markers: { e2e: {} } } }',
      '{ tests: { markers: { e2e: { pass-rate: 95% } } } }',
      ['gates.tests.markers.e2e.pass-rate: 100% -> 95% weaker'],
    ],
    [
      '{ tests: { markers: { e2e: {} } } }',
      '{ tests: {} }',
      ['gates.tests.markers.e2e: pass-rate 100% -> null weaker'],
    ],
    [
      '{ tests: {} }',
      '{ tests: { markers: { e2e: {} } } }',
      ['gates.tests.markers.e2e: null -> pass-rate 100% stricter'],
    ],
    [
      '{ tests: { markers: { e2e: {} } } }',
      '{ tests: { markers: { e2e: {}, slow: {} } } }',
      ['gates.tests.markers.slow: null -> pass-rate 100% different'],
    ],
    [
      '{ coverage: { suites: { unit: { lines: 80% } } } }',
      '{ coverage: { suites: { unit: { lines: 70% } } } }',
      ['gates.coverage.suites.unit.lines: 80% -> 70% weaker'],
    ],
    [
      '{ coverage: { suites: { unit: { lines: 10% } } } }',
      '{ coverage: {} }',
      ['gates.coverage.suites.unit: lines 10% -> null weaker'],
    ],
    [
      '{ coverage: {} }',
      '{ coverage: { suites: { unit: { lines: 10% } } } }',
      ['gates.coverage.suites.unit: null -> lines 10% stricter'],
    ],
    ['{ duration: 10m }', '{ duration: 11m }', ['gates.duration: 10m -> 11m weaker']],
    ['{ duration: 10m }', '{}', ['gates.duration: 10m -> null weaker']],
    [
      '{ benchmarks: { slower: 10% } }',
      '{ benchmarks: { slower: 20% } }',
      ['gates.benchmarks.slower: 10% -> 20% weaker'],
    ],
    [
      '{ benchmarks: { minimum-samples: 9 } }',
      '{ benchmarks: {} }',
      ['gates.benchmarks.minimum-samples: 9 -> 5 stricter'],
    ],
    ['{ expression: tests.failed == 0 }', '{}', ['gates.expression: tests.failed == 0 -> null weaker']],
    [
      '{ expression: tests.failed == 0 }',
      '{ expression: tests.failed == 1 }',
      ['gates.expression: tests.failed == 0 -> tests.failed == 1 different'],
    ],
  ])('%s, then %s', async (base, change, expected) => {
    expect(await told(gated(base), gated(change))).toEqual(expected.map((one) => `test ${one}`))
  })
})

test('a change of waivers concerns all stages', async () => {
  const waivers = (...list: string[]): string =>
    `waivers: [${list.map((one) => `{ ${one}, reason: r }`).join(', ')}]\n${gated('{ lint: {} }')}`
  const base = waivers(
    'rule: a, until: 2027-03-31',
    'rule: b, until: 2027-03-31, path: src/**',
    'rule: c, until: 2027-03-31',
  )
  const change = waivers(
    'rule: a, until: 2027-04-30',
    'rule: b, until: 2027-03-31',
    'rule: c, until: 2027-03-31, owner: me',
  )
  expect(await told(base, change)).toEqual([
    ' waivers.a: until 2027-03-31 -> until 2027-04-30 weaker',
    ' waivers.b in src/**: until 2027-03-31 -> null stricter',
    ' waivers.b: null -> until 2027-03-31 weaker',
  ])
  expect(
    await told(gated('{}'), waivers('rule: a, gate: lint, until: 2027-03-31').replace('{ lint: {} }', '{}')),
  ).toEqual([' waivers.a of lint: null -> until 2027-03-31 weaker'])
})
