import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hand } from '../../src/action/tell.js'
import { escapeText, tableRow } from '../../src/publish/markdown.js'
import { fixture, fixtureNames, read } from '../evidence/reading.js'
import { Scratch } from '../support/scratch.js'
import { walk } from '../support/walk.js'

const here = 'hostile/hostile.test.ts'
const rows: readonly (readonly [attack: string, file: string, test: string])[] = [
  ['workflow commands in output', 'action/log.test.ts', 'breaks the command %j where it is not'],
  [
    'workflow commands in names',
    'action/log.test.ts',
    'lets no name or reason of a stranger begin a line with a command',
  ],
  ['annotation text', 'publish/commands.test.ts', 'are read back as they were given, whatever strangers wrote'],
  ['annotation length', 'publish/commands.test.ts', 'are one line each, of at most 4,096 characters'],
  ['a forged delimiter in GITHUB_OUTPUT', here, 'an output cannot end its own block and begin another'],
  ['GITHUB_ENV and GITHUB_PATH from reports', here, 'a report sets no variable of a later step'],
  ['Markdown in a comment', 'publish/hostile.test.ts', 'the comment'],
  ['Markdown in a check', 'publish/hostile.test.ts', 'the check'],
  ['Markdown in a summary', 'publish/hostile.test.ts', 'the summary'],
  ['characters that hide', 'publish/markdown.test.ts', 'removes what hides: controls, escapes, marks of direction'],
  ['a forged marker', 'publish/markdown.test.ts', 'leaves no marker of an HTML comment'],
  [
    'the marker in a stranger’s comment',
    'publish/send.test.ts',
    'leaves a comment with our marker alone that a stranger',
  ],
  ['XML entities', 'evidence/read.test.ts', 'entities that a document defines are refused, not expanded'],
  ['a plain DOCTYPE', 'evidence/read.test.ts', 'a plain DOCTYPE is skipped unread'],
  ['XML depth', 'evidence/read.test.ts', 'nothing nests deeper than 256'],
  ['an alias bomb of YAML', 'workflow/bad-files.test.ts', 'an alias bomb is refused'],
  ['merge keys and tags of YAML', 'workflow/bad-files.test.ts', 'a custom tag'],
  ['large YAML', 'workflow/bad-files.test.ts', '2 MB of YAML are refused unread'],
  ['an alias bomb in instructions', here, 'aliases in the front matter of instructions are refused'],
  ['YAML and JSON of contracts', 'long/contracts.test.ts', 'aliases that grow without end'],
  ['own __proto__ keys of JSON', here, 'no report in JSON pollutes a prototype'],
  ['paths that lead out', 'evidence/place.test.ts', 'out of the root through it'],
  [
    'paths of nothing in the repository',
    'publish/annotations.test.ts',
    'only where a line of a file in the repository is known',
  ],
  ['links out of the workspace', 'engine/reports.test.ts', 'is a folder, or a link out of the workspace'],
  ['archives', 'clones/report-run.test.ts', 'with a zip bomb that claims to be small'],
  ['slips of archives', 'clones/report-run.test.ts', 'whose file leads out of its folder'],
  ['regular expressions of users', 'engine/custom-reports.test.ts', 'cannot be hung by its pattern'],
  ['globs of strangers', 'evidence/collectors/glob.test.ts', 'asks for no more than a bound'],
  ['forged hand-overs', 'engine/many-jobs.test.ts', 'a hand-over that is %s does not count'],
  ['hand-overs that lead out', 'handover/place.test.ts', 'links that lead out only together are refused'],
  ['links in hand-overs', 'handover/place.test.ts', 'a file through a link of the same pack is refused'],
  ['huge files', 'evidence/read.test.ts', 'what a stream holds before the cap stays, and cannot pass'],
  ['huge JSON', 'evidence/read.test.ts', 'JSON over the cap is not read'],
  ['names into scripts', 'workflow/load.test.ts', 'in a script is as safe as what it holds'],
  ['names into shells', here, 'a branch that is called like a command is only a value'],
  ['escapes on the terminal', 'publish/hostile.test.ts', 'the terminal gets no control, and a runner no command'],
  ['secrets in sinks', 'engine/secrets.test.ts', 'stands in no sink, wherever a step puts it'],
  ['secrets over borders of chunks', 'base/redact.test.ts', 'no secret survives any way of cutting the text'],
  ['private addresses', 'host/http.test.ts', 'a public name with a private address is refused'],
  ['credentials in addresses', 'host/http.test.ts', 'is refused, and nobody is asked'],
  ['redirects with credentials', 'publish/send/codecov.test.ts', 'does not follow a redirect, which would take'],
  ['evidence of a fork', 'clones/report-run.test.ts', 'that reports success is never a success that was verified'],
  ['who reported it', 'clones/report-run.test.ts', 'its pull request by the commit, who reported it said'],
  ['slip: only the first pipe of a cell', here, 'every pipe of a cell is escaped'],
  ['slip: annotations unescaped', 'publish/commands.test.ts', 'are read back as they were given, whatever'],
  ['slip: `ghs_` with dots', 'base/redact.test.ts', 'masks values, their encoded forms and known tokens'],
  ['slip: an artifact believed', 'clones/report-run.test.ts', 'with a prototype to pollute'],
]

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-hostile-')
})
afterAll(() => scratch.remove())

