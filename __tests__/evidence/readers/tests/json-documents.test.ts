import { describe, expect, test } from '@jest/globals'
import { messages, numbers, read, readTests } from '../../reading.js'

const json = (value: unknown): string => JSON.stringify(value)
type Value = Record<string, unknown>

describe('Jest and Vitest', () => {
  const report = (assertionResults: Value[], more: Value = {}, file: Value = {}): string =>
    json({
      numTotalTests: assertionResults.length,
      numFailedTests: 0,
      success: true,
      testResults: [{ name: '/w/cart.test.js', status: 'passed', message: '', assertionResults, ...file }],
      ...more,
    })
  const one = (status: string, more: Value = {}): Value => ({
    title: 'adds',
    ancestorTitles: ['cart'],
    status,
    ...more,
  })

  test.each([
    ['passed', [1, 1, 0, 0, 0, 0]],
    ['failed', [1, 0, 1, 0, 0, 0]],
    ['pending', [1, 0, 0, 0, 1, 0]],
    ['skipped', [1, 0, 0, 0, 1, 0]],
    ['todo', [1, 0, 0, 0, 1, 0]],
    ['disabled', [1, 0, 0, 0, 1, 0]],
  ])('%s', async (status, expected) => {
    expect(numbers(await readTests(report([one(status)])))).toEqual(expected)
  })

  test('a test that passed when it was run again is flaky', async () => {
    expect(numbers(await readTests(report([one('passed', { invocations: 2 })])))).toEqual([1, 1, 0, 0, 0, 1])
    const again = await readTests(report([one('passed', { failureMessages: ['Error: first time'] })]))
    expect([again.flaky, again.cases[0]?.message]).toEqual([1, 'Error: first time'])
  })

  test('a file that failed without a failing test is one error', async () => {
    const text = report(
      [one('passed')],
      { success: false },
      { status: 'failed', message: '  ● Test suite failed to run\n\n    boom' },
    )
    const evidence = await readTests(text)
    expect(numbers(evidence)).toEqual([2, 1, 0, 1, 0, 0])
    expect(evidence.cases.find(({ status }) => status === 'error')).toMatchObject({
      file: '/w/cart.test.js',
      message: 'boom',
    })
  })

  test('what may hide a failure is an error', async () => {
    expect(messages(await read(report([one('passed')], { success: false })))).toEqual([
      'says that the run failed, and no test shows why',
    ])
    expect(messages(await read(report([one('passed')], { numTotalTests: 2, numFailedTests: 1 })))).toEqual([
      'states 1 failed tests and lists 0',
      'states 2 tests and lists 1',
    ])
    expect(messages(await read(report([one('passed')], { wasInterrupted: true })))).toEqual([
      'says that the run was interrupted',
    ])
    expect(messages(await read(report([one('odd')])))).toEqual(['the test "adds" has the unknown status "odd"'])
  })

  test('a run without tests', async () => {
    expect(await read(json({ numTotalTests: 0, success: true, testResults: [] }))).toMatchObject({
      format: 'jest-json',
      problems: [],
      evidence: { tests: 0 },
    })
  })
})

describe('Mocha', () => {
  const item = (title: string, more: Value = {}): Value => ({
    title,
    fullTitle: `cart ${title}`,
    file: '/w/spec.js',
    duration: 5,
    currentRetry: 0,
    err: {},
    ...more,
  })
  const report = (parts: Value): string => {
    const all = { tests: [], passes: [], failures: [], pending: [], ...parts }
    const { tests, passes, failures, pending } = all as Record<string, unknown[]>
    return json({
      stats: { tests: tests?.length, passes: passes?.length, failures: failures?.length, pending: pending?.length },
      ...all,
    })
  }

  test('each list says how its tests ended, a hook that failed is an error', async () => {
    const [adds, takesOff, later] = [item('adds'), item('takes off', { err: { message: '3 == 4' } }), item('later')]
    const hook = item('"before each" hook for "never runs"', { err: { message: 'no database' } })
    const text = report({
      tests: [adds, takesOff, later],
      passes: [adds],
      failures: [takesOff, hook],
      pending: [later],
    })
    const evidence = await readTests(text)
    expect(numbers(evidence)).toEqual([4, 1, 1, 1, 1, 0])
    expect((await read(text)).problems).toEqual([])
    expect(evidence.cases[0]).toMatchObject({ name: 'adds', suite: 'cart', duration_s: 0.005 })
  })

  test('a test that passed in a retry is flaky', async () => {
    expect((await readTests(report({ passes: [item('adds', { currentRetry: 1 })] }))).flaky).toBe(1)
  })

  test('a test that is in no list is an error', async () => {
    const report_ = await read(report({ tests: [item('adds')] }))
    expect(report_.evidence).toMatchObject({ tests: 1, errors: 1 })
    expect(messages(report_)).toEqual(['the test "adds" neither passed, failed nor was left out'])
  })

  test('numbers that the lists do not bear out are an error', async () => {
    const text = json({
      stats: { tests: 2, passes: 1, failures: 1, pending: 0 },
      tests: [],
      passes: [item('a')],
      failures: [],
      pending: [],
    })
    expect(messages(await read(text))).toEqual(['states 1 failed tests and lists 0', 'states 2 tests and lists 1'])
  })
})

