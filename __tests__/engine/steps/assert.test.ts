import { describe, expect, test } from '@jest/globals'
import { junit } from '../../support/samples.js'
import { walk } from '../../support/walk.js'

describe('assert', () => {
  test('fails with its message, or with the expression', async () => {
    const done = await walk(`t:
  on-failure: continue
  steps:
    plain: { assert: 1 > 2 }
    told: { assert: "'a' == 'b'", message: "a is \${{ github.workspace }}" }
    holds: { assert: "\${{ 'a' == 'A' }}" }`)
    expect(done.step('t/plain')).toMatchObject({
      status: 'failure',
      reason: 'does not hold: 1 > 2',
      tail: ['does not hold: 1 > 2'],
    })
    expect(done.step('t/told').reason).toBe('a is /repo')
    expect(done.step('t/holds').status).toBe('success')
    expect(done.exit).toBe(1)
  })

  test('of level `warning` is only said', async () => {
    const done = await walk(
      `t: { steps: [{ id: a, assert: "1 > 2", message: too little, level: warning }, { run: b }] }`,
    )
    expect(done.step('t/a')).toMatchObject({ status: 'success', warnings: ['too little'] })
    expect(done.outcome.verdict).toBe('warn')
    expect(done.exit).toBe(0)
  })

  test('sees the evidence of its stage so far and of all that it needs', async () => {
    const done = await walk(
      `unit: { steps: [{ run: unit, reports: r.xml }] }
mid: { needs: unit, steps: [{ run: x }] }
t:
  needs: mid
  steps:
    - assert: evidence.tests.tests == 3 && evidence.tests.skipped == 1 && evidence.tests.failed == 0
    - assert: "!evidence.coverage && !evidence.findings"
other: { steps: [{ assert: "!evidence.tests" }] }`,
      {
        scripts: (files) => ({
          unit: { does: () => files.write('r.xml', junit({ a: 'passed', b: 'passed', c: 'skipped' })) },
        }),
      },
    )
    expect(Object.values(done.status).every((status) => status === 'success')).toBe(true)
  })

  test('that cannot be evaluated fails its step', async () => {
    const done = await walk(`t: { steps: [{ id: a, assert: "fromJSON(github.event.x)" }] }`)
    expect(done.step('t/a')).toMatchObject({ status: 'failure', attempts: 1 })
    expect(done.step('t/a').reason).toContain('fromJSON: the text is empty')
  })
})
