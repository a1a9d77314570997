import { describe, expect, test } from '@jest/globals'
import type { Benchmark } from '../../../../src/evidence/evidence.js'
import { mergeEvidence } from '../../../../src/evidence/merge.js'
import { fixture, messages, read } from '../../reading.js'

const json = (value: unknown): string => JSON.stringify(value)

async function benchmarks(content: string | Uint8Array): Promise<readonly Benchmark[]> {
  const { evidence, problems } = await read(content)
  if (evidence?.kind !== 'benchmarks') throw new Error(json(problems))
  return evidence.benchmarks
}
const errors = async (content: string): Promise<string[]> => messages(await read(content))

describe('the values of real reports', () => {
  test.each<[string, Benchmark]>([
    ['go-1.26-bench.txt', { name: 'BenchmarkTotal', value: 0.2662, unit: 'ns/op', better: 'smaller' }],
    ['go-1.26-bench.txt', { name: 'BenchmarkTable/small-10 - B/op', value: 412, unit: 'B/op', better: 'smaller' }],
    [
      'rust-1.97-bench.txt',
      { name: 'tests::bench_fib_20', value: 31665.3, unit: 'ns/iter', range: '± 24867.67', better: 'smaller' },
    ],
    [
      'benchmark.js-2.1.txt',
      { name: 'fib 10 x big', value: 1260158, unit: 'ops/sec', range: '±4.55%', better: 'bigger' },
    ],
    ['catch2-2.13-bench.txt', { name: 'fib 10', value: 196.566, unit: 'ns', range: '± 9.99248', better: 'smaller' }],
    [
      'hyperfine-1.15.json',
      {
        name: 'sleep 0.01',
        value: 0.012764186966666667,
        unit: 's',
        range: '± 0.004178833150278236',
        better: 'smaller',
      },
    ],
  ])('%s %j', async (name, expected) => {
    expect(await benchmarks(fixture(name))).toContainEqual(expected)
  })

  test('throughput of JMH is better big, time is better small', async () => {
    const list = await benchmarks(fixture('jmh-1.37.json'))
    expect(list.map(({ name, unit, better }) => [name, unit, better])).toEqual([
      ['shop.Fib.fib ( {"n":"5"} )', 'ops/s', 'bigger'],
      ['shop.Fib.fib ( {"n":"10"} )', 'ops/s', 'bigger'],
      ['shop.Fib.fib ( {"n":"5"} )', 's/op', 'smaller'],
      ['shop.Fib.fib ( {"n":"10"} )', 's/op', 'smaller'],
    ])
  })

  test('pytest-benchmark counts calls in a second', async () => {
    const [first] = await benchmarks(fixture('pytest-benchmark-5.3.json'))
    expect(first).toMatchObject({ name: 'test_b.py::test_fib[5]', unit: 'iter/sec', better: 'bigger' })
  })
})

describe('cargo', () => {
  const line = 'test bench_a ... bench:      18,149 ns/iter (+/- 755)'
  test.each([
    ['test result: ok. 0 passed; 0 failed; 0 ignored; 1 measured; 0 filtered out', []],
    ['test result: ok. 0 passed; 0 failed; 0 ignored; 2 measured; 0 filtered out', ['states 2 benchmarks and lists 1']],
    [
      'test result: FAILED. 0 passed; 1 failed; 0 ignored; 1 measured; 0 filtered out',
      ['says that a benchmark failed'],
    ],
    ['', ['has no result of its last run: it is cut short']],
  ])('after one benchmark: %s', async (end, expected) => {
    expect(await errors(`running 1 test\n${line}\n\n${end}\n`)).toEqual(expected)
  })

  test('Criterion writes no result, names may hold blanks, units may be any', async () => {
    expect(await benchmarks('test Symbols (Execution) ... bench:        1911 MS/s (+/- 420)\r\n')).toEqual([
      { name: 'Symbols (Execution)', value: 1911, unit: 'MS/s', range: '± 420', better: 'bigger' },
    ])
  })
})

