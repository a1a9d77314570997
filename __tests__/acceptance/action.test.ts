import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startFakeGitHub, defaultTokens } from '../../src/fake-github/index.js'
import type { FakeGitHub } from '../../src/fake-github/index.js'
import { filesIn, startCodecov } from '../support/codecov.js'
import { git } from '../support/command.js'
import { runnerFiles } from '../support/runner.js'
import { endOf, isAlive, Scratch } from '../support/scratch.js'

/** The built action; WF_ACTION names the folder of another build of it. */
const entry = resolve(process.env['WF_ACTION'] ?? '.', 'dist/action/index.js')

let scratch: Scratch
let github: FakeGitHub | undefined
beforeEach(() => {
  scratch = new Scratch('wf-action-')
})
afterEach(async () => {
  if (github) {
    github.release()
    expect(github.mistakes).toEqual([])
    await github.close()
  }
  github = undefined
  scratch.remove()
})

type Files = Readonly<Record<string, string>>
interface Case {
  /** What main has, and what the pull request changes; nothing takes a file away. */
  base: Files
  change?: Readonly<Record<string, string | undefined>>
  /** What main got since; then GitHub's merge of both is checked out. */
  since?: Files
  inputs?: Readonly<Record<string, string>>
  payload?: string
}

/** Pull request 7 of `org/tiny`, checked out as GitHub merges it, and a GitHub that knows it. */
async function pullRequest({ base, change = {}, since, inputs = {}, payload }: Case) {
  const folder = scratch.folderWith(undefined, { '.gitignore': 'reports/\n', ...base })
  const commit = async (): Promise<string> => {
    await git(folder, 'add', '--all')
    await git(folder, 'commit', '--quiet', '--allow-empty', '--message=feat: x')
    return (await git(folder, 'rev-parse', 'HEAD')).trim()
  }
  await git(folder, 'init', '--quiet', '--initial-branch=main')
  const write = (files: Files): void => {
    for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content)
  }
  const fork = await commit()
  await git(folder, 'switch', '--quiet', '--create=topic')
  for (const [path, content] of Object.entries(change))
    if (content === undefined) await git(folder, 'rm', '--quiet', path)
    else writeFileSync(join(folder, path), content)
  const head = await commit()
  await git(folder, 'switch', '--quiet', 'main')
  if (since) write(since)
  const main = since ? await commit() : fork
  await git(folder, 'switch', '--quiet', '--detach', since ? main : head)
  if (since) await git(folder, 'merge', '--quiet', '--no-ff', '--no-edit', head)
  const tested = (await git(folder, 'rev-parse', 'HEAD')).trim()
  const origin = join(scratch.root, 'origin.git')
  await git(scratch.root, 'clone', '--quiet', '--bare', folder, origin)
  await git(folder, 'remote', 'add', 'origin', origin)
  github = await startFakeGitHub({
    repositories: {
      'org/tiny': {
        commits: {
          [fork]: { files: base },
          [main]: { parents: [fork], files: { ...base, ...since } },
          [head]: { parents: [fork] },
        },
        branches: { main },
        pulls: [{ number: 7, head: { ref: 'topic', sha: head } }],
      },
    },
  })
  const repository = { full_name: 'org/tiny', default_branch: 'main' }
  const event = {
    action: 'opened',
    number: 7,
    pull_request: { number: 7, head: { ref: 'topic', sha: head, repo: repository }, base: { ref: 'main', sha: main } },
    repository,
    sender: { login: 'someone' },
  }
  const at = join(scratch.root, 'runner')
  mkdirSync(at)
  const job = {
    event: 'pull_request',
    payload: event,
    workflow: '',
    clone: folder,
    workspace: folder,
    sha: tested,
    ref: 'refs/pull/7/merge',
  }
  const { env, ran } = runnerFiles(
    { ...job, actor: 'someone', run: 100, token: defaultTokens.writes, api: github.url },
    at,
  )
  if (payload !== undefined) writeFileSync(env['GITHUB_EVENT_PATH'] ?? '', payload)
  const given = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  )
  const path = process.env['PATH'] ?? ''
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: { PATH: path, HOME: scratch.root, ...env, ...given },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const place = github.repository()
  return {
    child,
    folder,
    github,
    done: endOf(child).then(ran),
    checks: () => place.checkRuns[head] ?? [],
    comments: () => place.comments['7'] ?? [],
  }
}

const passing = `version: 1
name: tiny
on: { pull_request: test }
stages:
  test:
    steps: [{ id: unit, run: echo fine }]
`

