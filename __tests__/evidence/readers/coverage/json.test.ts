import { describe, expect, test } from '@jest/globals'
import { fixture, messages, read, readCoverage } from '../../reading.js'

const json = (value: unknown): string => JSON.stringify(value)
const at = (line: number): unknown => ({ start: { line, column: 0 }, end: { line, column: 9 } })

describe('Istanbul', () => {
  const file = {
    path: '/r/a.js',
    statementMap: { 0: at(1), 1: at(1), 2: at(5) },
    fnMap: { 0: { name: 'f', decl: at(1), loc: at(1) }, 1: { name: 'g', line: 5 } },
    branchMap: { 0: { loc: at(1), type: 'if', locations: [at(1), { start: {}, end: {} }] } },
    s: { 0: 0, 1: 3, 2: 0 },
    f: { 0: 3, 1: 0 },
    b: { 0: [3, 0] },
  }

  test('a line has the hits of its statement that ran most', async () => {
    expect(await readCoverage(json({ '/r/a.js': file }))).toMatchObject({
      lines_valid: 2,
      lines_covered: 1,
      branches_valid: 2,
      branches_covered: 1,
      functions_valid: 2,
      functions_covered: 1,
      files: [{ path: '/r/a.js', lines: { 1: 3, 5: 0 }, branches: { 1: [1, 2] }, functions: { 1: [1, 1], 5: [0, 1] } }],
    })
    expect(await readCoverage(json({ '/r/a.js': { data: file } }))).toMatchObject({ lines_valid: 2 })
  })

  test('what has no count is an error', async () => {
    expect(messages(await read(json({ a: { ...file, s: { 0: 1 } } })))).toEqual([
      'is not as its format says: a statement of /r/a.js has no place or count, and 1 more such',
    ])
    expect(messages(await read(json({ a: file, b: {} })))).toHaveLength(1)
    expect(messages(await read(json({ a: { ...file, b: {} } })))).toHaveLength(1)
  })

  test('a summary has totals by file and no lines', async () => {
    const lines = (total: number, covered: number): unknown => ({
      lines: { total, covered },
      functions: { total: 2, covered: 1 },
    })
    const evidence = await readCoverage(json({ total: lines(4, 3), 'a.js': lines(4, 3) }))
    expect(evidence).toMatchObject({ lines_valid: 4, lines_covered: 3, functions_valid: 2, functions_covered: 1 })
    expect(evidence.files[0]?.lines).toBeUndefined()
    expect(await readCoverage(json({ total: lines(4, 3) }))).toMatchObject({ lines_valid: 4, functions_covered: 1 })
    expect(messages(await read(json({ total: lines(9, 3), 'a.js': lines(4, 3) })))).toEqual([
      'the total states 6 lines without a hit, but lists 1',
    ])
    expect(messages(await read(json({ total: lines(4, 3), 'a.js': {}, 'b.js': lines(4, 3) })))).toHaveLength(1)
  })
})

describe('coverage.py', () => {
  const report = (file: object, totals: object = {}): string =>
    json({
      meta: { version: '7.0' },
      files: { 'a.py': { executed_lines: [1, 2], missing_lines: [5], ...file } },
      totals,
    })

  test('lines; branches where they are listed, else their numbers', async () => {
    expect(await readCoverage(report({ summary: { num_branches: 4, covered_branches: 1 } }))).toMatchObject({
      lines_valid: 3,
      lines_covered: 2,
      branches_valid: 4,
      branches_covered: 1,
    })
    const listed = { executed_branches: [[2, 5]], missing_branches: [[2, -1]], summary: { num_branches: 4 } }
    expect(await readCoverage(report(listed))).toMatchObject({
      branches_valid: 2,
      branches_covered: 1,
      files: [{ branches: { 2: [1, 2] } }],
    })
  })

  test('functions are those with a name and statements', async () => {
    const functions = {
      '': { executed_lines: [1], missing_lines: [] },
      f: { executed_lines: [2], missing_lines: [], start_line: 1 },
      g: { executed_lines: [], missing_lines: [5], start_line: 4 },
      stub: { executed_lines: [], missing_lines: [] },
    }
    expect(await readCoverage(report({ functions }))).toMatchObject({ functions_valid: 2, functions_covered: 1 })
  })

  test('the line 0 of old versions is none, and not missed', async () => {
    const answer = await read(report({ missing_lines: [0, 5], summary: { missing_lines: 2 } }, { missing_lines: 2 }))
    expect(answer).toMatchObject({ evidence: { lines_valid: 3, lines_covered: 2 }, problems: [] })
  })

  test('fewer lines than it states missing are an error, and so is what is no line', async () => {
    expect(messages(await read(report({ summary: { missing_lines: 3 } })))).toHaveLength(1)
    expect(messages(await read(report({}, { missing_lines: 3 })))).toHaveLength(1)
    expect(messages(await read(report({ missing_lines: ['5'] })))).toHaveLength(1)
    expect(messages(await read(report({ missing_lines: undefined })))).toHaveLength(1)
  })
})

