import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startFakeGitHub } from '../../src/fake-github/index.js'
import type { FakeGitHub } from '../../src/fake-github/index.js'
import { checkOut, pullRequest, workflowFile, workflowRunEnded } from '../support/pull-request.js'
import type { PullRequest } from '../support/pull-request.js'
import type { Job, Ran, Runner } from '../support/runner.js'
import { runners } from '../support/runners.js'
import { Scratch } from '../support/scratch.js'
import { describeWith } from '../support/tools.js'

jest.setTimeout(120_000)

const bot = 'github-actions[bot]'
/** Tokens as GitHub makes them for the workflows' permissions; a fork's pull request is left the rights to read. */
const tokens = {
  ghs_starter: { login: bot, permissions: { contents: 'read', checks: 'write', pull_requests: 'write' } },
  ghs_starter_of_a_fork: { login: bot, permissions: { contents: 'read', checks: 'read', pull_requests: 'read' } },
  ghs_fork_safe: { login: bot, permissions: { contents: 'read' } },
  ghs_publish: { login: bot, permissions: { actions: 'read', checks: 'write', pull_requests: 'write' } },
} as const

const runs = { starter: 4711, forkSafe: 4712, publish: 4713 }

let scratch: Scratch
let github: FakeGitHub | undefined

beforeEach(() => {
  scratch = new Scratch('wf-runners-')
})
afterEach(async () => {
  await github?.close()
  github = undefined
  scratch.remove()
})

const folder = (name: string): string => {
  const path = join(scratch.root, name)
  mkdirSync(path, { recursive: true })
  return path
}

/** GitHub as it stands when the pull request has been opened; `outcome` is what the fork's run left. */
async function githubWith({ base, head, merge, from, number }: PullRequest, outcome?: string): Promise<FakeGitHub> {
  const ended = { name: 'ci', event: 'pull_request', status: 'completed', conclusion: 'failure' }
  const fork = { id: runs.forkSafe, ...ended, head_sha: head, head_branch: 'topic', head_repository: from }
  const left = outcome === undefined ? [] : [{ name: 'wf', files: { 'outcome.json': outcome } }]
  github = await startFakeGitHub({
    tokens,
    repositories: {
      'org/tiny': {
        commits: {
          [base]: { files: { '.github/wf.yml': workflowFile } },
          [head]: { parents: [base] },
          [merge]: { parents: [base, head] },
        },
        branches: { main: base },
        pulls: [{ number, head: { ref: 'topic', sha: head, repo: from }, merge_commit_sha: merge }],
        runs: [fork],
        artifacts: { [runs.forkSafe]: left },
      },
    },
  })
  return github
}

/** Runs the workflow of a pull request, its merge commit checked out. */
async function onPullRequest(runner: Runner, pull: PullRequest, how: Pick<Job, 'workflow' | 'token' | 'run'>) {
  const github = await githubWith(pull)
  const clone = folder('clone')
  const ref = `refs/pull/${pull.number}/merge`
  await checkOut(pull.origin, ref, clone)
  const actor = pull.from.split('/')[0] ?? ''
  const job = { event: 'pull_request', payload: pull.payload, sha: pull.merge, ref, actor, clone, workspace: clone }
  const ran = await runner.run({ ...job, ...how, api: github.url }, folder('runner'))
  return { ran, github }
}

/** Runs the workflow that posts what a fork's run left; it checks nothing out. */
async function onWorkflowRun(runner: Runner, pull: PullRequest, outcome: string) {
  const github = await githubWith(pull, outcome)
  const clone = folder('default-branch')
  const ref = 'refs/heads/main'
  await checkOut(pull.origin, ref, clone)
  const payload = workflowRunEnded(pull, runs.forkSafe)
  const job = { event: 'workflow_run', payload, sha: pull.base, ref, actor: 'stranger', clone }
  const how = { workflow: 'templates/fork-safe/publish.yml', token: 'ghs_publish', run: runs.publish }
  const ran = await runner.run({ ...job, ...how, workspace: folder('empty'), api: github.url }, folder('publisher'))
  return { ran, github }
}

