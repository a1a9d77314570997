import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { git } from '../support/command.js'
import { runnerFiles } from '../support/runner.js'
import { endOf, Scratch } from '../support/scratch.js'
import { fakeActionsCache } from '../support/stores/actions-cache.js'
import type { FakeActionsCache } from '../support/stores/actions-cache.js'

/** The built action with the cache of GitHub Actions, each job on a machine of its own. */
const entry = resolve(process.env['WF_ACTION'] ?? '.', 'dist/action/index.js')
const scratch = new Scratch('wf-action-cache-')
afterAll(() => scratch.remove())
let fake: FakeActionsCache
beforeEach(async () => void (fake = await fakeActionsCache()))
afterEach(() => fake.close())

const workflow = `version: 1
name: shop
on: { push: build }
stages:
  build:
    steps:
      join:
        run: mkdir -p out; cp src.txt out/; env | grep -c ACTIONS_RUNTIME || true
        cache: { inputs: [src.txt], outputs: [out/] }
      after: { needs: join, run: test -e out/src.txt; env | grep ACTIONS_RUNTIME && exit 1 || true }
`

/** One job, from its checkout on; `failing` has a later step fail. */
async function job(number: number, files: Record<string, string> = {}) {
  const folder = scratch.folderWith(undefined, {
    '.github/wf.yml': workflow,
    'src.txt': 'x',
    '.gitignore': 'out/\n',
    ...files,
  })
  await git(folder, 'init', '--quiet', '--initial-branch=main')
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message=feat: x')
  const sha = (await git(folder, 'rev-parse', 'HEAD')).trim()
  const outside = join(scratch.root, `runner-${number}`)
  mkdirSync(outside)
  const repository = { full_name: 'org/tiny', default_branch: 'main' }
  const { env } = runnerFiles(
    {
      event: 'push',
      payload: { ref: 'refs/heads/main', after: sha, repository },
      workflow: '',
      clone: folder,
      workspace: folder,
      sha,
      ref: 'refs/heads/main',
      actor: 'me',
      run: number,
      token: 'ghs_not_used_here',
      api: 'http://127.0.0.1:1',
    },
    outside,
  )
  const service = {
    ACTIONS_RESULTS_URL: `${fake.url}/`,
    ACTIONS_RUNTIME_TOKEN: fake.token,
    ACTIONS_CACHE_SERVICE_V2: 'True',
  }
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: {
      ...env,
      ...service,
      PATH: process.env['PATH'],
      INPUT_TOKEN: 'ghs_not_used_here',
      INPUT_CHECK: 'false',
      INPUT_COMMENT: 'false',
      INPUT_SUMMARY: 'true',
    },
  })
  const { code, stdout, stderr } = await endOf(child)
  const runs = join(outside, 'temp', 'wf', 'runs')
  const journal = readFileSync(join(runs, readdirSync(runs)[0] ?? '', 'journal.jsonl'), 'utf8')
  return { code, log: stdout + stderr, journal, summary: readFileSync(join(outside, 'summary'), 'utf8') }
}

test('a job finds what an earlier one stored, and its token is nowhere', async () => {
  const first = await job(1)
  expect([first.code, first.log]).toEqual([0, expect.stringContaining('nothing is stored of it yet')])
  const second = await job(2)
  expect([second.code, second.log]).toEqual([0, expect.stringContaining('from the cache, which saves')])
  expect(fake.entries.map(({ key }) => /-(pack|index)-/.exec(key)?.[1])).toEqual(['pack', 'index'])
  expect(fake.mistakes).toEqual([])
  for (const text of [first, second].flatMap(({ log, journal, summary }) => [
    log.replaceAll(/^::add-mask::.*$/gm, ''),
    journal,
    summary,
  ]))
    expect(text).not.toContain(fake.token)
})

test('a job goes on without a cache that is out of order', async () => {
  fake.fault = { status: 503 }
  const { code, log } = await job(3)
  expect([code, log]).toEqual([0, expect.stringContaining('the cache (github) fails: GitHub answered 503')])
})
