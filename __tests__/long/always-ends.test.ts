import { expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import { parse } from 'yaml'
import { randomHanging } from '../support/random-workflow.js'
import { walk } from '../support/walk.js'
import type { Walked } from '../support/walk.js'

jest.setTimeout(120_000)

/** The most processes of these scripts that ran at once. */
function mostAtOnce({ started }: Walked, scripts: ReadonlySet<string>): number {
  const own = started.filter(({ script }) => scripts.has(script))
  return Math.max(0, ...own.map(({ from }) => own.filter((o) => o.from <= from && (o.to ?? Infinity) > from).length))
}

interface StepText {
  run: string
  pool?: string | { name: string }
}
type StepTexts = readonly StepText[] | Readonly<Record<string, StepText>>

/** The scripts whose step names a pool. */
function scriptsIn(text: string, pool: string): Set<string> {
  const { stages } = parse(text) as { stages: Record<string, { steps?: StepTexts; finally?: StepTexts }> }
  const steps = Object.values(stages).flatMap((stage) =>
    [stage.steps ?? [], stage.finally ?? []].flatMap(Object.values<StepText>),
  )
  const nameOf = ({ pool: own }: StepText): string | undefined => (typeof own === 'object' ? own.name : own)
  return new Set(steps.filter((step) => nameOf(step) === pool).map(({ run }) => run))
}

test('a run that is cancelled ends, whatever hangs: nothing stays, no pool holds too many, every step is concluded once', async () => {
  await fc.assert(
    fc.asyncProperty(randomHanging, fc.nat(300), async ({ text, scripts, concurrency, target }, cancelAt) => {
      const { clock, ...done } = await walk(text, {
        scripts,
        concurrency,
        cancelAt,
        // What must still run may hang too: somebody loses patience at last.
        killAt: 400_000,
        ...(target === undefined ? {} : { target }),
      }).then((walked) => ({ ...walked, clock: walked.ports.clock }))
      expect(done.ports.processes.running).toBe(0)
      expect(clock.monotonic()).toBeLessThanOrEqual(400_000)
      expect(done.ports.processes.mostAtOnce).toBeLessThanOrEqual(concurrency)
      expect(mostAtOnce(done, scriptsIn(text, 'one'))).toBeLessThanOrEqual(1)
      expect(mostAtOnce(done, scriptsIn(text, 'two'))).toBeLessThanOrEqual(2)
      const concluded = done.events.flatMap((event) => (event.type === 'step.finished' ? [event.step] : []))
      expect(new Set(concluded).size).toBe(concluded.length)
      const stages = done.events.flatMap((event) => (event.type === 'stage.finished' ? [event.stage] : []))
      expect(stages.toSorted()).toEqual(done.outcome.stages.map(({ id }) => id).toSorted())
    }),
    { numRuns: 200 },
  )
})