describe('Playwright', () => {
  const report = (tests: Value[], more: Value = {}): string =>
    json({
      config: { rootDir: '/w/e2e' },
      suites: [
        {
          title: 'cart.spec.js',
          file: 'cart.spec.js',
          specs: [],
          suites: [{ title: 'cart', specs: [{ title: 'adds', file: 'cart.spec.js', line: 3, tests }] }],
        },
      ],
      errors: [],
      ...more,
    })
  const one = (status: string, ...results: string[]): Value => ({
    projectName: 'chromium',
    status,
    results: results.map((s) => ({ status: s, duration: 500 })),
  })

  test.each([
    ['expected', ['passed'], [1, 1, 0, 0, 0, 0]],
    ['expected', ['failed'], [1, 1, 0, 0, 0, 0]],
    ['flaky', ['failed', 'passed'], [1, 1, 0, 0, 0, 1]],
    ['unexpected', ['failed', 'failed'], [1, 0, 1, 0, 0, 0]],
    ['unexpected', ['passed'], [1, 0, 1, 0, 0, 0]],
    ['unexpected', ['timedOut'], [1, 0, 0, 1, 0, 0]],
    ['skipped', ['skipped'], [1, 0, 0, 0, 1, 0]],
    ['skipped', [], [1, 0, 0, 0, 1, 0]],
    ['skipped', ['interrupted'], [1, 0, 0, 1, 0, 0]],
  ])('%s after %j', async (status, results, expected) => {
    expect(numbers(await readTests(report([one(status, ...results)])))).toEqual(expected)
  })

  test('a spec is a test in each project, its attempts are one', async () => {
    const evidence = await readTests(
      report([one('flaky', 'failed', 'passed'), { ...one('expected', 'passed'), projectName: 'firefox' }]),
    )
    expect(numbers(evidence)).toEqual([2, 2, 0, 0, 0, 1])
    expect(evidence.cases[0]).toMatchObject({
      suite: 'chromium > cart.spec.js',
      classname: 'cart',
      file: '/w/e2e/cart.spec.js',
      line: 3,
      duration_s: 1,
    })
  })

  test('an error outside of the tests is one', async () => {
    const text = report([one('expected', 'passed')], {
      errors: [{ message: 'Error: no server', location: { file: '/w/setup.js', line: 4, column: 1 } }],
    })
    const evidence = await readTests(text)
    expect(numbers(evidence)).toEqual([2, 1, 0, 1, 0, 0])
    expect(evidence.cases.find(({ status }) => status === 'error')).toMatchObject({
      file: '/w/setup.js',
      line: 4,
      message: 'Error: no server',
    })
  })

  test('what may hide a failure is an error', async () => {
    const stats = { expected: 1, unexpected: 1, flaky: 0, skipped: 0 }
    expect(messages(await read(report([one('expected', 'passed')], { stats })))).toEqual([
      'states 1 failed tests and lists 0',
      'states 2 tests and lists 1',
    ])
    expect(messages(await read(report([one('odd', 'passed')])))).toEqual(['the test "adds" has an unknown status'])
  })

  test('suites nested beyond reason are an error', async () => {
    const nested = '{"suites":['.repeat(300) + ']}'.repeat(300)
    expect(messages(await read(nested.replace('{', '{"config":{},')))).toEqual(['nests deeper than 256 suites'])
  })
})

