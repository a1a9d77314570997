import { describe, expect, test } from '@jest/globals'
import { walk } from '../support/walk.js'
import type { Walk } from '../support/walk.js'

const base = 'b'.repeat(40)
const head = 'a'.repeat(40)
const event = (title: string, from: string): NonNullable<Walk['event']> => ({
  name: 'pull_request',
  payload: {
    number: 7,
    pull_request: {
      number: 7,
      title,
      head: { sha: head, ref: from, repo: { full_name: 'org/repo' } },
      base: { sha: base, ref: 'main' },
    },
    repository: { full_name: 'org/repo', default_branch: 'main' },
  },
})

/** A stage with this gate over a pull request with these commits, files and title. */
async function judged(
  gate: string,
  change: { messages?: string[]; title?: string; from?: string; files?: Record<string, string> },
) {
  const { messages = [], title = 'feat: x', from = 'feat/x', files = {} } = change
  const names = Object.keys(files)
  const done = await walk(
    `version: 1\nname: w\non: { pull_request: s }\nstages:\n  s: { steps: [{ run: x }], gates: { conventions: ${gate} } }\n`,
    {
      files,
      tracked: ['.github/wf.yml', ...names],
      event: event(title, from),
      with: ({ git }) => {
        git
          .on(/^rev-parse --is-shallow-repository/, { stdout: `false\n\n${head}\n` })
          .on(/^remote get-url/, { code: 2 })
          .on(/^cat-file -e/, {})
          .on(/^cat-file blob|^ls-tree/, { stdout: '' })
          .on(/^rev-parse --verify/, { stdout: `${base}\n` })
          .on(/^merge-base/, { stdout: `${base}\n` })
          .on(/^fetch|fetch --quiet/, { code: 1 })
          .on(/^log --no-merges/, { stdout: messages.map((message, i) => `abc000${i}\n${message}\n`).join('\0') })
          .on(/^diff/, { stdout: '' })
      },
    },
  )
  const [verdict] = done.outcome.verdicts.filter((one) => one.gate === 'conventions')
  const found = done.outcome.evidence.flatMap(({ evidence }) =>
    evidence.flatMap((one) => (one.kind === 'findings' ? one.findings : [])),
  )
  return { status: verdict?.status, said: found.map(({ message }) => message), found }
}

describe('the gate of conventions', () => {
  test('passes a change that keeps them all', async () => {
    expect(await judged('{}', { messages: ['feat: x', 'fix(api): y'] })).toMatchObject({ status: 'pass', said: [] })
  })

  test('names the commit that does not, and how it could read', async () => {
    const { status, said } = await judged('{ commits: true }', { messages: ['feat: x', 'Added y'] })
    expect(status).toBe('fail')
    expect(said).toEqual([
      'commit abc0001 `Added y`: it does not begin with a type and a colon; it could read `feat: added y`',
    ])
  })

  test('judges the title of the pull request, by types and scopes of the file', async () => {
    const rules = '{ title: { types: [add], scopes: [api], scoped: true, max-length: 30 } }'
    expect(await judged(rules, { title: 'add(api): x', messages: ['whatever'] })).toMatchObject({ status: 'pass' })
    expect((await judged(rules, { title: 'feat: x' })).said[0]).toContain('`feat` is none of the types `add`')
  })

  test.each([
    ['gitflow', 'feature/x', 'is merged into `develop`'],
    ['trunk', 'x', 'has none of the names'],
    ['[{ from: "dev-*", to: [main] }]', 'x', 'has none of the names that are allowed: `dev-*`'],
  ])('judges branches by %s', async (rules, from, said) => {
    expect((await judged(`{ branches: ${rules} }`, { from })).said.join()).toContain(said)
  })

  test('judges instruction files and files of variables at their lines', async () => {
    const files = { 'a.instructions.md': 'short', '.env.example': 'API_KEY=9f8a7b6c5d4e3f2a\n', '.env': 'A=1\n' }
    const { found } = await judged('{ instructions: true, env-files: true, errors: 5, warnings: 1 }', { files })
    expect(found.map(({ file, line, rule, severity }) => `${file}:${line} ${severity} ${rule}`).sort()).toEqual([
      '.env.example:1 error env-example',
      '.env:1 error env-tracked',
      'a.instructions.md:1 error front-matter',
      'a.instructions.md:1 warning headings',
      'a.instructions.md:1 warning short',
    ])
  })

  test('is not judged when it is off', async () => {
    expect(await judged('off', { messages: ['Added y'] })).toMatchObject({ status: undefined, said: [] })
  })
})
