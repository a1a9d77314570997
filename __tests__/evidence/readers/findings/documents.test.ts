import { describe, expect, test } from '@jest/globals'
import type { FindingsEvidence } from '../../../../src/evidence/evidence.js'
import { messages, read, readFindings } from '../../reading.js'

const json = JSON.stringify
const brief = ({ findings }: FindingsEvidence): string[] =>
  findings.map(
    ({ rule, severity, file, line, column, message }) =>
      `${severity} ${rule} ${file ?? ''}${line === undefined ? '' : `:${line}`}${column === undefined ? '' : `:${column}`} ${message}`,
  )

describe('Checkstyle', () => {
  const report = (body: string): string => `<?xml version="1.0"?><checkstyle version="8.0">${body}</checkstyle>`

  test('severities, rules without their tool’s prefix, what is ignored', async () => {
    const evidence = await readFindings(
      report(
        '<file name="src\\A.java"><error line="1" column="2" severity="warning" message="m" source="com.puppycrawl.tools.checkstyle.checks.imports.UnusedImportsCheck"/>' +
          '<error line="0" severity="info" message="&lt;n&gt;" source="Generic.Files.LineLength"/><error severity="ignore" message="x"/></file>' +
          '<file name="b.js"><error severity="fatal" message="o (no-x)" source="eslint.rules.no-x"/><error message=""/></file><file name="c"/>',
      ),
    )
    expect(brief(evidence)).toEqual([
      'warning UnusedImportsCheck src/A.java:1:2 m',
      'note Generic.Files.LineLength src/A.java <n>',
      'error no-x b.js o',
      'error checkstyle b.js no message is given',
    ])
    expect(evidence.suppressed).toBe(1)
  })

  test('a file that the tool could not check is an error', async () => {
    const text = report('<file name="a.java"><exception><![CDATA[java.lang.Error: no\n at x]]></exception></file>')
    expect(messages(await read(text))).toEqual(['says that a.java was not checked: java.lang.Error: no'])
  })

  test('an empty one is a clean run', async () => {
    expect(await read(report(''))).toMatchObject({ format: 'checkstyle', evidence: { findings: [] }, problems: [] })
  })
})

describe('Stylelint’s JSON', () => {
  const file = (more: object): string => json([{ source: 'a.css', errored: false, warnings: [], ...more }])

  test('options that are wrong and errors of parsing are findings', async () => {
    const text = file({
      errored: true,
      warnings: [
        { line: 1, column: 2, rule: 'r', severity: 'warning', text: 'm (r)' },
        { rule: 's', severity: 'odd' },
      ],
      parseErrors: [{ line: 3, text: 'p' }],
      invalidOptionWarnings: [{ text: 'o' }],
    })
    expect(brief(await readFindings(text))).toEqual([
      'warning r a.css:1:2 m',
      'error s a.css no message is given',
      'error parse-error a.css:3 p',
      'error invalid-option a.css o',
    ])
  })

  test('an error that is stated and not listed is an error', async () => {
    expect(messages(await read(file({ errored: true })))).toEqual(['states errors for a.css and lists none'])
  })
})

describe('Biome', () => {
  const biome = (diagnostics: unknown[], summary: object = {}): string =>
    json({ summary, diagnostics, command: 'lint' })

  test('both forms', async () => {
    const text = biome([
      {
        severity: 'information',
        category: 'c',
        message: 'm',
        location: { path: 'a.js', start: { line: 1, column: 2 } },
      },
      {
        severity: 'fatal',
        category: 'd',
        description: 'x',
        message: [{ content: 'two ' }, { content: 'parts' }],
        location: { path: { file: 'b.js' }, span: [4, 5], sourceCode: 'a\nbcd' },
      },
    ])
    expect(brief(await readFindings(text))).toEqual(['note c a.js:1:2 m', 'error d b.js:2:3 two parts'])
  })

  test('diagnostics that it left out are an error', async () => {
    expect(messages(await read(biome([], { errors: 2, warnings: 1, infos: 1, diagnosticsNotPrinted: 4 })))).toEqual([
      'states 4 diagnostics and lists 0',
      'leaves out 4 diagnostics: use `--max-diagnostics=none`',
    ])
  })
})

describe('Pylint’s JSON', () => {
  const message = (type: string): object => ({
    type,
    symbol: 's',
    module: 'a',
    path: 'a.py',
    line: 1,
    column: 0,
    message: 'm',
  })

  test('columns count from 0; types that are not known are errors', async () => {
    const all = ['fatal', 'error', 'warning', 'refactor', 'convention', 'info', 'odd'].map(message)
    const evidence = await readFindings(json(all))
    expect([evidence.by_severity, evidence.findings[0]?.column]).toEqual([{ error: 3, warning: 1, note: 3 }, 1])
  })

  test('statistics of more, or of nothing checked, are errors', async () => {
    const json2 = (messageTypeCount: object, modulesLinted: number): string =>
      json({ messages: [], statistics: { messageTypeCount, modulesLinted } })
    expect(messages(await read(json2({ error: 2, warning: 1 }, 3)))).toEqual(['states 3 messages and lists 0'])
    expect(messages(await read(json2({ error: 0 }, 0)))).toEqual(['says that no module was checked'])
    expect((await read(json2({ error: 0 }, 1))).problems).toEqual([])
  })
})

