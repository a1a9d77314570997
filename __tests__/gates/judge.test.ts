import { describe, expect, test } from '@jest/globals'
import type { Evidence } from '../../src/evidence/evidence.js'
import { judgeStage } from '../../src/gates/judge.js'
import type { Judging } from '../../src/gates/judge.js'
import type { GatesFile } from '../../src/language/gates.js'
import { readGates } from '../../src/workflow/gates.js'
import { coverage, findings, tests } from './evidence.js'
import { against, entry, scene } from './scene.js'

/** Judges stage `test` as the loader would read its gates. */
const judge = (gates: GatesFile | undefined, evidence: Evidence[], more: Partial<Judging> = {}) =>
  judgeStage({
    address: 'test',
    settings: readGates(gates),
    instances: [{ address: 'test', evidence }],
    ...scene(),
    ...more,
  })
const one = (gates: GatesFile | undefined, evidence: Evidence[], more: Partial<Judging> = {}) => {
  const { verdicts } = judge(gates, evidence, more)
  const [verdict, second] = verdicts
  if (!verdict || second) throw new Error(`${verdicts.length} verdicts`)
  return verdict
}

describe('which gates judge', () => {
  test('tests, secrets and vulnerabilities judge unwritten, when there is something for them', () => {
    expect(judge(undefined, []).verdicts).toEqual([])
    const { verdicts, notJudged } = judge(undefined, [
      tests({ passed: 3 }),
      coverage([1, 2]),
      findings('lint', 'error'),
      findings('types'),
      findings('secrets'),
      findings('vulnerabilities', 'high'),
      { kind: 'benchmarks', benchmarks: [] },
    ])
    expect(verdicts.map(({ gate, status, implied }) => [gate, status, implied])).toEqual([
      ['tests', 'pass', true],
      ['secrets', 'pass', true],
      ['vulnerabilities', 'fail', true],
    ])
    expect(notJudged).toEqual(['coverage', 'lint', 'types', 'benchmarks'])
  })

  test('a gate that is off judges nothing, and its evidence is told', () => {
    expect(judge({ tests: 'off', secrets: 'off' }, [tests({ failed: 3 }), findings('secrets', 'high')])).toEqual({
      verdicts: [],
      notJudged: ['tests', 'secrets'],
      marks: {},
    })
  })

  test('a written gate without evidence has no data, and says what to declare', () => {
    const { verdicts } = judge({ tests: {}, coverage: {}, lint: {}, types: {}, secrets: {}, vulnerabilities: {} }, [])
    expect(verdicts.map(({ gate, status, implied }) => [gate, status, implied])).toEqual(
      ['tests', 'coverage', 'lint', 'types', 'secrets', 'vulnerabilities'].map((gate) => [gate, 'no-data', false]),
    )
    expect(verdicts[1]).toMatchObject({
      reason: 'no step left a coverage report',
      mend: 'declare a coverage report under `reports` of the step that writes it, or write `coverage: off` in the gates of stage `test`',
    })
  })

  test('an empty list of a linter is evidence for lint and for nothing else', () => {
    expect(one({ lint: {} }, [findings('lint')])).toMatchObject({ status: 'pass', reason: 'no issues' })
    expect(one({ types: {} }, [findings('lint')]).status).toBe('no-data')
  })

  test('instances are judged together, or each with per-instance', () => {
    const instances = [
      { address: 'test[node=20]', evidence: [tests({ passed: 9, suites: 1 })] },
      { address: 'test[node=24]', evidence: [tests({ passed: 8, failed: 1 })] },
    ]
    expect(one({ tests: { 'pass-rate': '90%' } }, [], { instances })).toMatchObject({
      address: 'test',
      status: 'pass',
      reason: '1 of 18 tests failed, within the limit',
    })
    const { verdicts } = judge({ tests: { 'pass-rate': '90%', 'per-instance': true } }, [], { instances })
    expect(verdicts.map(({ address, status, reason }) => [address, status, reason])).toEqual([
      ['test[node=20]', 'pass', '9 tests passed'],
      ['test[node=24]', 'fail', '1 of 9 tests failed: pass rate 88.88% < 90%'],
    ])
  })

  test('with per-instance an instance that left nothing has no data', () => {
    const instances = [
      { address: 'test[node=20]', evidence: [coverage([9, 10])] },
      { address: 'test[node=24]', evidence: [] },
    ]
    const { verdicts } = judge({ coverage: { 'per-instance': true } }, [], { instances })
    expect(verdicts.map(({ status }) => status)).toEqual(['pass', 'no-data'])
  })

  test('an instance is not compared with all instances of the base together, but its findings are known', () => {
    const base = entry({
      tests: {
        tests: 1,
        passed: 1,
        failed: 0,
        skipped: 0,
        duration_s: 1,
        keys: ['["s",null,"gone"]'],
        flaky: [],
        skipped_keys: [],
        slowest: [],
      },
      coverage: { lines: [9, 10], branches: [0, 0], files: {} },
      findings: { lint: ['lint-error-0', 'lint-gone'] },
      benchmarks: { b: { value: 1, unit: 's' } },
    })
    const instances = ['test[node=20]', 'test[node=24]'].map((address) => ({
      address,
      evidence: [
        tests({ passed: 1 }),
        coverage([1, 10]),
        findings('lint', 'error'),
        { kind: 'benchmarks' as const, benchmarks: [{ name: 'b', value: 9, unit: 's' }] },
      ],
    }))
    const each = { 'per-instance': true }
    const gates: GatesFile = {
      tests: each,
      coverage: { drop: '1%', ...each },
      lint: each,
      benchmarks: { 'minimum-samples': 2, ...each },
    }
    const { verdicts } = judge(gates, [], { instances, against: against({ base, earlier: [base, base] }) })
    expect(verdicts.filter(({ address }) => address === 'test[node=20]').map(({ reason }) => reason)).toEqual([
      '1 test passed',
      'lines 10%; drop not judged: one instance cannot be compared with all instances of the base together',
      'no new issues',
      'no benchmark was judged; 1 benchmark not judged: earlier runs are known with all instances together',
    ])
    expect(verdicts.flatMap(({ figures }) => figures.map(({ name }) => name))).not.toContain('fixed')
  })

  test('what a linter left out of its list does not count as secrets', () => {
    const lint = { ...findings('lint', 'error'), findings_omitted: 500 }
    const { verdicts } = judge({ lint: {} }, [lint, findings('secrets')])
    expect(verdicts.map(({ gate, status, reason }) => [gate, status, reason])).toEqual([
      ['lint', 'fail', '501 issues, 0 allowed'],
      ['secrets', 'pass', 'no secrets'],
    ])
  })
})

