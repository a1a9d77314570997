import { describe, expect, test } from '@jest/globals'
import { gitleaks } from '../support/samples.js'
import { walk } from '../support/walk.js'
import type { Walk } from '../support/walk.js'

const [head, base] = ['a'.repeat(40), 'b'.repeat(40)]
const event: NonNullable<Walk['event']> = {
  name: 'pull_request',
  payload: {
    number: 7,
    pull_request: {
      number: 7,
      title: 'feat: x',
      head: { sha: head, ref: 'x', repo: { full_name: 'org/repo' } },
      base: { sha: base, ref: 'main' },
    },
    repository: { full_name: 'org/repo', default_branch: 'main' },
  },
}
// Put together here, so that no scanner takes this file for a leak.
const token = ['ghp', 'J7kQ2mZx9RtVb4LsWc8YpN3hFd6GaTe1UoKi'].join('_')

/** A stage with this gate over a pull request that adds the second line of `a.txt`. */
async function judged(gate: string, options: Walk & { step?: string; diff?: { code: number; stdout?: string } } = {}) {
  const { step = '{ run: x }', diff, ...rest } = options
  const added = '--- a/a.txt\n+++ b/a.txt\n@@ -1,0 +2 @@\n+x\n'
  const done = await walk(
    `version: 1\nname: w\non: { pull_request: s }\nstages:\n  s: { steps: [${step}], gates: { secrets: ${gate} } }\n`,
    {
      files: { 'a.txt': `old\nnew ${token}\n`, 'b.txt': `${token}\n`, 'c.bin': `\0${token}\n` },
      tracked: ['.github/wf.yml', 'a.txt', 'b.txt', 'c.bin'],
      event,
      with: ({ git }) => {
        git
          .on(/^log/, { stdout: '' })
          .on(/^diff/, diff ?? { stdout: added })
          .on(/^diff .*--name-status/, { stdout: '' })
      },
      ...rest,
    },
  )
  const [verdict] = done.outcome.verdicts.filter((one) => one.gate === 'secrets')
  const found = done.outcome.evidence.flatMap(({ evidence }) =>
    evidence.flatMap((one) => (one.kind === 'findings' ? one.findings : [])),
  )
  const said = found.map(({ file, line, column, rule }) => `${file}:${line}:${column} ${rule}`)
  return { status: verdict?.status, said, all: JSON.stringify(done.lines) }
}

describe('the gate of secrets without a scanner', () => {
  test('looks through the lines that the change adds', async () => {
    const { status, said, all } = await judged('{ scan: changes }')
    expect([status, said]).toEqual(['fail', ['a.txt:2:5 github-token']])
    expect(all).not.toContain(token)
  })

  test('looks through all tracked files when it is asked to, and through none when it is not', async () => {
    expect(await judged('{ scan: tree }')).toMatchObject({
      status: 'fail',
      said: ['a.txt:2:5 github-token', 'b.txt:1:1 github-token'],
    })
    expect(await judged('{ scan: off }')).toMatchObject({ status: 'no-data', said: [] })
  })

  test('where the change is not known all files are looked through', async () => {
    const { said } = await judged('{ scan: changes }', { diff: { code: 1 } })
    expect(said).toHaveLength(2)
  })

  test('looks through the change by default, unless a scanner reports or may have', async () => {
    expect((await judged('{}')).said).toEqual(['a.txt:2:5 github-token'])
    const scanner = { step: '{ run: scan, reports: { path: r.json, required: false } }' }
    expect(await judged('{}', scanner)).toMatchObject({ status: 'no-data', said: [] })
    const reported = await judged('{}', {
      step: '{ run: scan, reports: { path: r.json, format: gitleaks-json } }',
      scripts: (files) => ({ scan: { does: () => files.write('r.json', gitleaks(0)) } }),
    })
    expect(reported).toMatchObject({ status: 'pass', said: [] })
  })

  test('a text that is too large is told, not passed over', async () => {
    const { status, said } = await judged('{ scan: tree }', {
      files: { 'a.txt': 'x'.repeat(20 * 2 ** 20 + 1), 'b.txt': '' },
    })
    expect([status, said]).toEqual(['fail', ['a.txt:1:undefined not-scanned']])
  })

  test('outside of a repository nothing is found out, which is no pass', async () => {
    const done = await walk('s: { steps: [{ run: x }], gates: { secrets: { scan: tree } } }')
    expect(done.outcome.verdicts[0]).toMatchObject({ gate: 'secrets', status: 'fail' })
  })
})
