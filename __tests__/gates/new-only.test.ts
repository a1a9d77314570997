import { describe, expect, test } from '@jest/globals'
import type { FindingsEvidence } from '../../src/evidence/evidence.js'
import { judgeStage } from '../../src/gates/judge.js'
import { readGates } from '../../src/workflow/gates.js'
import { findings } from './evidence.js'
import { against, entry, scene, verdictOf } from './scene.js'

/** The base had two remarks of a linter, of which `lint-error-0` is still there, and none of a type checker. */
const base = entry({ findings: { lint: ['lint-error-0', 'lint-gone'], types: [], secrets: ['secrets-high-0'] } })
const now = findings('lint', 'error', 'warning')
const pull = { against: against({ base }), event: 'pull_request' as const }

describe('only what is new counts', () => {
  test('on a pull request, on a merge group, and on a laptop where a base is known', () => {
    for (const event of ['pull_request', 'merge_group', 'local'] as const)
      expect(verdictOf({ lint: {} }, [now], { against: against({ base }), event })).toMatchObject({
        status: 'fail',
        reason: '1 new issue, 0 allowed',
        figures: [
          { name: 'issues', value: '1', threshold: '≤ 0', met: false },
          { name: 'warnings', value: '1', met: true },
          { name: 'known', value: '1', met: true },
          { name: 'fixed', value: '1', met: true },
        ],
      })
    const pushed = verdictOf({ lint: {} }, [now], { ...pull, event: 'push' })
    expect(pushed.reason).toBe('2 issues, 0 allowed')
    expect(pushed.figures).toContainEqual({ name: 'known', value: '1', met: true })
  })

  test('as the file says', () => {
    expect(verdictOf({ lint: { 'new-only': false } }, [now], pull).reason).toBe('2 issues, 0 allowed')
    expect(verdictOf({ lint: { 'new-only': true } }, [now], { ...pull, event: 'push' }).reason).toBe(
      '1 new issue, 0 allowed',
    )
    expect(verdictOf({ types: { 'new-only': true } }, [findings('types', 'error')], pull).reason).toBe(
      '1 new type error, 0 allowed',
    )
    expect(verdictOf({ lint: {} }, [findings('lint', 'error')], pull)).toMatchObject({
      status: 'pass',
      reason: 'no new issues',
    })
  })

  test('not where the base was not looked through for them, which is said', () => {
    expect(verdictOf({ lint: {} }, [now], { event: 'pull_request' })).toMatchObject({
      status: 'fail',
      reason: '2 issues, 0 allowed; all count: no earlier run is known',
    })
    const other = { ...pull, against: against({ base: entry({ findings: { types: [] } }) }) }
    expect(verdictOf({ lint: {} }, [now], other).reason).toBe(
      '2 issues, 0 allowed; all count: abc1234 was not looked through for findings of the category lint',
    )
    expect(verdictOf({ lint: {} }, [findings('lint')], { event: 'pull_request' }).reason).toBe('no issues')
  })

  test('never of secrets and vulnerabilities', () => {
    expect(verdictOf({ secrets: {} }, [findings('secrets', 'high')], pull).reason).toBe('1 secret, 0 allowed')
  })

  test('what is not listed is taken for new, and what was fixed is then not known', () => {
    const cut: FindingsEvidence = { ...now, findings_omitted: 2, by_severity: { error: 2, warning: 2 } }
    const verdict = verdictOf({ lint: {} }, [cut], pull)
    expect(verdict.reason).toBe('3 new issues, 0 allowed')
    expect(verdict.figures.map(({ name }) => name)).not.toContain('fixed')
  })
})

test('findings that the base has too are marked, whatever gate judges them', () => {
  const { marks } = judgeStage({
    ...scene(pull),
    address: 'test',
    settings: readGates({ lint: 'off' }),
    instances: [{ address: 'test', evidence: [now, findings('secrets', 'high')] }],
  })
  expect(marks).toEqual({ known: ['lint-error-0', 'secrets-high-0'] })
})
