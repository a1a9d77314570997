import { describe, expect, test } from '@jest/globals'
import type { FindingsEvidence } from '../../src/evidence/evidence.js'
import { judgeStage } from '../../src/gates/judge.js'
import { unusedWaivers } from '../../src/gates/waivers.js'
import type { Waiver } from '../../src/workflow/model.js'
import { readGates } from '../../src/workflow/gates.js'
import { findings } from './evidence.js'
import { against, entry, scene, verdictOf } from './scene.js'

const waiver = (more: Partial<Waiver> = {}): Waiver => ({
  rule: 'rule-0',
  until: '2027-01-15',
  reason: 'old',
  ...more,
})
/** Remarks of a linter in files of these names, by the rules `rule-0`, `rule-1` … */
const at = (...files: string[]): FindingsEvidence => {
  const made = findings('lint', ...files.map(() => 'error' as const))
  return { ...made, findings: made.findings.map((one, i) => ({ ...one, file: files[i] ?? '', line: 3 })) }
}

describe('a waiver', () => {
  const lint = (waivers: Waiver[], more = {}) =>
    verdictOf({ lint: {} }, [at('src/a.ts', 'lib/b.ts')], { waivers, ...more })

  test('takes the findings of its rule out of the count, and they are shown', () => {
    expect(lint([waiver()])).toMatchObject({
      status: 'fail',
      reason: '1 issue, 0 allowed',
      lists: [{ name: 'waived findings', items: ['rule-0 src/a.ts:3, until 2027-01-15: old'], more: 0 }],
    })
    const both = lint([waiver(), waiver({ rule: 'rule-1', path: 'lib/**' })])
    expect(both).toMatchObject({ status: 'pass', reason: 'no issues' })
    expect(both.figures).toContainEqual({ name: 'waived', value: '2', met: true })
  })

  test('speaks of one place or one gate only where it says so', () => {
    expect(lint([waiver({ path: 'lib/**' })]).reason).toBe('2 issues, 0 allowed')
    expect(lint([waiver({ gate: 'types' })]).reason).toBe('2 issues, 0 allowed')
    expect(lint([waiver({ gate: 'lint', path: '**/*.ts' })]).reason).toBe('1 issue, 0 allowed')
  })

  test('holds for secrets and vulnerabilities too', () => {
    for (const gate of ['secrets', 'vulnerabilities'] as const)
      expect(verdictOf({ [gate]: {} }, [findings(gate, 'high')], { waivers: [waiver({ gate })] }).status).toBe('pass')
  })

  test.each(['conventions', 'dependencies'] as const)('holds for %s too, until its day is over', (gate) => {
    const at = (time: string) =>
      verdictOf({ [gate]: {} }, [findings(gate, 'error')], {
        waivers: [waiver({ gate, owner: 'anna' })],
        now: Date.parse(time),
      })
    expect(at('2027-01-15T12:00:00Z')).toMatchObject({
      status: 'pass',
      lists: [{ name: 'waived findings', items: ['rule-0, until 2027-01-15: old'] }],
    })
    expect(at('2027-01-16T00:00:00Z')).toMatchObject({
      status: 'fail',
      reason: 'the waiver of rule-0 expired on 2027-01-15; 1 error, 0 allowed',
      mend: expect.stringContaining('(anna)'),
    })
  })

  test('ends with its day: what it let off counts again, and it is told by name', () => {
    const at = (time: string, more = {}) => lint([waiver(more)], { now: Date.parse(time) })
    expect(at('2027-01-15T23:59:59Z').reason).toBe('1 issue, 0 allowed')
    expect(at('2027-01-16T00:00:00Z').reason).toBe('the waiver of rule-0 expired on 2027-01-15; 2 issues, 0 allowed')
    expect(at('2027-01-16T00:00:00Z', { left: true }).reason).toBe('2 issues, 0 allowed')
  })

  test('that is over fails even what would pass, if it names the gate or speaks of a finding', () => {
    const now = Date.parse('2028-01-01T00:00:00Z')
    const base = entry({ findings: { lint: ['lint-error-0'] } })
    const known = { against: against({ base }), now }
    expect(verdictOf({ lint: {} }, [at('a.ts')], { ...known, waivers: [waiver()] })).toMatchObject({ status: 'fail' })
    const other = waiver({ rule: 'gone' })
    expect(verdictOf({ lint: {} }, [at('a.ts')], { ...known, waivers: [other] }).status).toBe('pass')
    expect(
      verdictOf({ lint: {} }, [at('a.ts')], { ...known, waivers: [{ ...other, gate: 'lint' as const }] }).reason,
    ).toBe('the waiver of gone expired on 2027-01-15')
  })
})

test('waived findings are marked with why', () => {
  const { marks } = judgeStage({
    ...scene({ waivers: [waiver({ owner: 'somebody' })] }),
    address: 'test',
    settings: readGates({}),
    instances: [{ address: 'test', evidence: [at('a.ts')] }],
  })
  expect(marks).toEqual({
    waived: [{ fingerprint: 'lint-error-0', reason: 'old', until: '2027-01-15', owner: 'somebody' }],
  })
})

test('waivers that nothing matches are told, but not those that the change has taken out', () => {
  const list = [waiver(), waiver({ rule: 'x', path: 'a/**' }), waiver({ rule: 'y', left: true })]
  expect(unusedWaivers(list, [at('a.ts')])).toEqual([
    'the waiver of x in a/** matches nothing: take it out of `waivers`',
  ])
})
