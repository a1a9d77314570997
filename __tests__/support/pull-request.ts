import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Json } from '../../src/base/json.js'
import { git } from './command.js'

type Payload = { [key: string]: Json }

/** A pull request of `org/tiny` as git and GitHub know it. */
export interface PullRequest {
  number: number
  /** The repository on disk that stands for GitHub's. */
  origin: string
  base: string
  head: string
  merge: string
  /** The fork that it comes from, or `org/tiny` itself. */
  from: string
  payload: Payload
}

const number = 7
const repository = { full_name: 'org/tiny', name: 'tiny', default_branch: 'main', private: false }

const files = {
  '.gitignore': 'reports/\n.wf/\n',
  'package.json': '{ "type": "module" }\n',
  'sum.js': 'export const sum = (a, b) => a + b\n',
  'sum.test.js': `import assert from 'node:assert/strict'
import test from 'node:test'
import { sum } from './sum.js'

test('two and two', () => {
  assert.equal(sum(2, 2), 4)
})

test('nothing and one', () => {
  assert.equal(sum(0, 1), 1)
})
`,
  '.github/wf.yml': `version: 1
name: tiny
on: { pull_request: test }
stages:
  test:
    steps:
      unit:
        run: |
          mkdir -p reports
          node --test --test-reporter=junit --test-reporter-destination=reports/junit.xml
        reports: reports/junit.xml
`,
}

/** What the pull request changes. */
const changes = {
  passing: { 'sum.js': 'export const sum = (a, b) => b + a\n' },
  failing: { 'sum.js': 'export const sum = (a, b) => a * b\n' },
}

export const workflowFile = files['.github/wf.yml']

/** Makes the pull request in a folder of its own; `from` is the repository of its branch, `more` are files of its base. */
export async function pullRequest(
  folder: string,
  change: keyof typeof changes,
  from: string = repository.full_name,
  more: Readonly<Record<string, string>> = {},
): Promise<PullRequest> {
  const work = join(folder, 'work')
  const origin = join(folder, 'origin.git')
  write(work, { ...files, ...more })
  const commit = async (message: string): Promise<string> => {
    await git(work, 'add', '--all')
    await git(work, 'commit', '--quiet', `--message=${message}`)
    return (await git(work, 'rev-parse', 'HEAD')).trim()
  }
  await git(work, 'init', '--quiet', '--initial-branch=main')
  const base = await commit('feat: sums')
  await git(work, 'switch', '--quiet', '--create=topic')
  write(work, changes[change])
  const head = await commit('refactor: sums in another way')
  // GitHub's merge commit; base has not moved since.
  await git(work, 'switch', '--quiet', '--detach', base)
  await git(work, 'merge', '--quiet', '--no-ff', '--no-edit', head)
  const merge = (await git(work, 'rev-parse', 'HEAD')).trim()
  await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', origin)
  const refs = [`${base}:refs/heads/main`, `${head}:refs/pull/${number}/head`, `${merge}:refs/pull/${number}/merge`]
  const branch = from === repository.full_name ? [`${head}:refs/heads/topic`] : []
  await git(work, 'push', '--quiet', origin, ...refs, ...branch)
  return { number, origin, base, head, merge, from, payload: opened({ base, head, merge, from }) }
}

function opened({ base, head, merge, from }: Pick<PullRequest, 'base' | 'head' | 'merge' | 'from'>): Payload {
  const login = ownerOf(from)
  return {
    action: 'opened',
    number,
    pull_request: {
      number,
      title: 'Sums in another way',
      user: { login },
      merge_commit_sha: merge,
      head: { ref: 'topic', sha: head, repo: { full_name: from, owner: { login } } },
      base: { ref: 'main', sha: base, repo: repository },
    },
    repository,
    sender: { login },
  }
}

const ownerOf = (repository: string): string => repository.split('/')[0] ?? ''

/** The event that GitHub sends to the default branch when the workflow of a pull request has ended. */
export const workflowRunEnded = ({ head, from }: PullRequest, id: number): Payload => ({
  action: 'completed',
  workflow_run: {
    id,
    name: 'ci',
    event: 'pull_request',
    status: 'completed',
    conclusion: 'failure',
    run_attempt: 1,
    head_sha: head,
    head_branch: 'topic',
    path: '.github/workflows/ci.yml',
    head_repository: { full_name: from, owner: { login: ownerOf(from) } },
    html_url: `https://github.com/org/tiny/actions/runs/${id}`,
    pull_requests: [],
  },
  workflow: { name: 'ci', path: '.github/workflows/ci.yml' },
  repository,
  sender: { login: ownerOf(from) },
})

/** What actions/checkout leaves by default: one commit of one ref, the head detached. */
export async function checkOut(origin: string, ref: string, folder: string): Promise<void> {
  await git(dirname(folder), 'init', '--quiet', folder)
  await git(folder, 'remote', 'add', 'origin', `file://${origin}`)
  const local = ref.replace(/^refs\/(?:heads\/)?/, 'refs/remotes/')
  await git(folder, 'fetch', '--quiet', '--no-tags', '--depth=1', 'origin', `+${ref}:${local}`)
  await git(folder, 'checkout', '--quiet', '--force', '--detach', local)
}

function write(folder: string, contents: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}
