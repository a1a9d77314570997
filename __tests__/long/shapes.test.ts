import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { Outcome } from '../../src/journal/outcome.js'
import { randomJudged, randomWorkflow } from '../support/random-workflow.js'
import type { Script } from '../support/processes.js'
import { walk } from '../support/walk.js'
import type { Scripts } from '../support/walk.js'
import { walkMany } from '../support/walk-many.js'

jest.setTimeout(600_000)

/** What an outcome says, without what depends on the machine. */
const said = ({ verdict, stages, verdicts }: Outcome) => ({
  verdict,
  stages: stages.map(({ id, status, reason, instances }) => ({
    id,
    status,
    reason,
    instances: instances.map((one) => [one.address, one.status, one.reason]),
  })),
  // Stages that run at once are judged in the order in which they end.
  verdicts: verdicts
    .map(({ gate, address, status, reason, figures }) => ({ gate, address, status, reason, figures }))
    .sort((a, b) => (`${a.address} ${a.gate}` < `${b.address} ${b.gate}` ? -1 : 1)),
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

/** Of each kind. */
const runs = 150

describe('the shapes of a run', () => {
  test.each([
    ['of every shape', randomWorkflow],
    ['with findings and gates', randomJudged],
  ])('one job, many jobs and isolated instances agree on every verdict: workflows %s', async (_, workflows) => {
    await fc.assert(
      fc.asyncProperty(workflows, async ({ text, scripts, concurrency, target }) => {
        const how = { tracked: ['.github/wf.yml'], concurrency, ...(target === undefined ? {} : { target }) }
        const one = await walk(text, { ...how, scripts: inTurn(scripts) })
        const many = await walkMany(text, { ...how, scripts: inTurn(scripts) })
        expect(said(many.verdict.outcome)).toEqual(said(one.outcome))
        expect(many.verdict.exit).toBe(one.exit)
        // One after another, so that attempts are counted alike.
        const alone = await walk(text, { ...how, scripts: inTurn(scripts), concurrency: 1, isolated: true })
        expect(said(alone.outcome)).toEqual(said(one.outcome))
        expect(alone.exit).toBe(one.exit)
      }),
      { numRuns: runs },
    )
  })
})
