import { describe, expect, test } from '@jest/globals'
import { messages, numbers, read, readTests } from '../reading.js'

const suite = (inside: string, attributes = 'name="s"'): string => `<testsuite ${attributes}>${inside}</testsuite>`
const failing = (name: string): string => `<testcase name="${name}"><failure message="no"/></testcase>`
const passing = (name: string): string => `<testcase name="${name}"/>`
const n = async (xml: string): Promise<number[]> => numbers(await readTests(xml))

describe('counting', () => {
  test('error and failure are kept apart', async () => {
    expect(await n(suite('<testcase name="a"><error/></testcase>' + failing('b') + passing('c')))).toEqual([
      3, 1, 1, 1, 0, 0,
    ])
  })

  test('of several results in one test the worst wins, once', async () => {
    const one = await readTests(
      suite('<testcase name="a"><skipped/><failure message="f"/><error message="e"/><failure/></testcase>'),
    )
    expect(numbers(one)).toEqual([1, 0, 0, 1, 0, 0])
    expect(one.cases).toMatchObject([{ status: 'error', message: 'e' }])
  })

  test('nested suites count all, at every depth', async () => {
    const deep = suite(passing('a') + suite(failing('b') + suite(suite(failing('c') + passing('d')))))
    expect(await n(`<testsuites>${deep}</testsuites>`)).toEqual([4, 2, 2, 0, 0, 0])
  })

  test('tests may stand directly in the root, without attributes at all', async () => {
    const evidence = await readTests('<testsuites><testcase/><testcase><failure/></testcase></testsuites>')
    expect(numbers(evidence)).toEqual([2, 1, 1, 0, 0, 0])
    expect(evidence.cases.map(({ name }) => name)).toEqual(['a test without name', 'a test without name'])
  })

  test.each(['disabled', 'notrun', 'skipped', 'ignored', 'Inconclusive'])('status %s is skipped', async (status) => {
    expect(await n(suite(`<testcase name="a" status="${status}"/>`))).toEqual([1, 0, 0, 0, 1, 0])
  })

  test.each(['status="failed"', 'result="failure"', 'status="run" result="fail"'])(
    '%s alone is a failure',
    async (a) => {
      expect(await n(suite(`<testcase name="a" ${a}/>`))).toEqual([1, 0, 1, 0, 0, 0])
    },
  )

  test('disabled and TODO excuse a failure', async () => {
    const disabled = '<testcase name="a" status="disabled"><failure/></testcase>'
    const todo = '<testcase name="b"><skipped type="todo"/><failure message="x"/></testcase>'
    expect(await n(suite(disabled + todo))).toEqual([2, 0, 0, 0, 2, 0])
  })

  test('GoogleTest: what was suppressed or skipped did not run', async () => {
    const xml = suite(
      '<testcase name="a" status="notrun" result="suppressed"/><testcase name="b" status="run" result="skipped"/>' +
        '<testcase name="c" status="run" result="completed"/>',
    )
    expect(await n(xml)).toEqual([3, 1, 0, 0, 2, 0])
  })
})

describe('suites without tests', () => {
  test('an error of the suite itself is one error', async () => {
    const evidence = await readTests(suite('<error message="cannot compile">stack</error>', 'name="s" tests="0"'))
    expect(numbers(evidence)).toEqual([1, 0, 0, 1, 0, 0])
    expect(evidence.cases).toMatchObject([{ name: 'suite "s"', status: 'error', message: 'cannot compile' }])
  })

  test('beside tests it counts too', async () => {
    expect(await n(suite(passing('a') + '<failure message="teardown"/>'))).toEqual([2, 1, 0, 1, 0, 0])
  })

  test('the attributes of a leaf count, and it is said', async () => {
    const report = await read(suite('', 'name="s" tests="6" failures="1" errors="2" skipped="1"'))
    expect(report.evidence).toMatchObject({ tests: 6, passed: 2, failed: 1, errors: 2, skipped: 1, cases_omitted: 6 })
    expect(messages(report, 'warning')).toEqual([
      'suite "s" states 6 tests and lists none: its numbers are taken as they are',
    ])
  })

  test('an error of a leaf that counts it is not counted twice', async () => {
    expect(await n(suite('<error/>', 'tests="1" errors="1"'))).toEqual([1, 0, 0, 1, 0, 0])
  })

  test('failures without tests are tests', async () => {
    expect(await n('<testsuites tests="0" failures="2"/>')).toEqual([2, 0, 2, 0, 0, 0])
  })

  test('none at all is none', async () => {
    const report = await read('<testsuites/>')
    expect(report).toMatchObject({ format: 'junit', problems: [], evidence: { tests: 0, suites: 0 } })
  })
})

