import { describe, expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

/** Rule, severity and place of every finding. */
const brief = async (text: string): Promise<string[]> =>
  (await readFindings(text)).findings.map(
    ({ rule, severity, file, line, column, message }) =>
      `${severity} ${rule} ${file ?? ''}${line === undefined ? '' : `:${line}`}${column === undefined ? '' : `:${column}`} ${message}`,
  )
const format = async (text: string): Promise<string | null> => (await read(text)).format

describe('ESLint’s text', () => {
  test('rows belong to the file above them, a message may hold two blanks', async () => {
    const text =
      '/r/a b.js\n  1:2   error  two  blanks  no-x\n\nC:\\r\\c.ts\n  3:4  warning  Parsing error: x\n  5:1  error  m  @a/b/c\n'
    expect(await brief(text)).toEqual([
      'error no-x /r/a b.js:1:2 two  blanks',
      'warning parse-error C:/r/c.ts:3:4 Parsing error: x',
      'error @a/b/c C:/r/c.ts:5:1 m',
    ])
  })

  test('Secretlint’s rows are no lint', async () => {
    expect(await format('/r/a\n  1:6  error  found a token  @secretlint/preset > @secretlint/rule-github\n')).toBeNull()
  })
})

describe('Stylelint’s text', () => {
  test('signs of both kinds of terminal, old summaries, a row without a place', async () => {
    const text =
      'a.css\n 10:2  ×  m  r\n 11:2  ‼  n  s\n      ✖  broken  parse\n\n3 problems found\n severity level "error": 2\n'
    expect(await brief(text)).toEqual(['error r a.css:10:2 m', 'warning s a.css:11:2 n', 'error parse a.css broken'])
  })

  test('is told from ESLint by its words', async () => {
    expect(await format('/a.css: line 1, col 2, error - m (r)\n')).toBe('stylelint-text')
    expect(await format('/a.js: line 1, col 2, Error - m (r)\n')).toBe('eslint-text')
    expect(await format('/a.css:1:2: m (r) [error]\n')).toBe('stylelint-text')
    expect(await format('/a.js:1:2: m [Error/r]\n')).toBe('eslint-text')
  })
})

describe('Ruff’s text', () => {
  test('cells of notebooks, what was fixed is gone', async () => {
    expect(await brief('n.ipynb:cell 2:1:8: F401 [*] m\nFound 3 errors (2 fixed, 1 remaining).\n')).toEqual([
      'error F401 n.ipynb:1:8 m',
    ])
  })

  test('without a sign of Ruff’s its lines are Flake8’s', async () => {
    expect(await format('a.py:1:1: F821 undefined name\n')).toBe('flake8')
    expect(await format('a.py:1:1: F821 Undefined name\nFound 1 error.\n')).toBe('ruff-text')
  })

  test('files that would be reformatted', async () => {
    expect(await brief('Would reformat: a.py\n1 file would be reformatted, 2 files already formatted\n')).toEqual([
      'error unformatted a.py would be reformatted',
    ])
  })
})

describe('mypy', () => {
  test('files without a line, notes, hints of JSON', async () => {
    expect(await brief('pyproject.toml: error: bad value\na.pyi:2: note: see x\n')).toEqual([
      'error mypy pyproject.toml bad value',
      'note mypy a.pyi:2 see x',
    ])
    expect(
      await brief('{"file":"a.py","line":1,"column":4,"message":"m","hint":"do so","code":null,"severity":"fatal"}'),
    ).toEqual(['error mypy a.py:1:5 m\ndo so'])
  })

  test('is judged as types', async () => {
    expect((await readFindings('a.py:1: error: m  [x]\n')).categories).toEqual(['types'])
  })

  test('a compiler’s and Lizard’s lines are not its own', async () => {
    expect(await format('a.c:1: error: m\n')).toBe('gcc')
    expect(await format('a.py:1: warning: f has 9 NLOC, 8 CCN, 1 token, 1 PARAM, 9 length\n')).not.toBe('mypy')
  })
})

describe('Pylint’s text', () => {
  test('all of its forms', async () => {
    expect(
      await brief(
        [
          'a.py:1:0: C0114: Missing (x) docstring (missing-docstring)',
          'a.py:2:4: F0001: No module named a (fatal)',
          'b.py:3: [W0611(unused-import), f] Unused import',
          'b.py:4: [C] Line too long',
          'b.py:b.c:5: [E0213, A.b] No self',
          'c.py(6): [R0913(too-many-arguments)f] Too many',
          'W:  7, 8: Old (old-one)',
        ].join('\n'),
      ),
    ).toEqual([
      'note missing-docstring a.py:1:1 Missing (x) docstring',
      'error fatal a.py:2:5 No module named a',
      'warning unused-import b.py:3 Unused import',
      'note C b.py:4 Line too long',
      'error E0213 b.py:5 No self',
      'note too-many-arguments c.py:6 Too many',
      'warning old-one :7:9 Old',
    ])
  })

  test('Flake8 in Pylint’s form is Flake8’s', async () => {
    expect(await format('a.py:3: [E501] line too long\n')).toBe('flake8')
  })
})

describe('formatters', () => {
  test('Black: what does not parse is a finding, of old versions too', async () => {
    expect(
      await brief(
        'error: cannot format /r/a.py: Cannot parse: 1:3: x y\nerror: cannot parse: b.py:4:5\n    def f(:\nwould reformat c.py\nOh no! 💥 💔 💥\n1 file would be reformatted, 2 files would fail to reformat.\n',
      ),
    ).toEqual([
      'error parse-error /r/a.py:1:3 Cannot parse: 1:3: x y',
      'error parse-error b.py:4:5 cannot be parsed',
      'error unformatted c.py would be reformatted',
    ])
  })

  test('isort', async () => {
    expect(await brief('ERROR: /r/a.py Imports are incorrectly sorted and/or formatted.\nSkipped 2 files\n')).toEqual([
      'error unsorted-imports /r/a.py imports are not in order',
    ])
  })
})

describe('Go', () => {
  test('golangci-lint: with and without a column, excerpts', async () => {
    expect(
      await brief('a.go:1:2: bad (x) thing (errcheck)\n\tf(x)\n\t ^\ngo.mod:3: replace (gomoddirectives)\n'),
    ).toEqual(['error errcheck a.go:1:2 bad (x) thing', 'error gomoddirectives go.mod:3 replace'])
  })

  test('Staticcheck: what it ignores is suppressed, a package that does not compile is a finding', async () => {
    const row = (severity: string): string =>
      `{"code":"SA1","severity":"${severity}","location":{"file":"/a.go","line":1,"column":2},"end":{"file":"","line":0,"column":0},"message":"m"}\n`
    const evidence = await readFindings(row('ignored') + row('warning') + row('odd'))
    expect([evidence.suppressed, evidence.by_severity]).toEqual([1, { warning: 1, error: 1 }])
    expect((await readFindings(row('ignored'))).suppressed).toBe(1)
    expect(await brief('-: # example.com/bad\nbad/b.go:2:19: too many\n\thave (number) (compile)\n')).toEqual([
      'error compile  # example.com/bad\nbad/b.go:2:19: too many\nhave (number)',
    ])
  })

  test('go vet: only where nothing else stands before', async () => {
    expect(await format('# example.com/shop\n./main.go:7:2: fmt.Printf is wrong\nexit status 1\n')).toBe('go-vet')
    expect(await format('compiling\nmain.go:7:2: fmt.Printf is wrong\n')).toBeNull()
    expect(await format('/m.go:37:2: Deferring unsafe (Rule:G307, Severity:MEDIUM, Confidence:HIGH)\n')).not.toBe(
      'go-vet',
    )
  })

  test('go vet in JSON: an analyser that failed and a document cut short are errors', async () => {
    const document = (result: string): string => `{\n\t"p": {\n\t\t"printf": ${result}\n\t}\n}\n`
    const failed = await read(document('{\n\t\t\t"error": "no types"\n\t\t}'))
    expect([failed.format, messages(failed)]).toEqual(['go-vet-json', ['go vet says that printf failed: no types']])
    const list = '[\n\t\t\t{\n\t\t\t\t"posn": "/a.go:1:2",\n\t\t\t\t"message": "m"\n\t\t\t}\n\t\t]'
    expect(await brief(`# p\n${document(list)}${document(list)}`)).toHaveLength(2)
    expect(messages(await read(document(list).slice(0, -3)))).toHaveLength(1)
    expect(await read('{}\n', { format: 'go-vet-json' })).toMatchObject({ evidence: { findings: [] }, problems: [] })
  })
})

describe('compilers', () => {
  test('GCC: notes belong to the remark above, linkers and drivers have no place', async () => {
    expect(
      await brief(
        [
          'In file included from a.c:2:',
          "b.h: In function 'f':",
          'b.h:1:31: warning: unused [-Wunused-variable]',
          'a.c:3:1: note: declared here',
          'a.cpp:4:66:   required from here',
          'a.c:5:1: error: bad [-Werror=format=]',
          'cc1: all warnings being treated as errors',
          "/usr/bin/ld: build/a.o: in function `main':",
          "link.c:(.text+0x5): undefined reference to `h'",
          'collect2: error: ld returned 1 exit status',
        ].join('\n'),
      ),
    ).toEqual([
      'warning -Wunused-variable b.h:1:31 unused\na.c:3:1: note: declared here\na.cpp:4:66:   required from here',
      'error -Wformat= a.c:5:1 bad',
      "error ld link.c undefined reference to `h'",
      'error collect2  ld returned 1 exit status',
    ])
  })

  test('GCC: old versions name no column, linkers name no section', async () => {
    const text = [
      "make[1]: Entering directory `/d'",
      'a.cc:9:   instantiated from here',
      'a.l:451: warning: unused',
      'b.cc:6: warning:   in call',
      'b.cc:7: note: here',
      'c.so: undefined reference to `x`',
      '/d/c.cpp:233: undefined reference to `y`',
      'ld.lld: error: cannot open libbar.so',
    ].join('\n')
    expect(await brief(text)).toEqual([
      'warning warning a.l:451 unused',
      'warning warning b.cc:6 in call\nb.cc:7: note: here',
      'error ld c.so undefined reference to `x`',
      'error ld /d/c.cpp:233 undefined reference to `y`',
      'error ld.lld  cannot open libbar.so',
    ])
    expect((await read(text)).problems).toEqual([])
  })

  test('clang-tidy: its command may stand before a remark, a compiler may write between', async () => {
    const text = 'clang-tidy-5.0 -p=/p /src/a.cpp:1:8: warning: m [x-y]\nb.cpp:2:3: warning: n [-Wall]\n'
    expect(await brief(text)).toEqual(['warning x-y /src/a.cpp:1:8 m', 'warning -Wall b.cpp:2:3 n'])
    expect((await read(text)).problems).toEqual([])
  })

  test('GCC: a build that stopped without an error shown is an error', async () => {
    const text = 'a.c:1:1: warning: m [-Wall]\nmake: *** [Makefile:3: a.o] Error 1\n'
    expect(messages(await read(text))).toEqual(['GCC says that there were errors, and none is shown'])
    expect((await read(text.replace('warning', 'error'))).problems).toEqual([])
  })

  test('clang-tidy and ShellCheck are told from GCC by their rules', async () => {
    expect(await format('/a.c:1:1: warning: m [bugprone-x,-warnings-as-errors]\n')).toBe('clang-tidy')
    expect(await brief('a.sh:1:2: note: m [SC2086]\n')).toEqual(['note SC2086 a.sh:1:2 m'])
    expect(await format('a.c:1:1: warning: m [-Wall]\n')).toBe('gcc')
  })

  test('clang-tidy: a header’s remark of several files counts once', async () => {
    expect(await brief('/b.h:1:1: warning: m [x-y]\n/b.h:1:1: warning: m [x-y]\n')).toHaveLength(1)
  })

  test('MSBuild: the summary repeats remarks, projects are counted apart', async () => {
    const remarks =
      '/s/A.cs(3,9): warning CS0168: m [/s/a.csproj::TargetFramework=net8.0]\n/s/A.cs(3,9): warning CS0168: m [/s/a.csproj::TargetFramework=net6.0]\nC:\\Program Files (x86)\\b.targets(135,9): error MSB1: n [/s/a.csproj]\n'
    const text = `${remarks}\nBuild FAILED.\n\n${remarks}    2 Warning(s)\n    1 Error(s)\n`
    expect((await read(text)).problems).toEqual([])
    expect(await brief(text)).toEqual([
      'warning CS0168 /s/A.cs:3:9 m',
      'warning CS0168 /s/A.cs:3:9 m',
      'error MSB1 C:/Program Files (x86)/b.targets:135:9 n',
    ])
  })

  test('MSBuild: errors without a place, a failed build without any', async () => {
    expect(await brief('1>LINK : fatal error LNK1104: m\nMSBUILD : error MSB1009: n\nerror CS2001: o\n')).toEqual([
      'error LNK1104  m',
      'error MSB1009  n',
      'error CS2001  o',
    ])
    expect(messages(await read('a.cs(1,1): warning CS1: m\nBuild FAILED.\n'))).toEqual([
      'MSBuild says that there were errors, and none is shown',
    ])
  })

  test('what tsc writes stays tsc’s', async () => {
    expect(await format('a.ts(1,2): error TS2322: m\n')).toBe('tsc')
  })
})

describe('cargo', () => {
  const row = (message: object): string => JSON.stringify({ reason: 'compiler-message', message }) + '\n'
  const end = (success: boolean): string => JSON.stringify({ reason: 'build-finished', success }) + '\n'
  const span = {
    file_name: 'src/main.rs',
    line_start: 1,
    column_start: 2,
    line_end: 1,
    column_end: 3,
    is_primary: true,
  }
  const remark = (level: string, message = 'm'): string => row({ level, message, code: { code: 'c' }, spans: [span] })

  test('levels; summaries and notes about failures are no findings', async () => {
    const text =
      '    Checking shop\n' +
      remark('warning') +
      remark('error: internal compiler error') +
      remark('help') +
      row({ level: 'error', message: 'aborting due to 1 previous error', code: null, spans: [] }) +
      row({ level: 'warning', message: '2 warnings emitted', code: null, spans: [] }) +
      row({ level: 'failure-note', message: 'x', code: null, spans: [] }) +
      end(false)
    expect((await readFindings(text)).by_severity).toEqual({ warning: 1, error: 1, note: 1 })
  })

  test('the same remark for several targets counts once', async () => {
    expect((await readFindings(remark('warning') + remark('warning') + end(true))).findings).toHaveLength(1)
  })

  test('without its end it is cut short, failed without an error it is not believed', async () => {
    expect(messages(await read(remark('warning')))).toEqual(['has no end: what cargo wrote is cut short'])
    expect(messages(await read(remark('warning') + end(false)))).toEqual([
      'cargo says that there were errors, and none is shown',
    ])
    expect((await read(end(true))).problems).toEqual([])
  })
})

describe('typos', () => {
  test('names of files, several corrections, what cannot be read', async () => {
    expect(
      await brief(
        '{"type":"typo","path":"teh.txt","typo":"teh","corrections":["the","tech"]}\n{"type":"error","path":"x","msg":"no access"}\n',
      ),
    ).toEqual(['error typo teh.txt `teh` should be `the`, `tech`', 'error error x no access'])
  })
})

describe('reviewdog’s rows', () => {
  test('severities by name and number, one that is not said is an error', async () => {
    const row = (severity: unknown): string =>
      JSON.stringify({ message: 'm', location: { path: 'a' }, severity }) + '\n'
    const evidence = await readFindings(['ERROR', 'WARNING', 'INFO', 2, undefined, 'odd'].map(row).join(''))
    expect([evidence.by_severity, await format(row(1))]).toEqual([{ error: 3, warning: 2, note: 1 }, 'rdjsonl'])
  })
})

describe('Lizard’s rows', () => {
  const row = (complexity: number): string => `9,${complexity},1,2,3,"f@1-9@a.c","a.c","f","f( x )",1,9\n`

  test('functions over 15 are findings, others make it a clean report', async () => {
    expect(
      await brief(`NLOC,CCN,token,PARAM,length,location,file,function,long_name,start,end\n${row(15)}${row(16)}`),
    ).toEqual(['warning complexity a.c:1 f has a complexity of 16'])
    expect(await read(row(3))).toMatchObject({ format: 'lizard-csv', evidence: { findings: [] }, problems: [] })
  })
})
