import { beforeAll, describe, expect, test } from '@jest/globals'
import { assert as holds, integer, property } from 'fast-check'
import type { JournalLine } from '../../src/journal/events.js'
import { conclude } from '../../src/journal/conclude.js'
import { foldOutcome } from '../../src/journal/fold.js'
import { eslint, junit } from '../support/samples.js'
import { walk } from '../support/walk.js'

const text = `a:
  matrix: { n: [1, 2] }
  steps:
    one: { run: one, reports: r.xml, retry: { retries: 1, delay: 1s } }
    two: { needs: one, run: two }
  finally: [{ id: end, run: end }]
b: { if: "'x' == 'y'", steps: [{ run: b }] }
c: { steps: [{ run: c, fix: mend, reports: c.json }], gates: { lint: {} } }
m: { needs: [a, c], gates: { tests: {} } }`

let lines: readonly JournalLine[] = []
beforeAll(async () => {
  const done = await walk(text, {
    fix: true,
    scripts: (files) => ({
      one: [
        { code: 1, takes: 100, does: () => files.write('r.xml', junit({ a: 'failed' })) },
        { code: 0, takes: 100, does: () => files.write('r.xml', junit({ a: 'passed' })) },
        { code: 0, takes: 100, does: () => files.write('r.xml', junit({ b: 'passed' }, 'two')) },
      ],
      c: { code: 1, does: () => files.write('c.json', eslint(1)) },
    }),
  })
  lines = done.lines
})

describe('the fold', () => {
  test('never throws, whatever prefix is left, and a run that was cut off is cancelled', () => {
    holds(
      property(integer({ min: 1, max: lines.length }), (length) => {
        const outcome = foldOutcome(lines.slice(0, length))
        const whole = length === lines.length
        expect(outcome.verdict).toBe(whole ? 'fail' : 'cancelled')
        expect(outcome.stages.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'm'])
        if (whole) return
        for (const stage of outcome.stages)
          if (!lines.slice(0, length).some(({ event }) => event.type === 'stage.finished' && event.stage === stage.id))
            expect(stage.status).toBe('cancelled')
      }),
      { numRuns: 200 },
    )
  })

  test('needs the start', () => {
    expect(() => foldOutcome(lines.slice(1))).toThrow('a journal begins with run.started')
  })

  test('is the same for the same journal', () => {
    expect(JSON.stringify(foldOutcome(lines))).toBe(JSON.stringify(foldOutcome(lines)))
  })

  test('tells what was known when it was cut off', () => {
    const at = lines.findIndex(
      ({ event }) => event.type === 'attempt.started' && event.step === 'a[n=1]/one' && event.attempt === 2,
    )
    const outcome = foldOutcome(lines.slice(0, at + 1))
    const [step] = outcome.stages[0]?.instances[0]?.steps ?? []
    expect(step).toMatchObject({ status: 'cancelled', attempts: 2, reports: [{ path: 'r.xml', attempt: 1 }] })
    expect(outcome.evidence[0]?.evidence[0]).toMatchObject({ tests: 1, failed: 1 })
  })

  test('counts the time of steps with their waits, and of the run', () => {
    const outcome = foldOutcome(lines)
    const [step] = outcome.stages[0]?.instances[0]?.steps ?? []
    expect(step).toMatchObject({ duration_ms: 1200, attempts: 2 })
    expect(outcome.run.duration_ms).toBe(1300)
  })

  test('merges the evidence of a stage over its instances and attempts', () => {
    const outcome = foldOutcome(lines)
    expect(outcome.evidence.map(({ stage }) => stage)).toEqual(['a', 'c'])
    expect(outcome.evidence[0]?.evidence[0]).toMatchObject({ tests: 2, passed: 2, flaky: 1 })
  })
})

describe('the verdict', () => {
  const verdictOf = async (
    stages: string,
    options: Parameters<typeof walk>[1] = {},
  ): Promise<[string, string, number]> => {
    const { outcome, exit } = await walk(stages, options)
    return [outcome.verdict, outcome.reason, exit]
  }

  test('names gates and steps, three of each at most', async () => {
    const steps = [1, 2, 3, 4, 5].map((n) => `s${n}: { run: bad }`)
    const many = `t: { on-failure: continue, steps: { ${steps.join(', ')} } }`
    expect(await verdictOf(many, { scripts: { bad: { code: 1 } } })).toEqual([
      'fail',
      'failed: t/s1, t/s2, t/s3 and 2 more',
      1,
    ])
  })

  test('is a warning when something was tolerated', async () => {
    expect(
      await verdictOf('t: { steps: [{ run: bad, continue-on-error: true }] }', { scripts: { bad: { code: 1 } } }),
    ).toEqual(['warn', 'passed with warnings', 0])
  })

  test('is the worst of what is known', () => {
    expect(conclude({ stages: [], verdicts: [], cancelled: true, target: 'all' }).verdict).toBe('cancelled')
    expect(conclude({ stages: [], verdicts: [], cancelled: false, target: 'all' })).toMatchObject({ verdict: 'pass' })
  })
})
