import { describe, expect, test } from '@jest/globals'
import type { Log, Result } from 'sarif'
import type { Finding } from '../../src/evidence/evidence.js'
import type { Compared } from '../../src/journal/outcome.js'
import { renderSarif } from '../../src/publish/sarif.js'
import { finding, findingsEvidence, instance, outcome, stage, step } from './outcomes.js'

const remark = (line: number, more: Partial<Finding> = {}): Finding =>
  finding({
    category: 'lint',
    rule: 'eqeqeq',
    severity: 'error',
    message: `remark ${line}`,
    file: 'a.js',
    line,
    ...more,
  })

const looked: Compared = {
  base: { sha: 'b'.repeat(40), name: 'main' },
  baseline: { sha: 'b'.repeat(40), distance: 0 },
  change: { files: 1, lines: 1 },
  earlier: [{ sha: 'b'.repeat(40), stages: [{ stage: 'quality', duration_ms: 1, findings: { lint: 1 } }] }],
}

/** The results for some findings of the stage `quality`. */
function resultsOf(findings: Finding[], compared?: Compared): Result[] {
  const stages = [stage('quality', [instance('quality', [step('quality/lint')])])]
  const whole = outcome(stages, [{ stage: 'quality', evidence: [findingsEvidence(findings)] }], {})
  const log = JSON.parse(renderSarif({ ...whole, ...(compared ? { compared } : {}) })) as Log
  return log.runs.flatMap(({ results = [] }) => results)
}

describe('a finding in SARIF', () => {
  const waived = { reason: 'goes with #7', until: '2027-02-01', owner: '@octo/shop' }

  test('that a waiver lets off is suppressed with the reason, the owner and the day, after all others', () => {
    const [open, off] = resultsOf([remark(1, { waived }), remark(2, { severity: 'note' })])
    expect(open).not.toHaveProperty('suppressions')
    expect(off).toMatchObject({
      message: { text: 'remark 1' },
      suppressions: [
        { kind: 'external', status: 'accepted', justification: 'goes with #7 (@octo/shop, until 2027-02-01)' },
      ],
    })
  })

  test('is new or unchanged where the base was looked through for its kind', () => {
    const states = resultsOf([remark(1), remark(2, { known: true })], looked).map((one) => one.baselineState)
    expect(states).toEqual(['new', 'unchanged'])
  })

  test.each<[string, Compared | undefined]>([
    ['nothing was compared', undefined],
    ['no base is known', { ...looked, baseline: { missing: 'no earlier run is known' }, earlier: [] }],
    ['the base has no such stage', { ...looked, earlier: [{ sha: 'b'.repeat(40), stages: [] }] }],
    [
      'the base was not looked through for it',
      {
        ...looked,
        earlier: [{ sha: 'b'.repeat(40), stages: [{ stage: 'quality', duration_ms: 1, findings: { types: 0 } }] }],
      },
    ],
  ])('says nothing of the base where %s', (_, compared) => {
    expect(resultsOf([remark(1)], compared)[0]).not.toHaveProperty('baselineState')
  })
})
