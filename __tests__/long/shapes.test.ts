import { describe, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { Outcome } from '../../src/journal/outcome.js'
import { randomJudged, randomWorkflow } from '../support/random-workflow.js'
import { inTurn, said } from '../support/shapes.js'
import { walk } from '../support/walk.js'
import { walkMany } from '../support/walk-many.js'

jest.setTimeout(600_000)

/** What it says of its stages and gates; stages that run at once are judged in the order in which they end. */
const judged = (outcome: Outcome) => ({
  ...said(outcome),
  verdicts: outcome.verdicts
    .map(({ gate, address, status, reason, figures }) => ({ gate, address, status, reason, figures }))
    .sort((a, b) => (`${a.address} ${a.gate}` < `${b.address} ${b.gate}` ? -1 : 1)),
})

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
        expect(judged(many.verdict.outcome)).toEqual(judged(one.outcome))
        expect(many.verdict.exit).toBe(one.exit)
        // One after another, so that attempts are counted alike.
        const alone = await walk(text, { ...how, scripts: inTurn(scripts), concurrency: 1, isolated: true })
        expect(judged(alone.outcome)).toEqual(judged(one.outcome))
        expect(alone.exit).toBe(one.exit)
      }),
      { numRuns: runs },
    )
  })
})
