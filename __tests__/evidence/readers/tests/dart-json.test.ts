import { expect, test } from '@jest/globals'
import { messages, numbers, read, readTests } from '../../reading.js'

type Event = Record<string, unknown>
const lines = (...events: Event[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('')
const start = { protocolVersion: '0.1.1', runnerVersion: '1.25.0', pid: 7, type: 'start', time: 0 }
const suite = { suite: { id: 0, platform: 'vm', path: 'test/cart_test.dart' }, type: 'suite', time: 0 }
const begin = (id: number, name: string, more: Event = {}): Event => ({
  test: {
    id,
    name,
    suiteID: 0,
    groupIDs: [],
    metadata: { skip: false, skipReason: null },
    line: 4,
    url: 'file:///w/test/cart_test.dart',
    ...more,
  },
  type: 'testStart',
  time: 10,
})
const end = (testID: number, result: string, more: Event = {}): Event => ({
  testID,
  result,
  skipped: false,
  hidden: false,
  type: 'testDone',
  time: 1510,
  ...more,
})
const done = (success: unknown): Event => ({ success, type: 'done', time: 2000 })

test('tests, skipped ones and failures with their places', async () => {
  const text = lines(
    start,
    suite,
    begin(1, 'loading test/cart_test.dart', { url: null }),
    end(1, 'success', { hidden: true }),
    begin(2, 'adds'),
    end(2, 'success'),
    begin(3, 'later', { metadata: { skip: true, skipReason: 'not yet' } }),
    end(3, 'success', { skipped: true }),
    begin(4, 'takes off'),
    {
      testID: 4,
      error: 'Expected: 4',
      stackTrace: 'package:test_api  expect\ntest/cart_test.dart 12:7  main.<fn>\n',
      isFailure: true,
      type: 'error',
      time: 11,
    },
    end(4, 'failure'),
    begin(5, 'breaks'),
    { testID: 5, error: 'boom', stackTrace: '', isFailure: false, type: 'error', time: 11 },
    end(5, 'error'),
    done(false),
  )
  const report = await read(text)
  expect([report.format, report.problems]).toEqual(['dart-json', []])
  const evidence = await readTests(text)
  expect(numbers(evidence)).toEqual([4, 1, 1, 1, 1, 0])
  expect(evidence.cases.map(({ name, file, line, message }) => [name, file, line, message])).toEqual([
    ['adds', '/w/test/cart_test.dart', 4, undefined],
    ['later', '/w/test/cart_test.dart', 4, 'not yet'],
    ['takes off', '/w/test/cart_test.dart', 12, 'Expected: 4'],
    ['breaks', '/w/test/cart_test.dart', 4, 'boom'],
  ])
  expect(evidence.cases[0]?.duration_s).toBe(1.5)
})

test('a file that does not load is an error', async () => {
  const text = lines(
    start,
    suite,
    begin(1, 'loading test/cart_test.dart'),
    { testID: 1, error: 'Failed to load', stackTrace: '', isFailure: false, type: 'error', time: 1 },
    end(1, 'error'),
    done(false),
  )
  expect(numbers(await readTests(text))).toEqual([1, 0, 0, 1, 0, 0])
})

test('Flutter wraps other events into lists, which are passed over', async () => {
  const text = `[{"event":"test.startedProcess","params":{}}]\n${lines(start, suite, begin(1, 'adds'), end(1, 'success'), done(true))}`
  const report = await read(text)
  expect([report.format, report.problems]).toEqual(['dart-json', []])
})

test.each([
  ['without a last event', lines(start, suite, begin(1, 'a'), end(1, 'success')), 'has no last event: it is cut short'],
  [
    'that was stopped',
    lines(start, suite, begin(1, 'a'), end(1, 'success'), done(null)),
    'says that the run was stopped',
  ],
  [
    'that failed without a failing test',
    lines(start, suite, begin(1, 'a'), end(1, 'success'), done(false)),
    'says that the run failed, and no test shows why',
  ],
  [
    'of an unknown result',
    lines(start, suite, begin(1, 'a'), end(1, 'odd'), done(true)),
    'holds the unknown result "odd"',
  ],
  ['that breaks off in a line', `${lines(start, suite)}{"test":{"id`, 'holds a line of broken JSON: it is cut short'],
  ['whose test never began', lines(start, end(9, 'success'), done(true)), 'ends a test that did not begin (9)'],
])('a run %s is an error', async (_, text, message) => {
  expect(messages(await read(text))).toContain(message)
})

test('a test that did not end is an error', async () => {
  expect(numbers(await readTests(lines(start, suite, begin(1, 'a'), done(true))))).toEqual([1, 0, 0, 1, 0, 0])
})
