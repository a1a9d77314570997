import { describe, expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../reading.js'

const json = JSON.stringify

describe('SARIF', () => {
  const run = (results: unknown[], more: object = {}): string =>
    json({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Tool' } }, results, ...more }] })
  const result = (more: object = {}): object => ({ ruleId: 'r', message: { text: 'm' }, ...more })
  const driver = (name: string, rules: unknown[]): object => ({ tool: { driver: { name, rules } } })

  test('suppressions that are accepted or have no status hide, others do not', async () => {
    const evidence = await readFindings(
      run([
        result({ suppressions: [{ kind: 'inSource' }] }),
        result({ suppressions: [{ status: 'accepted' }, {}] }),
        result({ suppressions: [{ status: 'rejected' }] }),
        result({ suppressions: [{ status: 'accepted' }, { status: 'underReview' }] }),
        result({ suppressions: [] }),
      ]),
    )
    expect([evidence.findings.length, evidence.suppressed]).toEqual([3, 2])
  })

  test.each([
    [{}, 'warning'],
    [{ level: 'error' }, 'error'],
    [{ level: 'note' }, 'note'],
    [{ kind: 'review' }, 'note'],
    [{ properties: { 'security-severity': '9.8' } }, 'critical'],
    [{ level: 'note', properties: { 'security-severity': 7 } }, 'high'],
    [{ properties: { 'security-severity': '4.0' } }, 'medium'],
    [{ properties: { 'security-severity': '0.1' } }, 'low'],
    [{ properties: { 'security-severity': '11' } }, 'warning'],
  ])('%j is %s', async (more, severity) => {
    expect((await readFindings(run([result(more)]))).findings[0]?.severity).toBe(severity)
  })

  test('what passed or is gone is no finding', async () => {
    const none = [{ kind: 'pass' }, { kind: 'notApplicable' }, { baselineState: 'absent' }]
    expect((await readFindings(run(none.map(result)))).findings).toEqual([])
  })

  test('rules give level, grade and address, by index, id, extension or the rule above', async () => {
    const rules = [
      { id: 'a', defaultConfiguration: { level: 'error' }, helpUri: 'https://example.com/a' },
      { id: 'b', properties: { 'security-severity': '9', tags: ['security'] } },
    ]
    const extensions = [{ rules: [{ id: 'x', defaultConfiguration: { level: 'note' } }] }]
    const { findings } = await readFindings(
      run(
        [
          { ruleIndex: 0, message: { text: 'm' } },
          { ruleId: 'b', message: { text: 'm' } },
          { ruleId: 'a/part', message: { text: 'm' } },
          { rule: { index: 0, toolComponent: { index: 0 } }, message: { text: 'm' } },
          { ruleId: 'b', ruleIndex: 0, message: { text: 'm' } },
        ],
        { tool: { driver: { name: 'CodeQL', rules }, extensions } },
      ),
    )
    expect(findings.map(({ rule, severity, url }) => [rule, severity, url])).toEqual([
      ['a', 'error', 'https://example.com/a'],
      ['b', 'critical', undefined],
      ['a/part', 'error', 'https://example.com/a'],
      ['x', 'note', undefined],
      ['b', 'critical', undefined],
    ])
  })

  test('the message may be a template of the rule', async () => {
    const rules = [{ id: 'r', messageStrings: { default: { text: '{0} is {{not}} {1}' } } }]
    const message = { id: 'default', arguments: ['x', 'y'] }
    const evidence = await readFindings(run([{ ruleId: 'r', message }], driver('T', rules)))
    expect(evidence.findings[0]?.message).toBe('x is {not} y')
  })

  test('places: folders that the run names, artifacts, escapes', async () => {
    const at = (artifactLocation: object): object =>
      result({ locations: [{ physicalLocation: { artifactLocation, region: { startLine: 3, startColumn: 1 } } }] })
    const { findings } = await readFindings(
      run(
        [
          at({ uri: 'src/a%20b.ts', uriBaseId: 'ROOT' }),
          at({ index: 0 }),
          at({ uri: 'file:///C:/x/y.cs' }),
          at({ uri: 'in.ts', uriBaseId: 'SRC' }),
        ],
        {
          artifacts: [{ location: { uri: 'lib/z.ts' } }],
          originalUriBaseIds: { ROOT: { uri: 'file:///home/u/repo/' }, SRC: { uri: 'src/', uriBaseId: 'ROOT' } },
        },
      ),
    )
    expect(findings.map(({ file }) => file)).toEqual([
      '/home/u/repo/src/a b.ts',
      'lib/z.ts',
      'C:/x/y.cs',
      '/home/u/repo/src/in.ts',
    ])
    expect(findings[0]).toMatchObject({ line: 3, column: 1, end_line: 3 })
  })

  test.each([
    ['gitleaks', [], ['secrets']],
    ['CodeQL', ['security'], ['vulnerabilities']],
    ['CodeQL', ['maintainability'], ['lint', 'vulnerabilities']],
    ['ESLint', ['security'], ['lint', 'vulnerabilities']],
    ['pyright', [], ['types']],
  ])('of %s with tags %j the categories are %j', async (name, tags, categories) => {
    const rules = [{ id: 'r', properties: { tags } }]
    expect((await readFindings(run([result()], driver(name, rules)))).categories).toEqual(categories)
  })

  test('the category that the user named stands for all', async () => {
    const evidence = await readFindings(run([result()]), { category: 'secrets' })
    expect([evidence.categories, evidence.findings[0]?.category]).toEqual([['secrets'], 'secrets'])
  })

  test('a secret that the message quotes is taken out', async () => {
    const region = { startLine: 1, snippet: { text: 'canary-secret' } }
    const quoting = { message: { text: 'found canary-secret' }, locations: [{ physicalLocation: { region } }] }
    const evidence = await readFindings(run([result(quoting)], driver('gitleaks', [])))
    expect(evidence.findings[0]).toMatchObject({ message: 'found [secret]', severity: 'high' })
    expect(json(evidence)).not.toContain('canary')
  })

  test.each([
    ['no run', json({ version: '2.1.0', runs: [] }), 'holds no run of a tool'],
    ['an old version', json({ version: '1.0.0', runs: [{}] }), 'is SARIF 1.0.0; 2.1.0 is read'],
    [
      'a run that failed',
      run([], { invocations: [{ executionSuccessful: false, exitCodeDescription: 'no memory' }] }),
      'Tool says that its run failed: no memory',
    ],
    [
      'results elsewhere',
      run([], { externalPropertyFileReferences: { results: [{}] } }),
      'Tool keeps its results in another file, which is not read',
    ],
  ])('%s is an error', async (_, text, message) => {
    expect(messages(await read(text))).toEqual([message])
  })
})

describe('npm audit', () => {
  const audit = (vulnerabilities: object, metadata: object = {}): string =>
    json({ auditReportVersion: 2, vulnerabilities, metadata })
  const advisory = (id: number, more: object = {}): object => ({
    source: id,
    name: 'debug',
    title: 'slow',
    url: `https://github.com/advisories/GHSA-aaaa-bbbb-000${id}`,
    severity: 'moderate',
    range: '<2',
    ...more,
  })

  test('one finding an advisory and package; packages affected through another are not counted again', async () => {
    const { findings, by_severity } = await readFindings(
      audit({
        debug: { severity: 'high', via: [advisory(1), advisory(2, { severity: 'critical' })] },
        express: { severity: 'high', via: ['debug'] },
      }),
    )
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['GHSA-aaaa-bbbb-0001', 'debug (<2): slow'],
      ['GHSA-aaaa-bbbb-0002', 'debug (<2): slow'],
    ])
    expect(by_severity).toEqual({ medium: 1, critical: 1 })
  })

  test('a package whose cause the report leaves out is not lost', async () => {
    const { findings } = await readFindings(audit({ express: { severity: 'high', via: ['debug'] } }))
    expect(findings).toMatchObject([{ severity: 'high', message: 'express: vulnerable through debug' }])
  })

  test('npm 6 and pnpm', async () => {
    const text = json({
      actions: [],
      advisories: {
        '534': { module_name: 'debug', title: 'slow', severity: 'low', url: 'https://npmjs.com/advisories/534' },
        '9': { module_name: 'x', severity: 'info' },
      },
      muted: [{}],
      metadata: { vulnerabilities: { low: 1 } },
    })
    const evidence = await readFindings(text)
    expect(evidence.findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['9', 'note'],
      ['534', 'low'],
    ])
    expect(evidence.suppressed).toBe(1)
  })

  test('none is none, and the gate has its evidence', async () => {
    expect(await readFindings(audit({}))).toMatchObject({ categories: ['vulnerabilities'], findings: [] })
  })

  test('totals without findings are an error', async () => {
    expect(messages(await read(audit({}, { vulnerabilities: { high: 2, total: 2 } })))).toEqual([
      'states vulnerabilities and lists none',
    ])
  })

  test('an audit that failed is no audit', async () => {
    const report = await read(json({ error: { code: 'ENOLOCK', summary: 'needs a lockfile' } }))
    expect(report).toMatchObject({ format: 'npm-audit', evidence: null })
    expect(messages(report)).toEqual(['says that the audit failed: needs a lockfile'])
  })

  test('keys that every object has are packages like others', async () => {
    const text =
      '{"auditReportVersion":2,"vulnerabilities":{"__proto__":{"severity":"high","via":[]},"constructor":{"via":["toString"]}}}'
    expect((await readFindings(text)).findings).toHaveLength(2)
    expect(({} as Record<string, unknown>)['severity']).toBeUndefined()
  })
})

