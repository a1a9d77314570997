import { describe, expect, test } from '@jest/globals'
import { messages, numbers, read, readTests } from '../../reading.js'

const run = (body: string, attributes = ''): string =>
  `<test-run id="0" ${attributes}><test-suite type="TestFixture" name="CartTest" fullname="Shop.CartTest" result="Passed">${body}</test-suite></test-run>`
const oldest = (body: string): string =>
  `<test-results name="x" ><test-suite name="CartTest" success="True"><results>${body}</results></test-suite></test-results>`

describe('NUnit 3', () => {
  test.each([
    ['result="Passed"', [1, 1, 0, 0, 0, 0]],
    ['result="Warning"', [1, 1, 0, 0, 0, 0]],
    ['result="Failed"', [1, 0, 1, 0, 0, 0]],
    ['result="Failed" label="Error"', [1, 0, 0, 1, 0, 0]],
    ['result="Failed" label="Invalid"', [1, 0, 0, 1, 0, 0]],
    ['result="Failed" label="Cancelled"', [1, 0, 0, 1, 0, 0]],
    ['result="Skipped" label="Ignored"', [1, 0, 0, 0, 1, 0]],
    ['result="Skipped" label="Explicit"', [1, 0, 0, 0, 1, 0]],
    ['result="Inconclusive"', [1, 0, 0, 0, 1, 0]],
  ])('%s', async (attributes, expected) => {
    expect(numbers(await readTests(run(`<test-case name="T" ${attributes}/>`)))).toEqual(expected)
  })

  test('a failure has its message and its place', async () => {
    const { cases } = await readTests(
      run(`<test-case name="T" fullname="Shop.CartTest.T" classname="Shop.CartTest" result="Failed" duration="0.25">
        <failure><message><![CDATA[  off <by> one]]></message><stack-trace><![CDATA[   at Shop.CartTest.T() in C:\\shop\\CartTest.cs:line 12]]></stack-trace></failure>
        <output><![CDATA[noise]]></output>
        <assertions><assertion result="Failed"><message>another</message></assertion></assertions></test-case>`),
    )
    expect(cases[0]).toMatchObject({
      classname: 'Shop.CartTest',
      suite: 'Shop.CartTest',
      message: 'off <by> one',
      file: 'C:/shop/CartTest.cs',
      line: 12,
      duration_s: 0.25,
    })
  })

  test('a tear-down that failed is an error of its own, a failure of children is none', async () => {
    const suite = (site: string, body: string): string =>
      `<test-run><test-suite type="TestFixture" fullname="F" result="Failed" site="${site}"><failure><message>m</message></failure>${body}</test-suite></test-run>`
    const passed = '<test-case name="T" result="Passed"/>'
    const failed = '<test-case name="T" result="Failed"/>'
    expect(numbers(await readTests(suite('TearDown', passed)))).toEqual([2, 1, 0, 1, 0, 0])
    expect(numbers(await readTests(suite('TearDown', failed)))).toEqual([2, 0, 1, 1, 0, 0])
    expect(numbers(await readTests(suite('Child', failed)))).toEqual([1, 0, 1, 0, 0, 0])
    expect(numbers(await readTests(suite('SetUp', failed)))).toEqual([1, 0, 1, 0, 0, 0])
  })

  test('an assembly that cannot be loaded is an error', async () => {
    const evidence = await readTests(
      '<test-run result="Failed" total="0"><test-suite type="Assembly" name="a.dll" runstate="NotRunnable" result="Failed" label="Invalid"><reason><message>File not found</message></reason></test-suite></test-run>',
    )
    expect(numbers(evidence)).toEqual([1, 0, 0, 1, 0, 0])
    expect(evidence.cases[0]?.message).toBe('File not found')
  })

  test('numbers that the tests do not bear out are an error', async () => {
    const passed = '<test-case name="T" result="Passed"/>'
    expect(messages(await read(run(passed, 'total="2" failed="1"')))).toEqual([
      'states 1 failed tests and lists 0',
      'states 2 tests and lists 1',
    ])
    expect(messages(await read(run(passed, 'total="1" result="Failed"')))).toEqual([
      'says that the run failed, and no test shows why',
    ])
    expect(messages(await read(run('<test-case name="T" result="Odd"/>')))).toEqual([
      'the test "T" has the unknown result "Odd"',
    ])
  })

  test('a single suite as the root', async () => {
    const report = await read(
      '<test-suite type="Assembly" runstate="Runnable" total="1"><test-case name="T" result="Passed"/></test-suite>',
    )
    expect([report.format, report.problems]).toEqual(['nunit', []])
  })

  test('an empty run', async () => {
    const report = await read('\uFEFF<test-run testcasecount="0" total="0" failed="0" result="Passed"/>')
    expect([report.evidence, report.problems]).toMatchObject([{ tests: 0 }, []])
  })
})

describe('NUnit 2', () => {
  test('whether a test ran and was a success', async () => {
    const body = `<test-case name="A" executed="True" success="True" time="0,5"/><test-case name="B" executed="True" success="False"/>
      <test-case name="C" executed="False"/><test-case name="D" executed="True"/><test-case name="E" executed="True"><failure><message>m</message></failure></test-case>`
    const evidence = await readTests(oldest(body))
    expect(numbers(evidence)).toEqual([5, 2, 2, 0, 1, 0])
    expect(evidence.duration_s).toBe(0.5)
  })

  test('a test that cannot be run is skipped, and the report no proof', async () => {
    const report = await read(oldest('<test-case name="A" executed="False" result="NotRunnable"/>'))
    expect(report.evidence).toMatchObject({ tests: 1, skipped: 1 })
    expect(messages(report)).toEqual(['the test "A" cannot be run'])
  })

  test('a suite that says that it failed, with tests that did not, is an error', async () => {
    const report = await read(
      '<test-results><test-suite name="S" success="False"><results><test-case name="A" executed="True" success="True"/></results></test-suite></test-results>',
    )
    expect(messages(report)).toEqual(['the suite "S" says that it failed, and no test in it did'])
  })
})