describe('Go', () => {
  const one = 'BenchmarkA-8  \t 100\t 12.5 ns/op\n'
  test('several packages are told apart', async () => {
    const text = `pkg: x/a\n${one}PASS\nok  \tx/a\t1s\npkg: x/b\n${one}PASS\nok  \tx/b\t1s\n`
    expect((await benchmarks(text)).map(({ name }) => name)).toEqual(['BenchmarkA (x/a)', 'BenchmarkA (x/b)'])
  })

  test('a name and its numbers may stand in two lines', async () => {
    expect(await benchmarks('pkg: x/a\nBenchmarkA-8\nsome log\n   100\t 12.5 ns/op\nPASS\n')).toMatchObject([
      { name: 'BenchmarkA', value: 12.5 },
    ])
  })

  test.each([
    [`pkg: x/a\n${one}`, 'does not say how the last package ended: it is cut short'],
    [`pkg: x/a\n${one}--- FAIL: BenchmarkB\nFAIL\tx/a\t1s\n`, 'says: --- FAIL: BenchmarkB'],
    [`${one}panic: oops\n`, 'says: panic: oops'],
  ])('%j is an error', async (text, message) => {
    expect(await errors(text)).toContain(message)
  })
})

describe('Catch2', () => {
  const table = (rows: string, end = 'test cases: 1 | 1 passed\n'): string =>
    `benchmark name   samples   iterations   est run time\n                 mean      low mean     high mean\n                 std dev   low std dev  high std dev\n-----------------------------\n${rows}\n${'='.repeat(79)}\n${end}`
  const numbers =
    '                 344 ns    341 ns       349 ns \n                 1.5 us    11 ns        29 ns \n                 \n'

  const beforeEnd = (text: string): string => text.slice(0, text.indexOf('\n====='))

  test('a name that did not fit into one line is one name', async () => {
    expect(
      await benchmarks(table(`a long        \nname             100       208          7.1968 ms \n${numbers}`)),
    ).toEqual([{ name: 'a long name', value: 344, unit: 'ns', range: '± 1.5 us', better: 'smaller' }])
  })

  test('without its analysis the mean stands beside the iterations', async () => {
    const text =
      'benchmark name   samples   iterations   mean\n-----------------------------\nfib              100       208          7 ns \n\nAll tests passed (1 assertion in 1 test case)\n'
    expect(await benchmarks(text)).toEqual([{ name: 'fib', value: 7, unit: 'ns', better: 'smaller' }])
  })

  test('failures and cut tables are errors', async () => {
    const row = `fib              100       208          7.1968 ms \n`
    expect(await errors(table(`${row}${numbers}`, 'test cases: 2 | 1 passed | 1 failed\n'))).toEqual([
      'says: test cases: 2 | 1 passed | 1 failed',
    ])
    expect(await errors(table(`${row}${numbers}bad              \nbenchmark failed (boom)\n`))).toEqual([
      'says that the benchmark "bad" failed',
    ])
    expect(await errors(beforeEnd(table(`${row}${numbers}`)))).toEqual(['has no totals of its tests: it is cut short'])
    expect(await errors(beforeEnd(table(row)))).toContain('ends within the benchmark "fib": it is cut short')
  })
})

test('Benchmark.js: a benchmark that threw is an error, other lines are not', async () => {
  const one = 'fib(20) x 11,465 ops/sec ±1.12% (91 runs sampled)\n'
  expect(await errors(`${one}Fastest is fib(20)\n`)).toEqual([])
  expect(await errors(`${one}bad: \n`)).toEqual(['says of a benchmark that failed: bad:'])
  expect(await errors(`${one}bad: TypeError: x is not a function\n`)).toHaveLength(1)
})

test('Luau', async () => {
  const one = 'SUCCESS: base64                                  :   15.041ms +/-  0.636% on luau\n'
  expect(await benchmarks(`\u001B[32m${one}\u001B[0m`)).toEqual([
    { name: 'base64', value: 15.041, unit: 'ms', range: '±0.636%', better: 'smaller' },
  ])
  expect(await errors(`${one}FAILED: chess\n`)).toEqual(['says: FAILED: chess'])
})

