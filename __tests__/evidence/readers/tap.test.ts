import { describe, expect, test } from '@jest/globals'
import { messages, numbers, read, readTests } from '../reading.js'

const tap = (...lines: string[]): string => ['TAP version 13', ...lines, ''].join('\n')

describe('TAP', () => {
  test.each([
    ['ok 1 - name', { name: 'name', status: 'passed' }],
    ['ok', { name: 'a test without name', status: 'passed' }],
    ['not ok 1 a # b', { name: 'a # b', status: 'failed' }],
    ['not ok 1 - a # TODO later', { name: 'a', status: 'skipped', message: 'later' }],
    ['ok 1 - a # todo', { name: 'a', status: 'skipped' }],
    ['ok 1 # SKIP no network', { name: 'no network', status: 'skipped' }],
    ['ok 1 - a # skipped: why', { name: 'a', status: 'skipped', message: 'why' }],
    ['ok 1 - escaped \\# SKIP', { name: 'escaped # SKIP', status: 'passed' }],
    ['ok 1 - timed # time=40.5ms', { name: 'timed', status: 'passed', duration_s: 0.0405 }],
  ])('%s', async (line, wanted) => {
    expect((await readTests(tap('1..1', line))).cases).toMatchObject([wanted])
  })

  test('okay is no test point', async () => {
    expect(numbers(await readTests(tap('1..1', 'okay then', 'ok 1')))).toEqual([1, 1, 0, 0, 0, 0])
  })

  test('the plan may stand first or last, and lines end as they like', async () => {
    expect((await read('1..1\r\nok 1 - a\r\n')).problems).toEqual([])
    expect((await read('ok 1 - a\n1..1')).problems).toEqual([])
  })

  test.each([
    ['fewer than planned', tap('1..3', 'ok 1', 'ok 2'), 'plans 3 tests and holds 2'],
    ['more than planned', tap('ok 1', '1..1', 'ok 2'), 'plans 1 tests and holds 2'],
    ['no plan', tap('ok 1'), 'has no plan (`1..N`), so it may be cut short'],
    ['bailed out', tap('1..9', 'not ok 1', 'Bail out! no database'), 'the run bailed out: no database'],
    ['ends in a subtest', tap('    ok 1 - in', '    1..1'), 'ends within a subtest: it is cut short'],
    [
      'a subtest that lacks one',
      tap('    1..2', '    ok 1', 'ok 1', '1..1'),
      'subtest "subtest" plans 2 tests and holds 1',
    ],
  ])('%s is an error, and the tests that ran stay', async (_, text, message) => {
    const report = await read(text)
    expect(messages(report)).toEqual([message])
    expect(report.evidence?.kind).toBe('tests')
  })

  test('everything skipped is no failure, and it is said', async () => {
    const report = await read('1..0 # SKIP not on this system\n', { format: 'tap' })
    expect(report.problems).toEqual([{ level: 'warning', message: 'runs no test: not on this system' }])
    expect(report.evidence).toMatchObject({ tests: 0 })
  })

  test('subtests count as leaves, their summary does not', async () => {
    const evidence = await readTests(
      tap(
        '# Subtest: outer',
        '    ok 1 - a',
        '    # Subtest: inner',
        '        not ok 1 - b',
        '        1..1',
        '    not ok 2 - inner',
        '    1..2',
        'not ok 1 - outer',
        '1..1',
      ),
    )
    expect(numbers(evidence)).toEqual([2, 1, 1, 0, 0, 0])
    expect(evidence.cases.map((c) => `${c.suite}: ${c.name}`)).toEqual(['outer: a', 'outer > inner: b'])
  })

  test('a summary that failed although its tests passed is a failure of its own', async () => {
    const evidence = await readTests(tap('    ok 1 - a', '    1..1', 'not ok 1 - hook broke', '1..1'))
    expect(numbers(evidence)).toEqual([2, 1, 1, 0, 0, 0])
  })

  test('a summary marked TODO excuses what failed below', async () => {
    const evidence = await readTests(tap('    not ok 1 - a', '    1..1', 'not ok 1 - todo # TODO', '1..1'))
    expect(numbers(evidence)).toEqual([1, 0, 0, 0, 1, 0])
    expect(evidence.cases).toMatchObject([{ status: 'skipped' }])
  })

  test('subtests in braces', async () => {
    const evidence = await readTests(
      tap('1..1', 'not ok 1 - outer {', '    ok 1 - a', '    not ok 2 - b', '    1..2', '}'),
    )
    expect(numbers(evidence)).toEqual([2, 1, 1, 0, 0, 0])
    expect(evidence.cases[1]).toMatchObject({ suite: 'outer', name: 'b' })
  })

  test('YAML that was never closed swallows no test', async () => {
    expect(numbers(await readTests(tap('not ok 1', '  ---', '  message: x', 'ok 2', '1..2')))).toEqual([
      2, 1, 1, 0, 0, 0,
    ])
  })

  test('what is no TAP is a problem', async () => {
    const report = await read('all is well\n', { format: 'tap' })
    expect(report.evidence).toBeNull()
    expect(messages(report)).toEqual(['holds no line of the Test Anything Protocol'])
  })

  test('a brace that is closed after its level was left is an error, not a crash', async () => {
    const text = tap('TAP version 13', 'ok 1 - a {', '    ok 1 - b {', 'ok 2 - c', '    }', '1..2')
    expect(messages(await read(text))).toContain('the subtest "b" is not closed')
  })
})
