import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { changeFacts } from '../../src/publish/change.js'
import { filesOf, pulledAs, pushed, source } from '../support/measured.js'
import { makeOrigin } from '../support/origin.js'
import type { Edits, Origin, Pull } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'

jest.setTimeout(120_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-figures-')
})
afterAll(() => scratch.remove())

/** At first 13 of 14 lines are covered (92.857 %), there are three findings and two tests. */
const remembered = async (): Promise<Origin> => {
  const origin = await makeOrigin(scratch, filesOf('history: branch'))
  await pushed(origin)
  return origin
}
const b = ['five', 'bad c', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven']

/** Adds two lines to a.js: one without a hit, one with a finding. */
const adds: Edits = {
  'a.js': source('one', 'bad a', 'two', 'three miss', 'bad b', 'four', 'new miss', 'bad new'),
}
/** What the base does since: it mends `bad c` and adds a test. */
const since: Edits = {
  'b.js': source(...b.map((line) => line.replace('bad c', 'fine'))),
  'tests.txt': source('one', 'two', 'three'),
}
/** 14 of 16 lines, after 13 of 14; of the two lines one; three tests as at the base; `bad a` and `bad b` are known, the mended one is no merit of the change. */
const figures = ['coverage 87.5% ▼ 5.36', 'added lines covered 50% (1 of 2)', 'tests 3 ±0', 'findings 1 new, 2 known']

async function expectFigures(origin: Origin, pull: Pull, facts: string[], distance = 0): Promise<void> {
  for (const depth of [1, 'full'] as const) {
    const { outcome } = await pulledAs(origin, pull, depth)
    expect([depth, outcome.compared?.base]).toEqual([depth, { sha: pull.base, name: 'main' }])
    expect(outcome.compared?.baseline).toMatchObject({ distance })
    expect([depth, ...changeFacts(outcome)]).toEqual([depth, ...facts])
  }
}

describe('by a shallow clone and by a whole one, a change', () => {
  test('that is merged with what its base did since answers for its own lines and findings alone', async () => {
    const origin = await remembered()
    const { head } = await origin.pull(adds)
    await origin.edit(since)
    await pushed(origin)
    await expectFigures(origin, await origin.mergeOf(head), figures)
  })

  test('that merged its base itself has the same figures', async () => {
    const origin = await remembered()
    const { head } = await origin.pull(adds)
    await origin.edit(since)
    await pushed(origin)
    const { merge } = await origin.mergeOf(head)
    await expectFigures(origin, await origin.mergeOf(merge), figures)
  })

  test('that was rebased has the same figures', async () => {
    const origin = await remembered()
    await origin.pull(adds)
    await origin.edit(since)
    await pushed(origin)
    await expectFigures(origin, await origin.pull(adds), figures)
  })

  test('that renames a file and changes a line of it adds that line, and keeps the findings', async () => {
    const origin = await remembered()
    const pull = await origin.pull({ 'b.js': null, 'lib/b.js': source(...b.with(7, 'eleven miss')) })
    // 12 of 14 lines.
    const facts = ['coverage 85.71% ▼ 7.14', 'added lines covered 0% (0 of 1)', 'tests 2 ±0', 'findings 0 new, 3 known']
    await expectFigures(origin, pull, facts)
  })

  test('that moves code adds its lines anew, and no finding', async () => {
    const origin = await remembered()
    const pull = await origin.pull({ 'a.js': source('three miss', 'bad b', 'four', 'one', 'bad a', 'two') })
    const facts = ['coverage 92.85% ±0', 'added lines covered 100% (3 of 3)', 'tests 2 ±0', 'findings 0 new, 3 known']
    await expectFigures(origin, pull, facts)
  })

  test('whose base has no data is compared with the nearest one that has: what the base did since is counted', async () => {
    const origin = await remembered()
    await origin.edit(since)
    await origin.grow(1)
    // `bad c` was mended and a test added by the base, of which no run is known.
    const facts = [
      'coverage 87.5% ▼ 5.36',
      'added lines covered 50% (1 of 2)',
      'tests 3 +1',
      'findings 1 new, 1 fixed, 2 known',
    ]
    await expectFigures(origin, await origin.pull(adds), facts, 2)
  })
})
