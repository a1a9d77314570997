import { describe, expect, test } from '@jest/globals'
import { fixture, messages, numbers, read, readTests } from '../../reading.js'

type Event = Record<string, unknown>
const lines = (...events: Event[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('')
const of =
  (Package: string) =>
  (Action: string, Test?: string, more: Event = {}): Event => ({ Action, Package, ...(Test ? { Test } : {}), ...more })
const shop = of('example.com/shop')

const green = lines(shop('start'), shop('run', 'TestA'), shop('pass', 'TestA', { Elapsed: 0.5 }), shop('pass'))

describe('go test -json', () => {
  test('a test that passes', async () => {
    const report = await read(green)
    expect([report.format, report.problems]).toEqual(['go-test-json', []])
    expect(report.evidence).toMatchObject({ tests: 1, passed: 1, duration_s: 0.5, suites: 1 })
  })

  test('a test that did not end failed, whatever it has printed', async () => {
    const text = lines(
      shop('run', 'TestA'),
      shop('output', 'TestA', { Output: '--- PASS: TestA (0.00s)\n' }),
      shop('pass'),
    )
    const evidence = await readTests(text)
    expect(numbers(evidence)).toEqual([1, 0, 1, 0, 0, 0])
    expect(evidence.cases[0]?.message).toBe('did not end')
  })

  test('a package that failed without a failing test is one error', async () => {
    const text = lines(
      shop('run', 'TestA'),
      shop('pass', 'TestA'),
      shop('output', '', { Output: 'exit status 3\n' }),
      shop('fail'),
    )
    const evidence = await readTests(text)
    expect(numbers(evidence)).toEqual([2, 1, 0, 1, 0, 0])
    expect(evidence.cases.find(({ status }) => status === 'error')).toMatchObject({
      name: 'example.com/shop',
      message: 'exit status 3',
    })
  })

  test('a build that failed and that no package tells of is one error', async () => {
    const build = (Action: string, Output?: string): Event => ({ ImportPath: 'example.com/x', Action, Output })
    const evidence = await readTests(lines(build('build-output', 'x.go:1:2: oops\n'), build('build-fail')) + green)
    expect(numbers(evidence)).toEqual([2, 1, 0, 1, 0, 0])
    expect(evidence.cases.find(({ status }) => status === 'error')).toMatchObject({ file: 'x.go', line: 1 })
  })

  test('a test that is run again after it failed is one test, and flaky', async () => {
    const text = lines(
      shop('run', 'TestA'),
      shop('fail', 'TestA'),
      shop('fail'),
      shop('run', 'TestA'),
      shop('pass', 'TestA'),
      shop('pass'),
    )
    const report = await read(text)
    expect(report.evidence).toMatchObject({ tests: 1, passed: 1, flaky: 1 })
    expect(report.problems).toEqual([])
  })

  test('a test that failed each time is one test', async () => {
    const text = lines(shop('fail', 'TestA'), shop('fail', 'TestA'), shop('fail'))
    expect(numbers(await readTests(text))).toEqual([1, 0, 1, 0, 0, 0])
  })

  test('benchmarks among the tests have no end', async () => {
    const text = lines(
      shop('run', 'BenchmarkA'),
      shop('output', 'BenchmarkA', { Output: 'BenchmarkA 1 2 ns/op\n' }),
      shop('pass'),
    )
    expect(numbers(await readTests(`${text}${green}`))).toEqual([1, 1, 0, 0, 0, 0])
  })

  test('other output is a warning, a failure in it an error', async () => {
    expect(messages(await read(`${green}hello\n`), 'warning')).toEqual(['holds other output: hello'])
    expect(messages(await read(`go: downloading x\n${green}`))).toEqual([])
    expect(messages(await read(`${green}FAIL\texample.com/y [build failed]\n`))).toEqual([
      'says outside of any test: FAIL\texample.com/y [build failed]',
    ])
  })

  test('without the names of packages a build that failed is still seen', async () => {
    const text = lines(
      { Action: 'run', Test: 'TestA' },
      { Action: 'pass', Test: 'TestA' },
      { Action: 'output', Output: 'FAIL\texample.com/y [build failed]\n' },
      { Action: 'output', Output: 'ok  \texample.com/z\t0.1s\n' },
      { Action: 'pass' },
    )
    expect(numbers(await readTests(text))).toEqual([2, 1, 0, 1, 0, 0])
  })

  test('a report that is cut anywhere before its last package ended is an error', async () => {
    const bytes = fixture('go-1.26-test-count.jsonl')
    const end = bytes.lastIndexOf('{"Time"')
    for (let at = 1; at < end; at++) {
      const report = await read(bytes.subarray(0, at), { format: 'go-test-json' })
      if (messages(report).length === 0) throw new Error(`cut at ${at}`)
    }
  })
})