describe('the action', () => {
  test('sends the coverage that its steps report to Codecov, and shows its token to nobody', async () => {
    const codecov = await startCodecov()
    try {
      const lcov = 'TN:\\nSF:src/a.js\\nDA:1,1\\nend_of_record\\n'
      const run = `env; mkdir -p reports && printf '${lcov}' > reports/lcov.info`
      const steps = `{ unit: { run: "${run.replaceAll('\\', '\\\\')}", reports: { path: reports/lcov.info, suite: unit } } }`
      const file = passing.replace(/steps: .*/, `steps: ${steps}`)
      const inputs = { 'upload-codecov': 'true', 'codecov-url': codecov.url, 'codecov-token': 'for-codecov-only' }
      const ended = await pullRequest({
        base: { '.github/wf.yml': file, 'a.txt': '1' },
        change: { 'a.txt': '2' },
        inputs,
      })
      const { code, log, summary, outcome } = await ended.done
      expect([code, codecov.mistakes]).toEqual([0, []])
      const [commit, , upload, stored] = codecov.requests
      expect(commit?.body).toMatchObject({ branch: 'topic', commitid: ended.checks()[0]?.head_sha, pullid: '7' })
      expect(upload?.body['flags']).toEqual(['unit'])
      expect(stored?.body['network_files']).toEqual(['.github/wf.yml', '.gitignore', 'a.txt'])
      expect(stored && Object.keys(filesIn(stored))).toEqual(['reports/lcov.info'])
      const said = '1 coverage report sent to Codecov (unit)'
      for (const text of [log, summary]) expect(text).toContain(said)
      for (const text of [log.replace(/^::add-mask::.*$/gm, ''), summary, outcome])
        expect(text).not.toContain('for-codecov-only')
    } finally {
      await codecov.close()
    }
  })

  test('asks GitHub five times for a pull request that passes', async () => {
    const run = await pullRequest({ base: { '.github/wf.yml': passing } })
    const { code, log } = await run.done
    expect(code).toBe(0)
    expect(run.github.log).toHaveLength(5)
    expect(run.checks()).toMatchObject([{ name: 'wf / tiny / test', conclusion: 'success' }])
    expect(log).toContain('::group::test/unit\nfine\n::endgroup::')
  })

  test('judges a change that lowers its own bar by the rules of its base, and says so', async () => {
    const bar = (lines: string): string => `version: 1
name: tiny
on: { pull_request: test }
stages:
  test:
    steps: [{ run: 'mkdir -p reports; cp cov.info reports/', reports: reports/cov.info }]
    gates: { coverage: { lines: ${lines} } }
`
    const run = await pullRequest({
      base: { '.github/wf.yml': bar('80%'), 'cov.info': 'SF:a.js\nDA:1,1\nDA:2,0\nend_of_record\n', 'a.js': '1\n2\n' },
      change: { '.github/wf.yml': bar('10%') },
    })
    const { code, outputs } = await run.done
    expect([code, outputs['verdict'], outputs['coverage-lines']]).toEqual([1, 'fail', '50'])
    expect(run.checks()).toMatchObject([{ conclusion: 'failure' }])
    const body = run.comments()[0]?.body ?? ''
    expect(body).toMatch(/rules? of `main`/)
    expect(body).toContain('80%')
    expect(body).toContain('10%')
  })

  test('judges a change that takes the workflow file away by that of its base', async () => {
    const failing = passing.replace('echo fine', 'exit 3')
    const run = await pullRequest({
      base: { '.github/wf.yml': failing },
      change: { '.github/wf.yml': undefined },
      inputs: { check: 'false' },
    })
    const { code } = await run.done
    expect(code).toBe(1)
    expect(run.comments()[0]?.body).toContain('removes the workflow file')
  })

  test('tells mistakes of the workflow file at their lines, in the log, the summary and the outputs', async () => {
    const run = await pullRequest({
      base: { '.github/wf.yml': passing },
      change: { '.github/wf.yml': passing.replace('run:', 'runn:') },
    })
    const { code, log, outputs, summary } = await run.done
    expect([code, outputs['verdict']]).toEqual([2, 'invalid'])
    expect(log).toMatch(/^::error file=\.github\/wf\.yml,line=6,col=\d+/m)
    expect(summary).toContain('runn')
    expect(outputs['reason']).toContain('.github/wf.yml:6')
    // A check that branch rules demand must come, and the comment must not go on about another commit.
    expect(run.checks()).toMatchObject([{ name: 'wf / tiny / test', conclusion: 'failure' }])
    expect(run.checks()[0]?.annotations).toMatchObject([{ path: '.github/wf.yml', start_line: 6 }])
    expect(run.comments()[0]?.body).toContain('.github/wf.yml:6')
  })

  test('has nothing to do for an event that the file does not answer', async () => {
    const run = await pullRequest({ base: { '.github/wf.yml': passing.replace('pull_request', 'push') } })
    const { code, log, outputs } = await run.done
    expect([code, outputs['verdict']]).toEqual([0, 'none'])
    expect(log).toContain('nothing to do')
    expect(run.github.writes()).toEqual([])
  })

  test.each([
    ['is no JSON', '{'],
    ['is empty', ''],
  ])('says that the payload %s', async (_, payload) => {
    const run = await pullRequest({ base: { '.github/wf.yml': passing }, payload })
    const { code, log } = await run.done
    expect(code).toBe(2)
    expect(log).toContain('is no JSON object')
  })

  test('lets a secret reach the step that names it, and nothing else', async () => {
    const canary = 'c4nary-s3cret-value'
    const leak = `
      const s = process.env.TOKEN, fs = require('fs'), half = s.length / 2
      process.stdout.write('a ' + s.slice(0, half)); process.stdout.write(s.slice(half) + ' b\\n')
      console.error(Buffer.from(s).toString('base64'))
      fs.mkdirSync('reports')
      fs.writeFileSync('reports/r.xml', '<testsuite name="' + s + '"><testcase name="' + s + '" file="t.js" line="1"><failure message="' + s + '">' + s + '</failure></testcase></testsuite>')
      fs.appendFileSync(process.env.GITHUB_STEP_SUMMARY, s)
      fs.appendFileSync(process.env.GITHUB_OUTPUT, 'out=' + s)
      process.exitCode = 1`
    const workflow = `version: 1
name: tiny
on: { pull_request: test }
stages:
  test:
    steps:
      - { run: node leak.js, secrets: [TOKEN], reports: reports/r.xml }
      - { id: other, if: always(), run: 'env | sort' }
`
    const run = await pullRequest({
      base: { '.github/wf.yml': workflow, 'leak.js': leak, 't.js': '' },
      inputs: { secrets: `TOKEN=${canary}` },
    })
    const { code, log, outputs, summary } = await run.done
    expect(code).toBe(1)
    const folder = outputs['folder'] ?? ''
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['journal.jsonl', 'outcome.json', 'comment.md', 'report.sarif']),
    )
    const sinks = {
      // The runner takes this command out of the log.
      log: log.replaceAll(/^::add-mask::.*$/gm, ''),
      files: files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')).join('\n'),
      check: JSON.stringify(run.checks()),
      comment: JSON.stringify(run.comments()),
      outputs: JSON.stringify(outputs),
      summary,
    }
    for (const [sink, text] of Object.entries(sinks))
      for (const secret of [canary, Buffer.from(canary).toString('base64'), defaultTokens.writes])
        expect([sink, text.includes(secret)]).toEqual([sink, false])
    expect(run.checks()[0]?.annotations).toHaveLength(1)
    expect(sinks.log).not.toContain('INPUT_')
  })

  test('puts remarks on the lines of the head, although the merge was tested', async () => {
    const lint = (line: number) =>
      JSON.stringify([{ filePath: 'a.js', messages: [{ ruleId: 'r', severity: 2, line, column: 1, message: 'no' }] }])
    const workflow = `version: 1
name: tiny
on: { pull_request: test }
stages:
  test: { steps: [{ run: cat lint.json, reports: { stdout: eslint-json } }], gates: { lint: {} } }
`
    const run = await pullRequest({
      base: { '.github/wf.yml': workflow, 'a.js': '1\n2\n3\n4\n5\n6\n7\n', 'lint.json': lint(11) },
      change: { 'a.js': '1\n2\n3\n4\n5\nbad\n7\n' },
      inputs: { comment: 'false' },
      since: { 'a.js': 'a\nb\nc\nd\ne\n1\n2\n3\n4\n5\n6\n7\n' },
    })
    const { code } = await run.done
    expect(code).toBe(1)
    expect(run.checks()[0]?.annotations).toMatchObject([{ path: 'a.js', start_line: 6, end_line: 6 }])
  })

  test('says that nothing is checked out instead of that the change took the file away', async () => {
    const run = await pullRequest({ base: { '.github/wf.yml': passing }, inputs: { 'working-directory': '..' } })
    const { code, log } = await run.done
    expect(code).toBe(2)
    expect(log).toContain('nothing is checked out')
  })

  test('that is cancelled ends its steps, concludes the check and is gone, all before GitHub kills it', async () => {
    // Neither the step nor its child hears the first two signals.
    const script = "trap '' INT TERM; sleep 600 & echo $$ $! > pids; echo begun; while :; do sleep 0.1; done"
    const run = await pullRequest({
      base: { '.github/wf.yml': passing.replace('echo fine', JSON.stringify(script)) },
      inputs: { comment: 'false' },
    })
    let asked = 0
    run.child.stdout.on('data', (text: string) => {
      if (asked || !text.includes('begun')) return
      asked = performance.now()
      run.child.kill('SIGINT')
    })
    const { code, outputs, summary, outcome } = await run.done
    expect(performance.now() - asked).toBeLessThan(6500)
    expect([code, outputs['verdict']]).toEqual([130, 'cancelled'])
    expect(run.checks()).toMatchObject([{ conclusion: 'cancelled' }])
    expect(summary).toContain('cancelled')
    expect(JSON.parse(outcome ?? '')).toMatchObject({ verdict: 'cancelled' })
    const pids = readFileSync(join(run.folder, 'pids'), 'utf8').trim().split(' ').map(Number)
    expect(pids.map(isAlive)).toEqual([false, false])
  })

  test('gives the same verdict when GitHub is down', async () => {
    const run = await pullRequest({ base: { '.github/wf.yml': passing } })
    run.github.fault({ answer: '403-permission' })
    const { code, log, outputs } = await run.done
    expect([code, outputs['verdict']]).toEqual([0, 'pass'])
    expect(log).toContain('could not be posted')
    expect(log).toContain('checks: write')
  })
})