describe('attributes against tests', () => {
  test('the tests count, a difference is a warning', async () => {
    const report = await read(suite(passing('a'), 'name="s" tests="5"'))
    expect(report.evidence).toMatchObject({ tests: 1 })
    expect(report.problems).toEqual([
      { level: 'warning', message: 'suite "s" states 5 tests, but lists 1: the listed ones count' },
    ])
  })

  test.each(['failures="1"', 'errors="1"', 'failures="1" errors="1"'])(
    '%s that no test shows is an error',
    async (a) => {
      expect(messages(await read(suite(passing('a'), `name="s" tests="1" ${a}`)))).toHaveLength(1)
    },
  )

  test('it is said once, where it is', async () => {
    const xml = `<testsuites failures="1">${suite(suite(passing('a'), 'name="in" failures="1"'), 'name="out" failures="1"')}</testsuites>`
    expect(messages(await read(xml))).toEqual(['suite "in" states 1 failures and 0 errors, but its tests show 0'])
  })

  test('several failures of one test are no difference', async () => {
    const two = suite('<testcase name="a"><failure/><error/></testcase>', 'tests="1" failures="1" errors="1"')
    expect((await read(two)).problems).toEqual([])
  })

  test.each(['tests="many"', 'tests="-3"', 'tests="NaN"', 'tests="1e999"', 'tests=""'])(
    'nonsense (%s) is no number of tests',
    async (a) => {
      expect(await n(suite('', a))).toEqual([0, 0, 0, 0, 0, 0])
    },
  )
})

describe('tests that were run again', () => {
  test('failed, then passed under the same name: one flaky test with the reason of the failure', async () => {
    const evidence = await readTests(suite(failing('a') + failing('a') + passing('a') + passing('b')))
    expect(numbers(evidence)).toEqual([2, 2, 0, 0, 0, 1])
    expect(evidence.cases).toMatchObject([
      { name: 'a', status: 'passed', flaky: true, message: 'no' },
      { name: 'b', status: 'passed' },
    ])
  })

  test('failed each time: one test, the worst', async () => {
    const xml = suite(failing('a') + '<testcase name="a"><error/></testcase>' + failing('a'))
    expect(await n(xml)).toEqual([1, 0, 0, 1, 0, 0])
  })

  test('failed each time where the suite counts them apart: several tests of one name', async () => {
    expect(await n(suite(failing('a') + failing('a'), 'tests="2" failures="2"'))).toEqual([2, 0, 2, 0, 0, 0])
  })

  test('in Go a name is one test whatever is counted', async () => {
    const go = '<properties><property name="go.version" value="go1.26"/></properties>'
    expect(await n(suite(go + failing('a') + failing('a'), 'tests="2" failures="2"'))).toEqual([1, 0, 1, 0, 0, 0])
  })

  test('the same name after it passed or was skipped is another test', async () => {
    expect(await n(suite(passing('a') + failing('a')))).toEqual([2, 1, 1, 0, 0, 0])
    expect(await n(suite('<testcase name="a"><skipped/></testcase>' + failing('a')))).toEqual([2, 0, 1, 0, 1, 0])
  })

  test('in a row, counted as one by the suite: the earlier ones were attempts', async () => {
    const row = passing('a') + passing('a') + passing('b') + passing('c') + failing('c')
    expect(await n(suite(row, 'tests="3" failures="1"'))).toEqual([3, 2, 1, 0, 0, 1])
    expect(await n(suite(row, 'tests="5" failures="1"'))).toEqual([5, 4, 1, 0, 0, 0])
  })

  test('another class, file or suite is another test', async () => {
    const a = '<testcase name="a" classname="A"><failure/></testcase><testcase name="a" classname="B"/>'
    const f = '<testcase name="f" file="1.js"><failure/></testcase><testcase name="f" file="2.js"/>'
    expect(await n(suite(a + f))).toEqual([4, 2, 2, 0, 0, 0])
    expect(await n(`<testsuites>${suite(failing('a'))}${suite(passing('a'))}</testsuites>`)).toEqual([2, 1, 1, 0, 0, 0])
  })

  test('directly in the root the same name is another file’s test', async () => {
    expect(await n(`<testsuites>${failing('a')}${passing('a')}</testsuites>`)).toEqual([2, 1, 1, 0, 0, 0])
  })

  test('Surefire says it with elements', async () => {
    const flaky =
      '<testcase name="a"><flakyFailure message="first"><stackTrace>x</stackTrace></flakyFailure></testcase>'
    const rerun = '<testcase name="b"><failure message="f"/><rerunFailure/><rerunError/></testcase>'
    expect(await n(suite(flaky + rerun))).toEqual([2, 1, 0, 1, 0, 1])
  })
})