test('Google Benchmark: errors, skipped ones, and aggregates where there is nothing else', async () => {
  const of = (...list: unknown[]): string => json({ context: {}, benchmarks: list })
  const aggregate = (aggregate_name: string, real_time: number): unknown => ({
    name: `a_${aggregate_name}`,
    run_name: 'a',
    run_type: 'aggregate',
    aggregate_name,
    real_time,
    time_unit: 'us',
  })
  expect(await benchmarks(of(aggregate('mean', 5), aggregate('median', 4), aggregate('stddev', 1)))).toEqual([
    { name: 'a', value: 5, unit: 'us/iter', range: '± 1', better: 'smaller' },
  ])
  expect(
    await errors(of({ name: 'a', real_time: 1 }, { name: 'b', error_occurred: true, error_message: 'no data' })),
  ).toEqual(['the benchmark "b" failed: no data'])
  expect(await read(of({ name: 'a', real_time: 1 }, { name: 'b', skipped: true }))).toMatchObject({
    problems: [{ level: 'warning' }],
  })
})

test('BenchmarkDotNet: a benchmark without statistics failed', async () => {
  const of = (Statistics: unknown): string => json({ Title: 't', Benchmarks: [{ FullName: 'S.B.Fib', Statistics }] })
  expect(await benchmarks(of({ Mean: 24.5, StandardDeviation: 0.25 }))).toEqual([
    { name: 'S.B.Fib', value: 24.5, unit: 'ns', range: '± 0.25', better: 'smaller' },
  ])
  expect(await errors(of(null))).toEqual(['holds no value of "S.B.Fib"', 'holds no benchmark'])
})

test('Julia: groups of estimates and trials', async () => {
  const of = (data: unknown): string =>
    json([{ Julia: '1.7.0', BenchmarkTools: '1.0.0' }, [['BenchmarkGroup', { data, tags: [] }]]])
  const data = {
    fib: ['BenchmarkGroup', { data: { 20: ['TrialEstimate', { time: 31028 }] } }],
    sum: ['Trial', { times: [3, 1, 2, 10] }],
  }
  expect(await benchmarks(of(data))).toEqual([
    { name: 'fib/20', value: 31028, unit: 'ns', better: 'smaller' },
    { name: 'sum', value: 2.5, unit: 'ns', better: 'smaller' },
  ])
  expect(await errors(of({ odd: ['Odd', {}] }))).toEqual([
    'holds "odd" of the unknown type "Odd"',
    'holds no benchmark',
  ])
})

test('JMH: a score that is no number is an error', async () => {
  expect(
    await errors(json([{ benchmark: 'a', mode: 'avgt', primaryMetric: { score: 'NaN', scoreUnit: 's/op' } }])),
  ).toEqual(['holds no value of "a"', 'holds no benchmark'])
})

test('hyperfine: a command that failed is told', async () => {
  const text = json({ results: [{ command: 'x', mean: 1, min: 1, exit_codes: [0, 1, null] }] })
  expect(await read(text)).toMatchObject({
    problems: [{ level: 'warning', message: 'the command "x" failed in 2 runs' }],
  })
})

describe("a list of one's own", () => {
  test('may say what is better; units of time and of rates say it too', async () => {
    const list = [
      { name: 'a', unit: 'ms', value: 1.5 },
      { name: 'b', unit: 'req/s', value: '1,500', range: 3 },
      { name: 'c', unit: 'Megabytes', value: 150, range: '± 3' },
      { name: 'd', unit: 'Megabytes', value: 150, better: 'smaller' },
    ]
    expect(await benchmarks(json(list))).toEqual([
      { name: 'a', unit: 'ms', value: 1.5, better: 'smaller' },
      { name: 'b', unit: 'req/s', value: 1500, range: '3', better: 'bigger' },
      { name: 'c', unit: 'Megabytes', value: 150, range: '± 3' },
      { name: 'd', unit: 'Megabytes', value: 150, better: 'smaller' },
    ])
  })

  test('without a value or a name it is an error', async () => {
    expect(
      await errors(
        json([
          { name: 'a', unit: 's', value: null },
          { name: ' ', unit: 's', value: 1 },
        ]),
      ),
    ).toEqual(['holds no value of "a"', 'holds a benchmark without name', 'holds no benchmark'])
  })
})

test('of several reports the last value of a name and unit holds', async () => {
  const of = async (value: number) => (await read(json([{ name: 'a', unit: 's', value }]))).evidence
  const both = [await of(1), await of(2)].filter((evidence) => evidence !== null)
  expect(mergeEvidence(both)).toEqual([
    { kind: 'benchmarks', benchmarks: [{ name: 'a', unit: 's', value: 2, better: 'smaller' }] },
  ])
})