describe('ESLint', () => {
  test('severities, parse errors, what was disabled in the source', async () => {
    const file = {
      filePath: 'src\\a.js',
      messages: [
        { ruleId: 'semi', severity: 1, message: 'w', line: 1, column: 2, endLine: 1, endColumn: 3 },
        { ruleId: null, fatal: true, severity: 2, message: 'Parsing error' },
        { ruleId: null, message: null, line: null, severity: null },
      ],
      suppressedMessages: [{}, {}],
    }
    const evidence = await readFindings(json([{ filePath: 'clean.js', messages: [] }, file]))
    expect(evidence.findings.map(({ rule, severity, file: at, line }) => [rule, severity, at, line])).toEqual([
      ['semi', 'warning', 'src/a.js', 1],
      ['parse-error', 'error', 'src/a.js', undefined],
      ['eslint', 'warning', 'src/a.js', undefined],
    ])
    expect(evidence.suppressed).toBe(2)
  })

  test('counts without messages are an error', async () => {
    const text = json([{ filePath: 'a.js', messages: [], errorCount: 3 }])
    expect(messages(await read(text))).toEqual(['states 3 messages for a.js and lists none'])
  })
})

describe('Pyright', () => {
  const pyright = (diagnostics: unknown[], summary: object): string =>
    json({ generalDiagnostics: diagnostics, summary })

  test('places count from 0, information is a note', async () => {
    const range = { start: { line: 0, character: 4 }, end: { line: 2, character: 0 } }
    const { findings } = await readFindings(
      pyright([{ file: '/r/a.py', severity: 'information', message: 'm', range }], { errorCount: 0 }),
    )
    expect(findings).toMatchObject([
      { severity: 'note', line: 1, column: 5, end_line: 3, end_column: 1, rule: 'pyright' },
    ])
  })

  test.each([
    [{ errorCount: 2, filesAnalyzed: 1 }, 'states 2 errors and lists 0'],
    [{ errorCount: 0, filesAnalyzed: 0 }, 'says that no file was checked'],
  ])('%j is an error', async (summary, message) => {
    expect(messages(await read(pyright([], summary)))).toEqual([message])
  })
})