describe('SimpleCov', () => {
  const suites = (...list: unknown[]): string =>
    json(Object.fromEntries(list.map((coverage, i) => [`suite ${i}`, { coverage, timestamp: 1 }])))

  test('suites are added, in the form before and since 0.18', async () => {
    const text = suites({ '/r/a.rb': [null, 1, 0] }, { '/r/a.rb': { lines: [null, 1, 2, 'ignored'] } })
    expect(await readCoverage(text)).toMatchObject({
      lines_valid: 2,
      lines_covered: 2,
      files: [{ path: '/r/a.rb', lines: { 2: 2, 3: 2 } }],
    })
    expect(await readCoverage(suites({}))).toMatchObject({ lines_valid: 0 })
  })

  test('branches of several suites are one, methods are functions', async () => {
    const branches = (yes: number, no: number): unknown => ({
      '[:if, 0, 5, 6, 9, 9]': { '[:then, 1, 6, 8, 6, 24]': yes, '[:else, 2, 8, 8, 8, 16]': no },
    })
    const methods = { '["Cart", :total, 2, 2, 11, 5]': 1, '["Cart", :never, 20, 2, 22, 5]': 0 }
    const text = suites(
      { a: { lines: [1], branches: branches(1, 0), methods } },
      { a: { lines: [1], branches: branches(0, 0) } },
    )
    expect(await readCoverage(text)).toMatchObject({
      branches_valid: 2,
      branches_covered: 1,
      functions_valid: 2,
      functions_covered: 1,
      files: [{ branches: { 5: [1, 2] }, functions: { 2: [1, 1], 20: [0, 1] } }],
    })
  })

  test('the JSON formatters', async () => {
    const branches = [
      { type: 'then', start_line: 3, end_line: 3, coverage: 0, inline: false, report_line: 2 },
      { type: 'else', start_line: 5, end_line: 5, coverage: 1, inline: false, report_line: 4 },
      { type: 'then', start_line: 9, end_line: 9, coverage: 'ignored' },
    ]
    const meta = { simplecov_version: '0.21.2' }
    expect(
      await readCoverage(json({ meta, coverage: { 'a.rb': { lines: [1, 0, null], branches } }, groups: {} })),
    ).toMatchObject({
      lines_valid: 2,
      lines_covered: 1,
      branches_valid: 2,
      branches_covered: 1,
    })
    const old = {
      timestamp: 1,
      command_name: 'x',
      files: [{ filename: 'a.rb', coverage: { lines: [1, 0] } }],
      metrics: {},
    }
    expect(await readCoverage(json(old))).toMatchObject({ lines_valid: 2, lines_covered: 1 })
  })

  test('what is no number of hits is an error, what has no lines is no SimpleCov', async () => {
    expect(messages(await read(suites({ a: [1, 'x'] })))).toEqual([
      'is not as its format says: a:2 has no number of hits',
    ])
    expect(messages(await read(suites({ a: {} })))).toEqual(['is JSON of no known format'])
    expect(messages(await read('{"a":{"coverage":{}}}'))).toEqual(['is JSON of no known format'])
  })
})

describe('gcovr and gcov', () => {
  const gcovr = (lines: unknown[], functions: unknown[] = []): string =>
    json({ 'gcovr/format_version': '0.6', files: [{ file: 'a.cpp', lines, functions }] })

  test('what the source excludes does not count', async () => {
    const lines = [
      { line_number: 1, count: 1, branches: [{ count: 1 }, { count: 0 }, { count: 0, 'gcovr/excluded': true }] },
      { line_number: 2, count: 0, branches: [], 'gcovr/excluded': true },
      { line_number: 3, count: 0, branches: [], 'gcovr/noncode': true },
    ]
    expect(await readCoverage(gcovr(lines))).toMatchObject({ lines_valid: 1, branches_valid: 2, branches_covered: 1 })
  })

  test('a line in two functions is one, with the branches of both', async () => {
    const line = (function_name: string, count: number): unknown => ({
      line_number: 1,
      count,
      function_name,
      branches: [{ count }, { count: 0 }],
    })
    const expected = { lines_valid: 1, lines_covered: 1, branches_valid: 4, branches_covered: 1 }
    expect(await readCoverage(gcovr([line('a', 1), line('b', 0)]))).toMatchObject(expected)
    const gcov = { gcc_version: '12', format_version: '1', data_file: 'a.gcda', current_working_directory: '/r' }
    const files = [{ file: 'a.cpp', lines: [line('a', 1), line('b', 0)], functions: [] }]
    expect(await readCoverage(json({ ...gcov, files }))).toMatchObject({ ...expected, files: [{ path: '/r/a.cpp' }] })
  })

  test('a line without number or count is an error', async () => {
    expect(messages(await read(gcovr([{ line_number: 1 }])))).toHaveLength(1)
    expect(messages(await read('{"gcovr/format_version":"1","files":[{}]}'))).toHaveLength(1)
    expect(messages(await read('{"gcovr/summary_format_version":"1","files":[{"filename":"a"}]}'))).toHaveLength(1)
  })
})

