import { describe, expect, test } from '@jest/globals'
import type { FindingsEvidence } from '../../src/evidence/evidence.js'
import { conclude } from '../../src/engine/conclude.js'
import type { Step } from '../../src/workflow/model.js'

const finding = { category: 'lint', rule: 'r', severity: 'error', message: 'm', fingerprint: 'f' } as const
const evidence: FindingsEvidence = {
  kind: 'findings',
  categories: ['lint'],
  findings: [finding],
  findings_omitted: 0,
  by_severity: { error: 1 },
  suppressed: 0,
}
const step = { id: 'lint', reports: [{ source: 'stdout', required: true, stored: false }] } as unknown as Step
const after = (code: number) =>
  conclude(
    step,
    {
      number: 1,
      ending: { kind: 'exit', code },
      outputs: {},
      told: { outputs: {}, env: {}, paths: [], summary: '', problems: [] },
      reports: [{ path: 'stdout', format: 'sarif', kind: 'findings', evidence, problems: [] }],
      fresh: [evidence],
      warnings: [],
      errors: [],
      tail: [],
    },
    new Set(['lint']),
  )

describe('a report explains what its tool found, not that it broke', () => {
  test.each([1, 2, 3, 125])('exit %i with findings is judged', (code) => {
    expect(after(code)).toMatchObject({ status: 'judged', reason: `exit ${code}: 1 lint finding` })
  })

  test.each([126, 127, 128, 137, 139, 143, 255])('exit %i is a failure whatever the report says', (code) => {
    expect(after(code)).toMatchObject({ status: 'failure', reason: `exit ${code}, and no report explains it` })
  })
})