describe('tsc', () => {
  test('messages over several lines, files with brackets, global errors', async () => {
    const text = [
      "src/(app)/a.ts(3,7): error TS2322: Type 'A' is not assignable",
      "  to type 'B'.",
      'error TS5083: Cannot read file',
      'src\\b.ts:1:2 - warning TS6133: unused',
    ].join('\r\n')
    const { findings } = await readFindings(text)
    expect(findings.map(({ file, line, rule, severity }) => [file, line, rule, severity])).toEqual([
      ['src/(app)/a.ts', 3, 'TS2322', 'error'],
      [undefined, undefined, 'TS5083', 'error'],
      ['src/b.ts', 1, 'TS6133', 'warning'],
    ])
    expect(findings[0]?.message).toBe("Type 'A' is not assignable\n  to type 'B'.")
  })

  test('nothing written by a tool that ended well is no error of types', async () => {
    for (const text of ['', '\n', '> shop@1.0.0 types\n> tsc --noEmit\n\n', 'Found 0 errors.\n']) {
      const report = await read(text, { format: 'tsc', silentMeansNone: true })
      expect(report).toMatchObject({ evidence: { categories: ['types'], findings: [] }, problems: [] })
    }
  })

  test('nothing written by a tool of which that is not known is no evidence', async () => {
    expect((await read('', { format: 'tsc' })).evidence).toBeNull()
    expect((await read('> tsc\n', { format: 'tsc' })).evidence).toBeNull()
  })

  test('another program’s words are no evidence, even when it ended well', async () => {
    const report = await read('sh: 1: tsc: not found\n', { format: 'tsc', silentMeansNone: true })
    expect(report.evidence).toBeNull()
    expect(report.problems).toEqual([
      { level: 'error', message: 'is no output of tsc: sh: 1: tsc: not found', line: 1 },
    ])
  })

  test('a summary of more errors than are there is an error', async () => {
    expect(messages(await read('a.ts:1:1 - error TS1: x\n\nFound 3 errors in 2 files.\n'))).toEqual([
      'states 3 errors and shows 1',
    ])
  })
})

test('more findings than are listed still count', async () => {
  const many = Array.from({ length: 20_005 }, (_, i) => ({ RuleID: 'r', File: 'a', StartLine: i }))
  const evidence = await readFindings(json(many))
  expect([evidence.findings.length, evidence.findings_omitted, evidence.by_severity]).toEqual([
    20_000,
    5,
    { high: 20_005 },
  ])
})
