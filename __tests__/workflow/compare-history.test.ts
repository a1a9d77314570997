import { describe, expect, test } from '@jest/globals'
import { compareRules } from '../../src/workflow/rule-changes.js'
import { workflow } from '../support/workflows.js'

const file = (history: string): string => `${history}\nstages: { review: { steps: [{ run: x }] } }\n`
/** `what: base -> change effect` of each difference. */
async function told(base: string, change: string): Promise<string[]> {
  const changes = compareRules(await workflow(file(base)), await workflow(file(change)), 'review')
  return changes.map((one) => `${one.stage}${one.what}: ${one.base} -> ${one.change} ${one.effect}`)
}

describe('a change of the history', () => {
  test.each([
    ['history: branch', 'history: off', 'history: branch -> off weaker'],
    ['', 'history: off', 'history: by default -> off weaker'],
    ['history: { store: off, keep: 90d }', 'history: { store: branch, keep: 7d }', 'history: off -> branch stricter'],
    ['history: branch', '', 'history: branch -> by default different'],
    ['history: { folder: .past }', 'history: { folder: .other }', 'history: folder .past -> folder .other different'],
    ['', 'history: { keep: 7d }', 'history.keep: 90d -> 7d weaker'],
    ['history: { keep: 36h }', '', 'history.keep: 36h -> 90d stricter'],
    ['', 'history: { entries: 20 }', 'history.entries: 1000 -> 20 weaker'],
  ])('from `%s` to `%s` is told', async (base, change, said) => {
    expect(await told(base, change)).toEqual([said])
  })

  test('that says the same in other words is none', async () => {
    expect(await told('history: branch', 'history: { store: branch, keep: 2160h, entries: 1000 }')).toEqual([])
  })
})
