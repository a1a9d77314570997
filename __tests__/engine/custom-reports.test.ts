import { describe, expect, test } from '@jest/globals'
import { loadWorkflow } from '../../src/workflow/load.js'
import { walk } from '../support/walk.js'

const findingsOf = async (report: string, output: string, code = 1) => {
  const done = await walk(`s: { steps: [{ id: a, run: tool, reports: ${report} }], gates: { lint: { issues: 0 } } }`, {
    scripts: { tool: { stdout: output, code } },
  })
  const found = done.outcome.evidence.flatMap(({ evidence }) =>
    evidence.flatMap((one) => (one.kind === 'findings' ? one.findings : [])),
  )
  return {
    verdict: done.outcome.verdict,
    reason: done.step('s/a').reason ?? '',
    found: found.map((f) => `${f.file ?? ''}:${f.line ?? ''}:${f.column ?? ''} ${f.severity} ${f.rule} ${f.message}`),
  }
}

describe('text of any tool', () => {
  const report = String.raw`{ stdout: match, match: { tool: acme, pattern: '^(?<file>[^:]+):(?<line>\d+):(?<column>\d+) (?<severity>\w+) \[(?<rule>[^\]]+)\] (?<message>.*)$', severities: { BAD: error, meh: note } } }`

  test('is read by a pattern with named groups', async () => {
    const output = 'acme 1.0\nsrc/a.c:3:7 BAD [x1] no\nsrc/b.c:12:1 meh [x2] not nice\nsrc/b.c:13:1 odd [x3] what\n'
    expect((await findingsOf(report, output)).found).toEqual([
      'src/a.c:3:7 error x1 no',
      'src/b.c:12:1 note x2 not nice',
      'src/b.c:13:1 error x3 what',
    ])
  })

  test('without a remark is good only where the tool ended well', async () => {
    expect(await findingsOf(report, 'all fine\n', 0)).toMatchObject({ verdict: 'pass', found: [] })
    expect(await findingsOf(report, 'all fine\n', 1)).toMatchObject({ verdict: 'fail' })
  })

  test('with a line that neither pattern knows is broken', async () => {
    const strict = report.replace(', severities', ", otherwise: '^acme ', severities")
    expect(await findingsOf(strict, 'acme 1.0\n', 0)).toMatchObject({ verdict: 'pass' })
    const odd = await findingsOf(strict, 'acme 1.0\npanic: no licence\n', 0)
    expect(odd).toMatchObject({ verdict: 'fail' })
    expect(odd.reason).toContain('holds a line that neither pattern knows: panic: no licence')
  })

  test('cannot be hung by its pattern', async () => {
    const evil = "{ stdout: match, match: { pattern: '^(?<message>(a+)+)$' } }"
    expect(await findingsOf(evil, `${'a'.repeat(5000)}!\n`, 0)).toMatchObject({ found: [] })
  })
})

describe('JSON of any tool', () => {
  const report =
    "{ stdout: map, map: { items: 'files[].issues[]', file: '^.path', line: at.0, end-line: end, url: more, tool: acme, level: level, rule: code, message: text, severities: { W: warning } } }"

  test('is read by a map of paths', async () => {
    const document = {
      files: [
        {
          path: './src/a.x',
          issues: [{ at: [4, 2], level: 'W', code: 7, text: 'no', end: 6, more: 'https://acme.example/7' }],
        },
        { path: 'b.x', issues: [] },
      ],
    }
    expect((await findingsOf(report, JSON.stringify(document))).found).toEqual(['src/a.x:4: warning 7 no'])
  })

  test('without the list that is named is broken, and with an empty one good', async () => {
    expect(await findingsOf(report, '{ "files": [] }', 0)).toMatchObject({ verdict: 'pass' })
    const other = await findingsOf(report, '{ "results": [] }', 0)
    expect(other.reason).toContain('has no list at `files[]`')
    const list = "{ stdout: map, map: { items: '[]', message: m } }"
    expect((await findingsOf(list, '[{ "m": "x" }]')).found).toEqual([':: error match x'])
    expect(await findingsOf(list, '[]', 0)).toMatchObject({ verdict: 'pass' })
  })
})

test.each([
  ['{ stdout: match }', '`stdout: match` needs `match` beside it'],
  ["{ stdout: tsc, match: { pattern: '(?<message>x)' } }", '`match` goes with `stdout: match`'],
  ["{ path: a, match: { pattern: '(?<message>x)' }, map: { items: x, message: y } }", 'a report has one'],
  ["{ path: a, format: junit, match: { pattern: '(?<message>x)' } }", 'describes the format itself'],
  ["{ path: a, match: { pattern: '^x$' } }", 'neither a group `message` nor a group `rule`'],
  ["{ path: a, match: { pattern: '(?<message>x(?=y))' } }", 'looks around or refers back'],
  ["{ path: a, match: { pattern: '(?<message>x' } }", 'not well-formed'],
])('a description that cannot be used is told: %s', async (report, said) => {
  const loaded = await loadWorkflow(
    'wf.yml',
    `version: 1\nname: w\nstages: { s: { steps: [{ run: x, reports: ${report} }] } }\n`,
  )
  expect(loaded.ok ? '' : loaded.problems.map(({ message }) => message).join('; ')).toContain(said)
})