describe('thresholds by target', () => {
  const gates: GatesFile = {
    coverage: { lines: { default: '50%', staging: '70%', production: '80%' }, branches: { production: '60%' } },
  }

  test('the value of the target judges, and the others are told', () => {
    const at = (target: string) => one(gates, [coverage([62, 100], [1, 2])], { target })
    expect(at('review')).toMatchObject({
      status: 'pass',
      reason: 'lines 62%, branches 50%',
      figures: [
        { name: 'lines', value: '62%', threshold: '≥ 50%', met: true },
        { name: 'branches', value: '50%', met: true },
      ],
      later: [
        { target: 'staging', reason: 'lines 62% < 70% (62 of 100)' },
        { target: 'production', reason: 'lines 62% < 80% (62 of 100); branches 50% < 60% (1 of 2)' },
      ],
    })
    expect(at('production')).toMatchObject({
      status: 'fail',
      reason: 'lines 62% < 80% (62 of 100); branches 50% < 60% (1 of 2)',
      mend:
        'test what is not covered yet; the files listed miss the most lines; ' +
        'the bar is `gates.coverage.lines.production` of stage `test`',
      later: [{ target: 'staging', reason: 'lines 62% < 70% (62 of 100)' }],
    })
  })

  test('a default for a stage that the workflow has not says nothing', () => {
    const verdict = one({ coverage: {} }, [coverage([62, 100])], { targets: new Set(['review', 'production']) })
    expect(verdict.later).toEqual([{ target: 'production', reason: 'lines 62% < 80% (62 of 100)' }])
  })

  test('a stage named like a property of every object has no threshold by accident', () => {
    expect(one(gates, [coverage([62, 100])], { target: 'constructor' }).status).toBe('pass')
    expect(one(gates, [coverage([62, 100])], { target: '__proto__' }).status).toBe('pass')
  })
})