describe('Coveralls', () => {
  const report = (file: object, more: object = {}): string =>
    json({ ...more, source_files: [{ name: 'a.c', source_digest: 'x', ...file }] })

  test('lines, and branches of four numbers each', async () => {
    const file = { coverage: [null, 1, 0], branches: [2, 0, 0, 1, 2, 0, 1, 0] }
    expect(await readCoverage(report(file))).toMatchObject({
      lines_valid: 2,
      lines_covered: 1,
      branches_valid: 2,
      branches_covered: 1,
    })
    expect(messages(await read(report({ coverage: [null, '1'], branches: [1, 2, 3] })))).toHaveLength(1)
    expect(messages(await read(report({})))).toHaveLength(1)
  })

  test('nothing is told of tokens and people', async () => {
    const bytes = fixture('gcovr-8.8-coveralls.json')
    expect(bytes.toString()).toContain('canary-token')
    expect(JSON.stringify(await read(bytes))).not.toContain('canary')
  })
})

describe('LLVM', () => {
  const report = (file: object, functions: unknown[] = []): string =>
    json({
      type: 'llvm.coverage.json.export',
      version: '2.0.1',
      data: [{ files: [{ filename: '/r/a.c', ...file }], functions }],
    })

  test('lines as llvm-cov’s own LCOV tells them', async () => {
    const segments = [
      [1, 12, 1, true, true, false],
      [3, 5, 0, true, true, false],
      [5, 6, 1, true, false, false],
      [6, 9, 1, true, false, true],
      [7, 1, 0, false, true, false],
      [8, 1, 1, true, false, false],
      [9, 2, 0, false, false, false],
    ]
    expect((await readCoverage(report({ segments }))).files[0]?.lines).toEqual({
      1: 1,
      2: 1,
      3: 1,
      4: 0,
      5: 0,
      6: 1,
      9: 1,
    })
  })

  test('instances of a template are one function, of files that are left out none', async () => {
    const region = [4, 36, 6, 2, 1, 0, 0, 0]
    const function_ = (name: string, count: number, file = '/r/a.c'): unknown => ({
      name,
      count,
      filenames: [file],
      regions: [region],
    })
    const functions = [function_('a', 0), function_('b', 2), function_('c', 0, '/usr/x.h')]
    expect(await readCoverage(report({ segments: [[4, 1, 1, true, true]] }, functions))).toMatchObject({
      functions_valid: 1,
      functions_covered: 1,
      files: [{ path: '/r/a.c' }],
    })
  })

  test('without segments the numbers hold; with neither it is an error', async () => {
    const summary = {
      lines: { count: 5, covered: 3 },
      branches: { count: 2, covered: 1 },
      functions: { count: 1, covered: 1 },
    }
    expect(await readCoverage(report({ summary }))).toMatchObject({
      lines_valid: 5,
      branches_covered: 1,
      functions_valid: 1,
    })
    expect(messages(await read(report({})))).toHaveLength(1)
    expect(messages(await read(report({ segments: [['x']] })))).toHaveLength(1)
    expect(
      messages(
        await read(
          report({
            segments: [
              [1, 1, 1, true, true],
              [9_999_999, 1, 0, false, false],
            ],
          }),
        ),
      ),
    ).toHaveLength(1)
  })
})

test('values that nest without end are no exception', async () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000)
  const file = `{"executed_lines":[1],"missing_lines":[],"executed_branches":[[1,${deep}]],"summary":{}}`
  const python = `{"meta":{"version":"7"},"files":{"a":${file}},"totals":{}}`
  const coveralls = `{"source_files":[{"name":"a","coverage":[1],"branches":[1,${deep},0,1]}]}`
  for (const text of [python, coveralls]) expect((await read(text)).evidence).toMatchObject({ lines_valid: 1 })
})