describe('golangci-lint’s JSON', () => {
  const report = (issues: unknown, more: object = {}): string =>
    json({ Issues: issues, Report: { Linters: [], ...more } })
  const issue = (Severity: string): object => ({
    FromLinter: 'l',
    Text: 'm',
    Severity,
    Pos: { Filename: 'a.go', Line: 1, Column: 0 },
  })

  test('severities; without one it is an error', async () => {
    const all = ['', 'error', 'warning', 'info', 'high', 'medium', 'odd'].map(issue)
    expect((await readFindings(report(all))).by_severity).toEqual({ error: 3, warning: 1, note: 1, high: 1, medium: 1 })
  })

  test('null is an empty list, a run that failed is an error', async () => {
    expect(await read(report(null))).toMatchObject({
      format: 'golangci-lint-json',
      evidence: { findings: [] },
      problems: [],
    })
    expect(messages(await read(report([], { Error: 'timeout' })))).toEqual([
      'golangci-lint says that it failed: timeout',
    ])
    expect(messages(await read(report({ a: 1 })))).toEqual(['has no list of `Issues`'])
  })

  test('its statistics may stand behind, other text may not', async () => {
    expect((await read(`${report([])}\n0 issues.\n`)).problems).toEqual([])
    expect(messages(await read(`${report([])}\npanic: x\n`))).toEqual(['is not JSON'])
  })
})

describe('RuboCop', () => {
  const report = (offenses: unknown[], summary: object): string =>
    json({ metadata: {}, files: [{ path: 'a.rb', offenses }], summary })
  const offense = (severity: string, more: object = {}): object => ({
    severity,
    message: 'Style/X: m',
    cop_name: 'Style/X',
    location: { line: 1, column: 2 },
    ...more,
  })

  test('severities, old places, what was corrected is gone', async () => {
    const all = [
      ...['refactor', 'convention', 'warning', 'error', 'fatal', 'odd'].map((one) => offense(one)),
      offense('error', { corrected: true }),
    ]
    const evidence = await readFindings(report(all, { offense_count: 7, inspected_file_count: 1 }))
    expect([evidence.by_severity, brief(evidence)[0]]).toEqual([
      { note: 2, warning: 1, error: 3 },
      'note Style/X a.rb:1:2 m',
    ])
  })

  test('a count of more and a run over nothing are errors', async () => {
    expect(messages(await read(report([], { offense_count: 2, inspected_file_count: 0 })))).toEqual([
      'states 2 offenses and lists 0',
      'says that no file was checked',
    ])
  })
})

describe('ShellCheck and Hadolint', () => {
  test('are told apart by their codes; style is a note', async () => {
    const item = { file: 'a', line: 1, column: 2, level: 'style', message: 'm' }
    for (const list of [[{ ...item, code: 2086 }], { comments: [{ ...item, code: 2086 }] }])
      expect(brief(await readFindings(json(list)))).toEqual(['note SC2086 a:1:2 m'])
    expect(
      await read(
        json([
          { ...item, code: 'DL3006' },
          { ...item, level: 'ignore', code: 'DL3006' },
        ]),
      ),
    ).toMatchObject({
      format: 'hadolint-json',
      evidence: { suppressed: 1, findings: [{ rule: 'DL3006' }] },
    })
  })

  test('what is unusual is not lost', async () => {
    const text = json([{}, { level: 'error' }, { file: 'a', line: 1, code: 'DL1', level: 'XX', message: 'm' }])
    expect((await readFindings(text)).by_severity).toEqual({ error: 3 })
  })

  test('only an empty list of comments, and nothing else, is ShellCheck’s', async () => {
    expect((await read('{"comments":[]}')).format).toBe('shellcheck-json')
    expect((await read('{"comments":[],"x":1}')).format).toBeNull()
  })
})

describe('PHPStan', () => {
  const report = (totals: object, files: unknown, errors: unknown[] = []): string => json({ totals, files, errors })

  test('findings of files and general ones; a trait’s context is no part of the path', async () => {
    const text = report(
      { errors: 1, file_errors: 2 },
      {
        'src/A.php (in context of class B)': { errors: 1, messages: [{ message: 'm', line: 3, identifier: 'a.b' }] },
        __proto__x: { errors: 1, messages: [{ message: 'n', line: null }] },
      },
      ['memory'],
    )
    expect(brief(await readFindings(text))).toEqual([
      'error a.b src/A.php:3 m',
      'error phpstan __proto__x n',
      'error phpstan  memory',
    ])
  })

  test('an empty list is an empty map to PHP; totals of more are an error', async () => {
    expect((await read(report({ errors: 0, file_errors: 0 }, []))).problems).toEqual([])
    expect(messages(await read(report({ errors: 0, file_errors: 2 }, [])))).toEqual(['states 2 errors and lists 0'])
  })
})