test('every attack has a test', () => {
  const textOf = (file: string): string => readFileSync(join(import.meta.dirname, '..', file), 'utf8')
  // This file names its own tests twice: in the table, and where they stand.
  const missing = rows.filter(([, file, name]) => textOf(file).split(name).length < (file === here ? 3 : 2))
  expect(missing).toEqual([])
})

describe('hostile input', () => {
  test('an output cannot end its own block and begin another', async () => {
    const folder = scratch.folderWith(undefined)
    const [first, second] = ['first', 'second'].map((name) => join(folder, name)) as [string, string]
    const before = process.env['GITHUB_OUTPUT']
    const forged = 'x\nghadelimiter_0\nverdict<<E\npass\nE\n::set-output name=verdict::pass'
    try {
      for (const file of [first, second]) {
        writeFileSync(file, '')
        process.env['GITHUB_OUTPUT'] = file
        await hand({ verdict: 'fail', reason: forged })
      }
    } finally {
      if (before === undefined) delete process.env['GITHUB_OUTPUT']
      else process.env['GITHUB_OUTPUT'] = before
    }
    const [one, other] = [first, second].map((file) => blocksOf(readFileSync(file, 'utf8')))
    expect(one?.values).toEqual({ verdict: 'fail', reason: forged })
    expect(new Set([...(one?.marks ?? []), ...(other?.marks ?? [])]).size).toBe(4)
  })

  test('a report sets no variable of a later step', async () => {
    const name = '::set-env name=EVIL::1&#10;EVIL=1&#10;##[set-env name=EVIL]1'
    const xml = `<testsuite name="s" tests="1"><testcase classname="${name}" name="${name}"><system-out>${name}</system-out></testcase></testsuite>`
    const { started, outcome } = await walk(
      's:\n  steps:\n    - { run: test, reports: r.xml }\n    - { run: later }\n',
      { scripts: (files) => ({ test: { does: () => files.write('r.xml', xml) } }) },
    )
    expect(outcome.verdict).toBe('pass')
    expect(started.at(-1)?.script).toBe('later')
    expect(JSON.stringify(started.at(-1)?.env)).not.toContain('EVIL')
  })

  test('aliases in the front matter of instructions are refused', async () => {
    const bomb = [
      'a: &a [x, x]',
      ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [*${'abcdefg'[i]}, *${'abcdefg'[i]}]`),
    ]
    const text = `---\n${bomb.join('\n')}\napplyTo: '**'\ndescription: d\n---\n## A\n${'words '.repeat(30)}`
    const { outcome } = await walk('s: { steps: [{ run: x }], gates: { conventions: { instructions: true } } }', {
      files: { 'x.instructions.md': text },
      tracked: ['.github/wf.yml', 'x.instructions.md'],
    })
    const found = outcome.evidence.flatMap(({ evidence }) =>
      evidence.flatMap((one) => (one.kind === 'findings' ? one.findings : [])),
    )
    expect(found.filter(({ rule }) => rule === 'front-matter')).toEqual([
      expect.objectContaining({ message: expect.stringContaining('Alias') }),
    ])
  })

  test('no report in JSON pollutes a prototype', async () => {
    const documents = fixtureNames.filter((name) => /\.(?:json|sarif|jsonl)$/.test(name))
    expect(documents.length).toBeGreaterThan(50)
    const keys = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},'
    for (const path of documents) {
      await read(
        fixture(path)
          .toString()
          .replaceAll(/\{(?=\s*")/g, `{${keys}`),
        { path },
      )
      const seen = [{}, [], () => undefined].map((one) => 'polluted' in one)
      expect([path, ...seen]).toEqual([path, false, false, false])
    }
  })

  test('a branch that is called like a command is only a value', async () => {
    const name = '$(touch evil);`id`|x'
    const { started } = await walk(
      "version: 1\nname: w\non: { pull_request: s }\nstages:\n  s: { steps: [{ run: 'echo \"$REF\"', env: { REF: '${{ github.head_ref }}' } }] }\n",
      {
        event: {
          name: 'pull_request',
          payload: {
            number: 7,
            pull_request: {
              number: 7,
              title: name,
              head: { sha: 'a'.repeat(40), ref: name, repo: { full_name: 'org/repo' } },
              base: { sha: 'b'.repeat(40), ref: 'main' },
            },
            repository: { full_name: 'org/repo', default_branch: 'main' },
          },
        },
        tracked: ['.github/wf.yml'],
      },
    )
    expect(started.map(({ script, env }) => [script, env['REF']])).toEqual([['echo "$REF"', name]])
  })

  test('every pipe of a cell is escaped', () => {
    const row = tableRow(escapeText('a | b | c || d \\| e'), 'x')
    expect(row.match(/(?<!\\)(?:\\\\)*\|/g)).toHaveLength(3)
  })
})

/** Blocks of a file of outputs as a runner reads it. */
function blocksOf(text: string): { values: Record<string, string>; marks: string[] } {
  const [values, marks]: [Record<string, string>, string[]] = [{}, []]
  const lines = text.split('\n')
  while (lines.length > 0) {
    const [, name, mark] = /^(\w+)<<(.+)$/.exec(lines.shift() ?? '') ?? []
    if (name === undefined || mark === undefined) continue
    const end = lines.indexOf(mark)
    values[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join('\n')
    marks.push(mark)
  }
  return { values, marks }
}