/** What people see of the pull request. */
function shown({ state, mistakes }: FakeGitHub, { head, number }: PullRequest) {
  const tiny = state.repositories['org/tiny']
  const checks = tiny?.checkRuns[head] ?? []
  const annotations = checks.flatMap((check) => check.annotations)
  return {
    checks: checks.map(({ name, conclusion }) => `${name}: ${conclusion}`),
    annotations: annotations.map(({ path, start_line: line }) => `${path}:${line}`),
    comments: (tiny?.comments[number] ?? []).map(({ user }) => user.login),
    mistakes,
  }
}

/** An Error with all that was printed, when a job did not end as it should. */
function ended({ code, log, outputs }: Ran, wanted: { code: number; verdict?: string }): void {
  const verdict = outputs['verdict']
  if (code !== wanted.code || (wanted.verdict !== undefined && verdict !== wanted.verdict))
    throw new Error(`exit ${code}, verdict ${verdict}, not ${JSON.stringify(wanted)}\n${log}`)
}

const green = { checks: ['wf / tiny / test: success'], annotations: [], comments: [bot], mistakes: [] }
const red = {
  checks: ['wf / tiny / test: failure'],
  annotations: ['sum.test.js:10'],
  comments: [bot],
  mistakes: [],
}
const nothing = { checks: [], annotations: [], comments: [], mistakes: [] }

for (const runner of runners) {
  describeWith(...runner.needs)(`by ${runner.name}`, () => {
    const own = { workflow: 'templates/starter/ci.yml', token: 'ghs_starter', run: runs.starter }

    test('a pull request that passes gets a green check and a comment', async () => {
      const pull = await pullRequest(folder('pull'), 'passing')
      const { ran, github } = await onPullRequest(runner, pull, own)
      ended(ran, { code: 0, verdict: 'pass' })
      expect(shown(github, pull)).toEqual(green)
      expect(ran.outputs).toMatchObject({ target: 'test', tests: '2', 'tests-failed': '0' })
      expect(ran.summary).toContain('tiny / test')
    })

    test('a pull request that fails gets a red check, a remark on the failing line and a comment', async () => {
      const pull = await pullRequest(folder('pull'), 'failing')
      const { ran, github } = await onPullRequest(runner, pull, own)
      ended(ran, { code: 1, verdict: 'fail' })
      expect(shown(github, pull)).toEqual(red)
      expect(ran.outputs).toMatchObject({ target: 'test', tests: '2', 'tests-failed': '1' })
      expect(ran.summary).toContain('nothing and one')
    })

    const read = { ...own, token: 'ghs_starter_of_a_fork' }

    test('a pull request of a fork is judged alike where the token only reads', async () => {
      const failing = await pullRequest(folder('pull'), 'failing', 'stranger/tiny')
      const { ran, github } = await onPullRequest(runner, failing, read)
      ended(ran, { code: 1, verdict: 'fail' })
      expect(shown(github, failing)).toEqual(nothing)
      expect(github.writes()).toEqual([])
      expect(ran.log).toMatch(/::error [^:]*file=sum\.test\.js,line=10/)
      expect(ran.summary).toContain('nothing and one')
    })

    test('a pull request of a fork that passes is green where the token only reads', async () => {
      const passing = await pullRequest(folder('pull'), 'passing', 'stranger/tiny')
      const { ran, github } = await onPullRequest(runner, passing, read)
      ended(ran, { code: 0, verdict: 'pass' })
      expect(shown(github, passing)).toEqual(nothing)
    })

    test('what a run of a fork left is posted by a workflow that checks nothing out', async () => {
      const pull = await pullRequest(folder('pull'), 'failing', 'stranger/tiny')
      const how = { workflow: 'templates/fork-safe/ci.yml', token: 'ghs_fork_safe', run: runs.forkSafe }
      const { ran: first, github: before } = await onPullRequest(runner, pull, how)
      ended(first, { code: 1, verdict: 'fail' })
      expect(shown(before, pull)).toEqual(nothing)
      await before.close()

      const { ran, github } = await onWorkflowRun(runner, pull, first.outcome ?? '')
      ended(ran, { code: 0 })
      expect(shown(github, pull)).toEqual(red)
    })
  })
}
