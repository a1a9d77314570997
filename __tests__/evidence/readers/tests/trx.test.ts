import { expect, test } from '@jest/globals'
import { messages, numbers, read, readTests } from '../../reading.js'

const run = (results: string, summary = '', definitions = ''): string =>
  `<TestRun id="1" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">${summary}<Results>${results}</Results>${definitions}</TestRun>`
const result = (outcome: string, body = ''): string =>
  `<UnitTestResult testId="t" testName="T" duration="1.00:00:01.5000000" ${outcome && `outcome="${outcome}"`}>${body}</UnitTestResult>`
const definition =
  '<TestDefinitions><UnitTest name="T" id="t"><TestMethod className="Shop.CartTest, Shop, Version=1.0.0.0" name="T"/></UnitTest></TestDefinitions>'

test.each([
  ['Passed', [1, 1, 0, 0, 0, 0]],
  ['Warning', [1, 1, 0, 0, 0, 0]],
  ['Failed', [1, 0, 1, 0, 0, 0]],
  ['Error', [1, 0, 0, 1, 0, 0]],
  ['Timeout', [1, 0, 0, 1, 0, 0]],
  ['PassedButRunAborted', [1, 0, 0, 1, 0, 0]],
  ['InProgress', [1, 0, 0, 1, 0, 0]],
  ['', [1, 0, 0, 1, 0, 0]],
  ['NotExecuted', [1, 0, 0, 0, 1, 0]],
  ['Inconclusive', [1, 0, 0, 0, 1, 0]],
])('the outcome "%s"', async (outcome, expected) => {
  const report = await read(run(result(outcome)))
  expect([report.format, report.problems]).toEqual(['trx', []])
  expect(numbers(await readTests(run(result(outcome))))).toEqual(expected)
})

test.each(['Aborted', 'NotRunnable'])('a test that is %s did not fail, and the report is no proof', async (outcome) => {
  const report = await read(run(result(outcome)))
  expect([report.evidence, messages(report)]).toMatchObject([
    { skipped: 1 },
    [`the test "T" has the outcome "${outcome}"`],
  ])
})

test('a failure has message and place, and the class of its definition before or after it', async () => {
  const failed = result(
    'Failed',
    `<Output><StdOut>noise</StdOut><ErrorInfo><Message>off &lt;by&gt; one</Message><StackTrace>   at Shop.CartTest.T() in C:\\shop\\CartTest.cs:line 12</StackTrace></ErrorInfo><TextMessages><Message>noise</Message></TextMessages></Output>`,
  )
  for (const text of [run(failed, definition), run(failed, '', definition)]) {
    const { cases } = await readTests(text)
    expect(cases[0]).toMatchObject({
      classname: 'Shop.CartTest',
      message: 'off <by> one',
      file: 'C:/shop/CartTest.cs',
      line: 12,
      duration_s: 86401.5,
    })
  }
})

test('rows of data are the tests', async () => {
  const rows = (outcome: string, inner: string): string =>
    run(
      result(outcome, `<InnerResults>${result('Passed')}${result(inner)}</InnerResults>`),
      '<ResultSummary outcome="Failed"><Counters total="3" failed="2"/></ResultSummary>',
    )
  expect(numbers(await readTests(rows('Failed', 'Failed')))).toEqual([2, 1, 1, 0, 0, 0])
  expect((await read(rows('Failed', 'Failed'))).problems).toEqual([])
  expect(numbers(await readTests(rows('Failed', 'Passed')))).toEqual([3, 2, 1, 0, 0, 0])
})

test('what may hide a failure is an error', async () => {
  const summary = (outcome: string, counters: string): string =>
    `<ResultSummary outcome="${outcome}"><Counters ${counters}/></ResultSummary>`
  const passed = result('Passed')
  expect(messages(await read(run(passed, summary('Failed', 'total="1" passed="1"'))))).toEqual([
    'says that the run failed, and no test shows why',
  ])
  expect(messages(await read(run(passed, summary('Aborted', 'total="1"'))))).toContain(
    'says that the run did not end: its outcome is "aborted"',
  )
  expect(messages(await read(run(passed, summary('Completed', 'total="2" failed="1"'))))).toEqual([
    'states 1 failed tests and lists 0',
    'states 2 tests and lists 1',
  ])
  expect(messages(await read(run(result('Odd'))))).toEqual(['the test "T" has the unknown outcome "Odd"'])
})
