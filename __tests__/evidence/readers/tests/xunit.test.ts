import { expect, test } from '@jest/globals'
import { messages, numbers, read, readTests } from '../../reading.js'

const assembly = (body: string, attributes = ''): string =>
  `<assemblies><assembly name="shop.dll" run-date="2026-01-02" ${attributes}>${body}</assembly></assemblies>`
const collection = (body: string): string => `<collection name="Test collection for Shop.CartTest">${body}</collection>`

test('the results of version 2 and 3', async () => {
  const text = assembly(
    collection(`<test name="Shop.CartTest.Adds" type="Shop.CartTest" method="Adds" time="0.5" result="Pass"/>
      <test name="Shop.CartTest.TakesOff" type="Shop.CartTest" result="Fail" source-file="/w/CartTest.cs" source-line="10"><failure exception-type="Xunit.EqualException"><message>off &lt;by&gt; one</message>
      <stack-trace>   at Shop.CartTest.TakesOff() in /w/CartTest.cs:line 12</stack-trace></failure></test>
      <test name="Later" result="Skip"><reason>not yet</reason></test><test name="ByHand" result="NotRun"/>`),
    'total="4" passed="1" failed="1" skipped="1" not-run="1" errors="0" time="0.7"',
  )
  const report = await read(text)
  expect([report.format, report.problems]).toEqual(['xunit', []])
  const evidence = await readTests(text)
  expect(numbers(evidence)).toEqual([4, 1, 1, 0, 2, 0])
  expect(evidence.wall_s).toBe(0.7)
  expect(evidence.cases[1]).toMatchObject({ message: 'off <by> one', file: '/w/CartTest.cs', line: 12 })
  expect(evidence.cases[2]?.message).toBe('not yet')
})

test('an error outside of tests is an error', async () => {
  const text = assembly(
    `<errors><error type="assembly-cleanup" name="Shop.Fixture"><failure exception-type="E"><message>cannot clean</message></failure></error></errors>${collection('<test name="A" result="Pass"/>')}`,
    'total="1" failed="0" errors="1"',
  )
  const report = await read(text)
  expect(report.problems).toEqual([])
  const evidence = await readTests(text)
  expect(numbers(evidence)).toEqual([2, 1, 0, 1, 0, 0])
  expect(evidence.cases[0]).toMatchObject({ name: 'Shop.Fixture', message: 'cannot clean' })
})

test('version 1 has classes, whose fixtures can fail', async () => {
  const text = `<assembly name="a.dll" run-date="2012-01-02" total="1" failed="0"><class name="Shop.CartTest"><failure exception-type="E"><message>no database</message></failure>
    <test name="A" type="Shop.CartTest" method="A" result="Pass"/></class></assembly>`
  const evidence = await readTests(text)
  expect(numbers(evidence)).toEqual([2, 1, 0, 1, 0, 0])
  expect(evidence.cases.find(({ status }) => status === 'error')).toMatchObject({
    suite: 'Shop.CartTest',
    message: 'no database',
  })
})

test('what may hide a failure is an error', async () => {
  const passed = collection('<test name="A" result="Pass"/>')
  expect(messages(await read(assembly(passed, 'total="3" failed="1" errors="1"')))).toEqual([
    'states 2 failed tests and lists 0',
    'states 3 tests and lists 1',
  ])
  expect(messages(await read(assembly(collection('<test name="A" result="Odd"/>'))))).toEqual([
    'the test "A" has the unknown result "Odd"',
  ])
  const contradicts = collection('<test name="A" result="Pass"><failure><message>m</message></failure></test>')
  expect(numbers(await readTests(assembly(contradicts)))).toEqual([1, 0, 1, 0, 0, 0])
})

test('an empty run, and XML of others', async () => {
  expect((await read('<assemblies timestamp="01/02/2026"/>')).problems).toEqual([])
  expect((await read('<assembly xmlns="urn:schemas-microsoft-com:asm.v1"/>')).format).toBeNull()
})