describe('Code Climate', () => {
  const issue = (more: object): object => ({
    description: 'm',
    check_name: 'c',
    location: { path: 'a', lines: { begin: 2 } },
    ...more,
  })

  test('severities, positions, security, measurements', async () => {
    const evidence = await readFindings(
      json([
        { type: 'measurement', name: 'x', value: 1 },
        issue({ severity: 'blocker', categories: ['Security'] }),
        issue({
          severity: 'minor',
          location: { path: 'b', positions: { begin: { line: 3, column: 4 }, end: { line: 5 } } },
        }),
        issue({ severity: 'info', location: { path: 'c', lines: { begin: { line: 6 } } } }),
        issue({}),
      ]),
    )
    expect(brief(evidence)).toEqual(['error c a:2 m', 'warning c b:3:4 m', 'note c c:6 m', 'error c a:2 m'])
    expect(evidence.findings[0]?.category).toBe('vulnerabilities')
  })
})

describe('reviewdog’s document', () => {
  test('severity and tool may be said once for all', async () => {
    const text = json({
      source: { name: 't' },
      severity: 'WARNING',
      diagnostics: [
        {
          message: 'm',
          location: { path: 'a', range: { start: { line: 1 } } },
          code: { value: 'c', url: 'javascript:x' },
        },
        { message: 'n', location: { path: 'b' }, severity: 'ERROR', source: { name: 'u' } },
      ],
    })
    const evidence = await readFindings(text)
    expect(brief(evidence)).toEqual(['warning c a:1 m', 'error u b n'])
    expect(evidence.findings[0]).not.toHaveProperty('url')
  })
})

describe('Secretlint', () => {
  test('neither content nor message nor data is taken', async () => {
    const text = json([
      {
        filePath: '/r/a',
        sourceContent: 'canary',
        sourceContentType: 'text',
        messages: [
          {
            ruleId: '@secretlint/x',
            messageId: 'TOKEN',
            message: 'found canary',
            data: { KEY: 'canary' },
            loc: { start: { line: 1, column: 0 } },
          },
          { ruleId: 'r', messageId: 'not canary', message: 'canary', severity: 'info' },
        ],
      },
    ])
    const report = await read(text)
    expect(report.format).toBe('secretlint')
    expect(json(report)).not.toContain('canary')
    expect(brief(report.evidence as FindingsEvidence)).toEqual([
      'high @secretlint/x /r/a:1:1 a secret of the kind TOKEN',
      'high r /r/a a secret of the kind r',
    ])
  })
})

describe('complexity', () => {
  const block = (complexity: unknown, more: object = {}): object => ({
    type: 'function',
    rank: 'X',
    name: 'f',
    lineno: 3,
    complexity,
    ...more,
  })

  test('Radon: from rank C on, errors from E on; classes are the mean of their methods', async () => {
    const text = json({
      'a.py': [
        block(10),
        block(11),
        block(31, { closures: [block(12, { name: 'in' })] }),
        block(50, { type: 'class', methods: [block(50)] }),
      ],
      'b.py': { error: 'invalid syntax' },
      'c.py': [block('many')],
    })
    expect(brief(await readFindings(text.replace('"many"', 'null')))).toEqual([
      'warning complexity a.py:3 f has a complexity of 11 (rank X)',
      'error complexity a.py:3 f has a complexity of 31 (rank X)',
      'warning complexity a.py:3 in has a complexity of 12 (rank X)',
      'error error b.py invalid syntax',
      'error complexity c.py:3 f has a complexity of no number (rank X)',
    ])
  })

  test('Radon: an empty object is clean only where the format is named', async () => {
    expect(await read('{}', { format: 'radon' })).toMatchObject({ evidence: { findings: [] }, problems: [] })
    expect((await read('{}')).evidence).toBeNull()
  })

  const lizard = (items: string, functions: number): string =>
    `<cppncss><measure type="Function"><labels><label>Nr.</label><label>NCSS</label><label>CCN</label></labels>${items}</measure>` +
    `<measure type="File"><labels/><sum label="Functions" value="${functions}"/></measure></cppncss>`
  const item = (ccn: number | string): string =>
    `<item name="f(...) at a b.c:7"><value>1</value><value>9</value><value>${ccn}</value></item>`

  test('Lizard: over 15', async () => {
    expect(brief(await readFindings(lizard(item(15) + item(16), 2)))).toEqual([
      'warning complexity a b.c:7 f(...) has a complexity of 16',
    ])
  })

  test('Lizard: functions that are missing or have no number are errors', async () => {
    expect(messages(await read(lizard(item('x'), 3)))).toEqual([
      'states no CCN of f(...) at a b.c:7',
      'states 3 functions and lists 1',
    ])
  })
})

test('an empty list is the tool’s that the path names', async () => {
  for (const name of ['stylelint', 'pylint', 'shellcheck', 'hadolint', 'codeclimate', 'secretlint', 'eslint'])
    expect(await read('[]', { path: `reports/${name}.json` })).toMatchObject({
      evidence: { findings: [] },
      problems: [],
    })
  expect((await read('[]')).evidence).toBeNull()
})
