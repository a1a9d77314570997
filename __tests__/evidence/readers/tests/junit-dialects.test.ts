import { expect, test } from '@jest/globals'
import { fixture, messages, numbers, readTests, read } from '../../reading.js'
import { mergeEvidence } from '../../../../src/evidence/merge.js'

const suite = (body: string): string => `<testsuite name="s">${body}</testsuite>`

test.each([
  ['Unable to find executable', 1],
  ['Required Files Missing', 1],
  ['Fixture dependency failed', 1],
  ['Failed to change working directory', 1],
  ['SKIP_RETURN_CODE=77', 0],
  ['SKIP_REGULAR_EXPRESSION_MATCHED', 0],
])('CTest: a test that did not run, "%s", is an error %d times', async (message, errors) => {
  const text = suite(`<testcase name="a" status="notrun"><skipped message="${message}"/></testcase>`)
  expect(numbers(await readTests(text))).toEqual([1, 0, 0, errors, 1 - errors, 0])
})

test('CTest: what a failing test printed tells why, where nothing else does', async () => {
  const test_ = (failure: string): string =>
    suite(`<testcase name="a" status="fail">${failure}<system-out>cart.cpp:4: off by one</system-out></testcase>`)
  expect((await readTests(test_('<failure message=""/>'))).cases[0]).toMatchObject({
    message: 'cart.cpp:4: off by one',
    file: 'cart.cpp',
    line: 4,
  })
  expect((await readTests(test_('<failure message="m"/>'))).cases[0]).toMatchObject({ message: 'm' })
  expect((await readTests(test_('<failure>n</failure>'))).cases[0]).toMatchObject({ message: 'n' })
})

test('Catch2: a test that may fail is left out, and one that failed is not', async () => {
  const both = '<failure message="1 == 2" type="CHECK"/>'
  const may = '<skipped message="TEST_CASE tagged with !mayfail"/>'
  expect(numbers(await readTests(suite(`<testcase name="a">${may}${both}</testcase>`)))).toEqual([1, 0, 0, 0, 1, 0])
  expect(numbers(await readTests(suite(`<testcase name="a">${both}</testcase>`)))).toEqual([1, 0, 1, 0, 0, 0])
})

test("Ant's summary beside the files that it sums up counts once", async () => {
  const names = ['ant-1.10-TestSuites.xml', 'ant-1.10-shop.CartTest.xml', 'ant-1.10-shop.SetupTest.xml']
  for (const order of [names, names.toReversed()]) {
    const all = await Promise.all(order.map(async (name) => readTests(fixture(name))))
    expect(mergeEvidence(all)).toMatchObject([{ tests: 5, passed: 1, failed: 1, errors: 2, skipped: 1 }])
  }
})

test('PHPUnit names a test before it says what happened', async () => {
  const text = suite(
    '<testcase name="testA"><failure type="E">CartTest::testA with data set "three" (3)\nFailed asserting that 1 is 0.</failure></testcase>',
  )
  expect((await readTests(text)).cases[0]?.message).toBe('Failed asserting that 1 is 0.')
})

test('pytest-nunit writes an empty failure beside what passed; one with a message is one', async () => {
  const run = (message: string): string =>
    `<test-run><test-suite type="Assembly" name="t"><test-case name="a" result="Passed"><failure><message>${message}</message><stack-trace>None</stack-trace></failure></test-case></test-suite></test-run>`
  expect(numbers(await readTests(run('')))).toEqual([1, 1, 0, 0, 0, 0])
  expect(numbers(await readTests(run('m')))).toEqual([1, 0, 1, 0, 0, 0])
  expect(messages(await read(run('')))).toEqual([])
})
