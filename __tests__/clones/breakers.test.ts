import { afterAll, expect, jest, test } from '@jest/globals'
import { noCommit } from '../../src/history/breakers.js'
import { fileOf, selectEntries } from '../../src/history/lines.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { git } from '../support/command.js'
import { shop } from '../support/entries.js'
import { onRunner, outcomeIn, pushed } from '../support/measured.js'
import { makeOrigin } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'

jest.setTimeout(120_000)

const scratch = new Scratch('wf-breakers-')
afterAll(() => scratch.remove())

const workflow = `version: 1
name: shop
on: { push: check, pull_request: check }
history: branch
stages:
  check: { steps: [{ id: call, run: exit 7, breaker: { name: registry, failures: 2, open: 1h } }] }
`
const reasonOf = ({ stages }: Outcome): string | undefined => stages[0]?.instances[0]?.steps[0]?.reason

test('on a runner pushes to the default branch keep the states of breakers on the branch; pull requests read them', async () => {
  const origin = await makeOrigin(scratch, { '.github/wf.yml': workflow })
  const first = await pushed(origin)
  expect(first.outcome.published).toEqual([{ effect: 'breakers', status: 'created' }])
  const pull = await origin.pull({ 'a.txt': 'a\n' })
  const asPull = async (): Promise<Outcome> => {
    const place = await origin.checkOut({ commit: pull.merge, depth: 1 })
    return outcomeIn(place, { ...onRunner(place), event: pull.event })
  }
  // It counts for itself, and leaves the branch as it is.
  expect([reasonOf(await asPull()), reasonOf(await asPull())]).toEqual(['exit 7', 'exit 7'])
  expect(reasonOf((await pushed(origin)).outcome)).toBe('exit 7')
  expect(reasonOf(await asPull())).toMatch(/^the breaker `registry` is open since .* after 2 failures; next probe in /)
  const text = await git(origin.address, 'show', `wf-history:${fileOf(shop)}`)
  expect(selectEntries(text, new Set([noCommit])).entries).toMatchObject([{ breakers: { registry: { failures: 2 } } }])
  expect(await git(origin.address, 'log', '--format=%s', 'wf-history')).toBe(
    'chore(history): circuit breakers [skip ci]\n'.repeat(2),
  )
})
