import type { EventName } from '../../src/language/names.js'
import type { Json } from '../../src/base/json.js'

type Payload = { [key: string]: Json }

const repository = { id: 1, full_name: 'org/shop', default_branch: 'main', owner: { login: 'org' } }
const sender = { login: 'octo', type: 'User' }
const sha = (digit: string): string => digit.repeat(40)

/** What GitHub sends for each event, shortened to what tells them apart and what is read. */
export const payloads: Record<EventName, Payload> = {
  pull_request: {
    action: 'synchronize',
    number: 7,
    pull_request: {
      number: 7,
      title: 'A change',
      merge_commit_sha: sha('c'),
      head: { sha: sha('a'), ref: 'feature/x', repo: { full_name: 'fork/shop' } },
      base: { sha: sha('b'), ref: 'main', repo: { full_name: 'org/shop' } },
    },
    before: sha('1'),
    after: sha('a'),
    repository,
    sender,
  },
  merge_group: {
    action: 'checks_requested',
    merge_group: {
      head_sha: sha('a'),
      head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${sha('b')}`,
      base_sha: sha('b'),
      base_ref: 'refs/heads/main',
    },
    repository,
    sender,
  },
  push: {
    ref: 'refs/heads/develop',
    before: sha('b'),
    after: sha('a'),
    created: false,
    deleted: false,
    head_commit: { id: sha('a'), message: 'feat: x' },
    commits: [],
    repository,
    sender,
  },
  schedule: { schedule: '0 4 * * 1', workflow: '.github/workflows/wf.yml', repository },
  workflow_dispatch: {
    inputs: { version: '1.2.3', dry: 'true' },
    ref: 'refs/heads/main',
    workflow: '.github/workflows/wf.yml',
    repository,
    sender,
  },
  issue_comment: {
    action: 'created',
    issue: { number: 7, title: 'A change', pull_request: { url: 'https://api.example/7' } },
    comment: { id: 3, body: '/wf run', user: { login: 'octo' } },
    repository,
    sender,
  },
  repository_dispatch: { action: 'deploy', branch: 'main', client_payload: { version: '1' }, repository, sender },
  workflow_run: {
    action: 'completed',
    workflow: { name: 'CI' },
    workflow_run: { id: 9, head_sha: sha('a'), head_branch: 'develop', conclusion: 'success', event: 'push' },
    repository,
    sender,
  },
  release: { action: 'published', release: { tag_name: 'v1.2.0', target_commitish: 'main' }, repository, sender },
}

/** A push of a tag, and of a branch that was deleted. */
export const tagPush: Payload = { ...payloads.push, ref: 'refs/tags/v1.2.0', before: sha('0') }
export const deletion: Payload = { ...payloads.push, after: sha('0'), deleted: true, head_commit: null }
