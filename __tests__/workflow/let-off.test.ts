import { describe, expect, test } from '@jest/globals'
import { withGatesOf } from '../../src/workflow/rules.js'
import { told } from '../support/mistakes.js'
import { workflow } from '../support/workflows.js'

const file = (tests: string): string => `stages:\n  test: { steps: [{ run: x }], gates: { tests: ${tests} } }\n`
const entry = (test: string, until = '2027-03-31'): string => `{ test: ${test}, until: ${until}, reason: r }`

describe('what is let off for a time', () => {
  test.each<[string, string[]]>([
    [`{ quarantine: [${entry('a', '2027-02-30')}] }`, ['4:81 bad-value there is no day `2027-02-30`']],
    [`{ quarantine: [${entry('a', 'soon')}] }`, ['4:81 bad-value `until` cannot be the text `soon`']],
    ['{ flaky: quarantine }', ['4:57 missing-key `flaky: quarantine` needs the list `quarantine`']],
    ['{ quarantine: [{ test: a, reason: r }] }', ['4:63 missing-key `quarantine` needs `until`']],
  ])('%s', async (tests, expected) => {
    expect(await told(`version: 1\nname: t\n${file(tests)}`)).toEqual(expected)
  })

  test('has a day that there is, at the top of the file too', async () => {
    const text =
      'version: 1\nname: t\nwaivers: [{ rule: a, until: 2027-04-31, reason: r }]\nstages: { s: { steps: [{ run: x }] } }\n'
    expect(await told(text)).toEqual(['3:29 bad-value there is no day `2027-04-31`'])
  })

  test('by a waiver is likewise that of the base', async () => {
    const waivers = (list: string): string => `waivers: [${list}]\n${file('{}')}`
    const base = await workflow(
      waivers('{ rule: a, until: 2027-03-31, reason: r }, { rule: b, until: 2027-03-31, reason: r }'),
    )
    const change = await workflow(
      waivers('{ rule: a, until: 2027-03-31, reason: other }, { rule: c, until: 2027-03-31, reason: r }'),
    )
    expect(withGatesOf(base, change, 'test').waivers).toEqual([
      { rule: 'a', until: '2027-03-31', reason: 'r' },
      { rule: 'b', until: '2027-03-31', reason: 'r', left: true },
    ])
  })

  test('is that of the base; what the change has taken out or renewed is marked', async () => {
    const base = await workflow(file(`{ quarantine: [${entry('a')}, ${entry('b')}, ${entry('c')}] }`))
    const change = await workflow(file(`{ quarantine: [${entry('a')}, ${entry('b', '2027-06-30')}, ${entry('d')}] }`))
    const { quarantine } = withGatesOf(base, change, 'test').stages.get('test')?.gates.tests ?? {}
    expect(quarantine?.map(({ test, until, left }) => [test, until, left])).toEqual([
      ['a', '2027-03-31', undefined],
      ['b', '2027-03-31', true],
      ['c', '2027-03-31', true],
    ])
  })
})
