import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { Outcome } from '../../src/journal/outcome.js'
import { randomWorkflow } from '../support/random-workflow.js'
import type { Script } from '../support/processes.js'
import { walk } from '../support/walk.js'
import type { Scripts } from '../support/walk.js'
import { walkMany } from '../support/walk-many.js'

jest.setTimeout(300_000)

/** What an outcome says, without what depends on the machine. */
const said = ({ verdict, stages, verdicts }: Outcome) => ({
  verdict,
  stages: stages.map(({ id, status, reason, instances }) => ({
    id,
    status,
    reason,
    instances: instances.map((one) => [one.address, one.status, one.reason]),
  })),
  verdicts: verdicts.map(({ gate, address, status, reason, figures }) => ({ gate, address, status, reason, figures })),
})

/** Scripts whose attempts are counted over all jobs, as over all instances of one job. */
function inTurn(scripts: Readonly<Record<string, Script[]>>): Scripts {
  return Object.fromEntries(
    Object.entries(scripts).map(([text, all]) => {
      let next = 0
      return [text, (): Script => all[Math.min(next++, all.length - 1)] ?? {}]
    }),
  )
}

describe('the shapes of a run', () => {
  test('one job and many jobs agree on every verdict', async () => {
    await fc.assert(
      fc.asyncProperty(randomWorkflow, async ({ text, scripts, concurrency, target }) => {
        const how = { concurrency, ...(target === undefined ? {} : { target }) }
        const one = await walk(text, { ...how, scripts: inTurn(scripts) })
        const many = await walkMany(text, { ...how, scripts: inTurn(scripts) })
        expect(said(many.verdict.outcome)).toEqual(said(one.outcome))
        expect(many.verdict.exit).toBe(one.exit)
      }),
      { numRuns: 300 },
    )
  })
})