describe('durations', () => {
  test.each([
    ['the suite’s own time', suite('<testcase name="a" time="1"/><testcase name="b" time="2"/>', 'time="9"'), 9],
    ['else the sum', suite('<testcase name="a" time="1"/><testcase name="b" time="2.5"/>'), 3.5],
    ['of suites inside suites', suite(suite('', 'time="2"') + suite('<testcase time="1"/>')), 3],
    ['with grouped thousands', suite('', 'time="1,234.5"'), 1234.5],
    ['with a decimal comma', suite('', 'time="0,25"'), 0.25],
    ['negative or senseless ones aside', suite('<testcase time="-1"/><testcase time="soon"/><testcase time=""/>'), 0],
  ])('%s', async (_, xml, seconds) => {
    expect((await readTests(xml)).duration_s).toBe(seconds)
  })

  test('the wall clock of the root is told apart', async () => {
    const evidence = await readTests(
      `<testsuites time="5">${suite('', 'time="4"')}${suite('', 'time="3"')}</testsuites>`,
    )
    expect(evidence).toMatchObject({ duration_s: 7, wall_s: 5 })
  })
})

describe('what is listed', () => {
  test('passing tests give way to those that did not pass', async () => {
    const many = Array.from({ length: 20_050 }, (_, i) => passing(`p${i}`)).join('')
    const bad = Array.from({ length: 30 }, (_, i) => failing(`f${i}`)).join('')
    const evidence = await readTests(suite(many + bad))
    expect([evidence.tests, evidence.failed, evidence.cases.length, evidence.cases_omitted]).toEqual([
      20_080, 30, 20_000, 80,
    ])
    expect(evidence.cases.filter(({ status }) => status === 'failed')).toHaveLength(30)
    expect(evidence.suite_totals).toMatchObject([{ tests: 20_080, listed: 20_000 }])
  })

  test('of failing tests ten thousand, the rest is counted', async () => {
    const evidence = await readTests(suite(Array.from({ length: 10_010 }, (_, i) => failing(`f${i}`)).join('')))
    expect([evidence.failed, evidence.cases.length, evidence.cases_omitted]).toEqual([10_010, 10_000, 10])
  })

  test('skipped tests do not crowd out failing ones', async () => {
    const skipped = Array.from({ length: 21_000 }, (_, i) => `<testcase name="s${i}"><skipped/></testcase>`).join('')
    const evidence = await readTests(suite(skipped + failing('last')))
    expect(evidence.cases.at(-1)).toMatchObject({ name: 'last', status: 'failed' })
    expect(evidence.skipped).toBe(21_000)
  })

  test('the name that the user gave stands for the suites', async () => {
    const evidence = await readTests(suite(failing('a')), { suite: 'e2e' })
    expect(evidence.cases[0]?.suite).toBe('e2e')
    expect(evidence.suite_totals?.[0]?.name).toBe('e2e')
  })

  test('long texts are cut, and messages stay short', async () => {
    const text = `first line\n${'x'.repeat(100_000)}\nthe end`
    const [test] = (await readTests(suite(`<testcase name="a"><failure>${text}</failure></testcase>`))).cases
    expect(test?.message).toBe('first line')
    expect(test?.details?.length).toBeLessThanOrEqual(4000)
  })

  test('more than a cap of tests is truncated, which never passes', async () => {
    const report = await read(suite(passing('a') + passing('b') + passing('c')), { caps: { items: 2 } })
    expect(messages(report)).toEqual(['truncated: it holds more than 2 tests'])
    expect(report.evidence).toMatchObject({ tests: 3 })
  })
})
