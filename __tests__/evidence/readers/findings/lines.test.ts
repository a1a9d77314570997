import { describe, expect, test } from '@jest/globals'
import { formats } from '../../../../src/language/formats.js'
import { fixture, messages, read, readFindings } from '../../reading.js'

const format = (name: string) => formats.find((one) => one === name)
const named = (text: string, name: string, silentMeansNone = false) => {
  const found = format(name)
  return read(text, { silentMeansNone, ...(found ? { format: found } : {}) })
}

const texts = [
  'eslint-text',
  'stylelint-text',
  'ruff-text',
  'mypy',
  'pylint-text',
  'flake8',
  'black',
  'isort',
  'golangci-lint-text',
  'staticcheck',
  'go-vet',
  'go-vet-json',
  'shellcheck-gcc',
  'clang-tidy',
  'gcc',
  'msvc',
  'typos',
  'rdjsonl',
  'lizard-csv',
]

describe('a tool that writes a line a remark', () => {
  test.each(texts)('%s: nothing written is an answer only of a tool that ended well', async (name) => {
    expect(await named('', name, true)).toMatchObject({ evidence: { findings: [] }, problems: [] })
    expect((await named('', name)).evidence).toBeNull()
  })

  test.each(texts)('%s: a shell’s or interpreter’s words are no clean run', async (name) => {
    for (const text of ['sh: 1: tool: not found\n', 'Traceback (most recent call last):\n  File "x.py"\n', 'hello\n']) {
      const report = await named(text, name, true)
      expect([report.evidence, messages(report).length > 0]).toEqual([null, true])
    }
  })

  test.each([
    ['mypy', 'Success: no issues found in 3 source files\n'],
    ['ruff-text', 'All checks passed!\n'],
    ['ruff-text', '3 files already formatted\n'],
    ['black', 'All done! ✨ 🍰 ✨\n1 file would be left unchanged.\n'],
    ['golangci-lint-text', '0 issues.\n'],
    [
      'pylint-text',
      '\n--------------------------------------------------------------------\nYour code has been rated at 10.00/10\n',
    ],
    [
      'msvc',
      '  Determining projects to restore...\n  shop -> /s/shop.dll\n\nBuild succeeded.\n    0 Warning(s)\n    0 Error(s)\n',
    ],
  ])('%s says itself that all is well', async (name, text) => {
    expect(await read(text)).toMatchObject({ format: name, evidence: { findings: [] }, problems: [] })
  })

  test.each([
    [
      'eslint-text',
      '/r/a.js\n  1:1  error  m  r\n\n✖ 3 problems (3 errors, 0 warnings)\n',
      'states 3 remarks and shows 1',
    ],
    [
      'mypy',
      'a.py:1: error: m  [x]\nFound 2 errors in 1 file (checked 1 source file)\n',
      'states 2 remarks and shows 1',
    ],
    ['ruff-text', 'a.py:1:1: F401 [*] m\nFound 4 errors.\n', 'states 4 remarks and shows 1'],
    ['golangci-lint-text', 'a.go:1:1: m (errcheck)\n9 issues:\n* errcheck: 9\n', 'states 9 remarks and shows 1'],
    [
      'stylelint-text',
      'a.css\n  1:1  ✖  m  r\n\n✖ 2 problems (2 errors, 0 warnings)\n',
      'states 2 remarks and shows 1',
    ],
    [
      'black',
      'would reformat a.py\n2 files would be reformatted, 1 file would fail to reformat.\n',
      'states 3 remarks and shows 1',
    ],
    ['flake8', 'a.py:1:1: E1 m\n7\n', 'states 7 remarks and shows 1'],
    ['gcc', 'a.c:1:1: error: m\n2 errors generated.\n', 'states 2 remarks and shows 1'],
    ['msvc', 'a.cs(1,1): error CS1: m\n    2 Error(s)\n', 'states 2 remarks and shows 1'],
  ])('%s: a summary of more than is shown is an error', async (name, text, message) => {
    const report = await read(text)
    expect([report.format, messages(report)]).toEqual([name, [message]])
  })

  test('summaries of several runs add up', async () => {
    const one = 'a.py:1:1: F401 [*] m\nFound 1 error.\n'
    expect((await read(`${one}${one}`)).problems).toEqual([])
  })

  test('a summary of fewer than are shown is said', async () => {
    const report = await read('a.py:1:1: F401 [*] m\na.py:2:1: F401 [*] m\nFound 1 error.\n')
    expect([messages(report), messages(report, 'warning')]).toEqual([[], ['states 1 remarks and shows 2']])
  })

  test('a line with a place that is not understood does not get lost', async () => {
    expect(messages(await read('a.py:1:1: E501 m\nb.py:2:1: what is this\n'))).toEqual([
      'is no line of Flake8: b.py:2:1: what is this',
    ])
  })

  test.each([
    ['mypy', 'a.py:1: error: m\n/x/b.py:3: error: INTERNAL ERROR -- please try\nmypy: error: cannot\n'],
    ['golangci-lint-text', 'a.go:1:1: m (errcheck)\nlevel=error msg="typechecking error"\n'],
    ['flake8', 'a.py:1:1: E1 m\nTraceback (most recent call last):\n'],
    ['clang-tidy', '/a.c:1:1: warning: m [bugprone-x]\nError while processing /b.c.\n'],
    ['eslint-text', '/a.js\n  1:1  error  m  r\n\nOops! Something went wrong! :(\n'],
    ['isort', 'ERROR: a.py Imports are incorrectly sorted and/or formatted.\nBroken 1 paths\n'],
  ])('%s: findings before a failure do not hide it', async (name, text) => {
    const report = await read(text)
    expect([
      report.format,
      report.evidence === null,
      messages(report).some((one) => one.includes('says that it failed')),
    ]).toEqual([name, false, true])
  })

  test.each([
    [
      'mypy',
      'Success: no issues found in 3 source files\n',
      '/r/a.js\n  1:5  error  m  r\n\n✖ 1 problem (1 error, 0 warnings)\n',
    ],
    ['mypy', 'Success: no issues found in 3 source files\n', 'a.py:1:1: E501 m\n'],
    ['golangci-lint-text', '0 issues.\n', 'main.rs: some words\n'],
    ['ruff-text', 'All checks passed!\n', 'mypy: something\n'],
  ])('%s: behind a clean run nothing of another tool gets lost', async (name, clean, more) => {
    for (const text of [clean + more, more + clean]) {
      const { evidence, problems } = await named(text, name, true)
      expect([evidence, problems.length > 0]).toEqual([null, true])
    }
  })

  test('another tool’s summary says that there is more', async () => {
    const text = 'a.py:1: error: m  [x]\n/r/a.js\n  1:5  error  m  r\n\n✖ 1 problem (1 error, 0 warnings)\n'
    expect(messages(await read(text))).toEqual(['is no line of mypy: ✖ 1 problem (1 error, 0 warnings)'])
  })

  test('what looks like a file’s heading, with no row below it, is no clean run', async () => {
    for (const name of ['eslint-text', 'stylelint-text', 'ruff-text', 'typos']) {
      const report = await named(
        'Cannot find module /r/eslint.config.js\nF401 nowhere\nerror: `teh` should be `the`\n',
        name,
        true,
      )
      expect([report.evidence, report.problems.length > 0]).toEqual([null, true])
    }
  })

  test('colours are no part of the text', async () => {
    const plain = await readFindings(fixture('eslint-8.57-colours.txt'))
    expect(plain.findings[0]).toMatchObject({ rule: 'no-unused-vars', severity: 'error', line: 1, column: 5 })
  })

  test('Windows’ paths and line ends, and UTF-16', async () => {
    const text = 'C:\\r\\a.py:1:2: E501 m\r\n.\\b.py:3:4: W1 n\r\n'
    for (const content of [text, Buffer.from(`\uFEFF${text}`, 'utf16le'), Buffer.from(`\uFEFF${text}`)]) {
      const { findings } = await readFindings(content)
      expect(findings.map(({ file, line, column }) => [file, line, column])).toEqual([
        ['C:/r/a.py', 1, 2],
        ['b.py', 3, 4],
      ])
    }
  })

  test('what wrote a text may stand above it in a comment', async () => {
    expect(await read('<!--\n flake8 src\n//-->\na.py:1: [F401] m\n')).toMatchObject({ format: 'flake8', problems: [] })
    expect((await read('<!-- a report -->\n<checkstyle/>')).format).toBe('checkstyle')
  })

  test('numbers beyond all lines are no place', async () => {
    const { findings } = await readFindings('a.py:99999999999999999999:0: E501 m\n')
    expect(findings[0]).not.toHaveProperty('line')
    expect(findings[0]).not.toHaveProperty('column')
  })

  test('hostile lines of 30,000 characters are read in no time', async () => {
    const pieces = [
      ' ',
      '1',
      ':',
      '(',
      ': error ',
      'x  ',
      '--> ',
      ' at ',
      '.a',
      '/',
      '1:',
      ' [a',
      ':1',
      '"',
      '`',
      '\u001B[',
      'a.py:1: ',
    ]
    const starts = [
      '',
      'a.py:1: error: ',
      'a.py:1:1: ',
      'a.c:1:1: warning: ',
      'a.cs(1,1): error C1: ',
      'a.py(1): [C0114(x)',
      '1>',
      '{"reason":',
    ]
    const ends = ['', 'x', ' generated.', ' [']
    const hostile = starts.flatMap((start) =>
      pieces.flatMap((piece) => ends.map((end) => `${start}${piece.repeat(30_000 / piece.length)}${end}`)),
    )
    const start = performance.now()
    for (const name of texts) await named(hostile.join('\n'), name)
    expect(performance.now() - start).toBeLessThan(60_000)
  }, 120_000)
})

describe('rows of JSON', () => {
  const mypy =
    '{"file":"a.py","line":1,"column":0,"end_line":1,"end_column":3,"message":"m","hint":null,"code":"x","severity":"error"}'

  test('a row that is cut short is an error', async () => {
    const report = await read(`${mypy}\n${mypy.slice(0, 50)}`)
    expect([report.format, messages(report)[0]?.slice(0, 28)]).toEqual(['mypy', 'is not JSON, or cut short: {'])
  })

  test('one document of JSON is not taken for rows because of what its strings hold', async () => {
    expect((await read('{\n"a.py:1: error: m": 1\n}')).format).toBeNull()
  })
})