describe('RSpec', () => {
  const report = (examples: Value[], summary: Value = {}, more: Value = {}): string =>
    json({
      examples,
      summary: { example_count: examples.length, failure_count: 0, pending_count: 0, ...summary },
      summary_line: '',
      ...more,
    })
  const one = (status: string, more: Value = {}): Value => ({
    description: 'adds',
    full_description: 'cart adds',
    status,
    file_path: './cart_spec.rb',
    line_number: 2,
    ...more,
  })

  test.each([
    ['passed', [1, 1, 0, 0, 0, 0]],
    ['failed', [1, 0, 1, 0, 0, 0]],
    ['pending', [1, 0, 0, 0, 1, 0]],
  ])('%s', async (status, expected) => {
    const evidence = await readTests(report([one(status)]))
    expect(numbers(evidence)).toEqual(expected)
    expect(evidence.cases[0]).toMatchObject({ file: 'cart_spec.rb', line: 2, classname: 'cart' })
  })

  test('errors outside of the examples count, with or without a message', async () => {
    const evidence = await readTests(
      report(
        [one('passed')],
        { errors_outside_of_examples_count: 2 },
        { messages: ['\nAn error occurred while loading ./a.rb.\nNameError:\n  nope\n'] },
      ),
    )
    expect(numbers(evidence)).toEqual([3, 1, 0, 2, 0, 0])
    expect(evidence.cases.map(({ message }) => message)).toContain('NameError: nope')
  })

  test('what may hide a failure is an error', async () => {
    expect(messages(await read(report([one('passed')], { failure_count: 1, example_count: 2 })))).toEqual([
      'states 1 failed tests and lists 0',
      'states 2 tests and lists 1',
    ])
    expect(messages(await read(report([one('odd')])))).toEqual(['the example "adds" has the unknown status "odd"'])
  })
})

describe('CTRF', () => {
  const report = (tests: Value[], summary: Value = {}): string =>
    json({ results: { tool: { name: 'x' }, summary: { tests: tests.length, failed: 0, ...summary }, tests } })
  const one = (status: string, more: Value = {}): Value => ({ name: 'adds', status, duration: 1500, ...more })

  test.each([
    [one('passed'), [1, 1, 0, 0, 0, 0]],
    [one('failed'), [1, 0, 1, 0, 0, 0]],
    [one('skipped'), [1, 0, 0, 0, 1, 0]],
    [one('pending'), [1, 0, 0, 0, 1, 0]],
    [one('other'), [1, 0, 0, 1, 0, 0]],
    [one('other', { rawStatus: 'todo' }), [1, 0, 0, 0, 1, 0]],
    [one('other', { rawStatus: 'interrupted' }), [1, 0, 0, 1, 0, 0]],
    [one('passed', { flaky: true }), [1, 1, 0, 0, 0, 1]],
    [one('passed', { retries: 1 }), [1, 1, 0, 0, 0, 1]],
    [one('passed', { retries: 1, flaky: false }), [1, 1, 0, 0, 0, 0]],
  ])('%j', async (item, expected) => {
    const report_ = await read(report([item]))
    expect([report_.format, report_.problems]).toEqual(['ctrf', []])
    expect(numbers(await readTests(report([item])))).toEqual(expected)
  })

  test('place, suite and the attempts before', async () => {
    const attempts = [{ status: 'failed', message: 'first time', trace: 'at /w/cart.test.js:9:1' }]
    const { cases } = await readTests(
      report([one('passed', { suite: ['a', 'b'], filePath: './cart.test.js', line: 4, retryAttempts: attempts })]),
    )
    expect(cases[0]).toMatchObject({
      suite: 'a > b',
      file: 'cart.test.js',
      line: 4,
      flaky: true,
      message: 'first time',
      duration_s: 1.5,
    })
  })

  test('what may hide a failure is an error', async () => {
    expect(messages(await read(report([one('passed')], { tests: 2, failed: 1 })))).toEqual([
      'states 1 failed tests and lists 0',
      'states 2 tests and lists 1',
    ])
    expect(messages(await read(report([one('odd')])))).toEqual(['the test "adds" has the unknown status "odd"'])
  })
})

test('values of another type than they should be never break the reading', async () => {
  const odd = [null, 1, 'x', [], {}, { name: 1, title: {}, status: [], err: 1, results: 2, tests: 3 }]
  const documents = [
    { numTotalTests: 1, testResults: [...odd, { assertionResults: odd }] },
    { stats: {}, tests: odd, passes: odd, failures: odd, pending: odd },
    { config: {}, suites: [...odd, { suites: odd, specs: [{ tests: odd }] }], errors: odd },
    { examples: odd, summary: {}, summary_line: '', messages: odd },
    { results: { summary: {}, tests: odd } },
  ]
  for (const document of documents) {
    const report = await read(json(document))
    expect([report.kind, report.evidence?.kind]).toEqual(['tests', 'tests'])
    const bad = report.evidence?.kind === 'tests' ? report.evidence.errors + report.evidence.failed : 0
    expect(messages(report).length + bad).toBeGreaterThan(0)
  }
})
