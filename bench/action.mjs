// The action on a pull request, against the GitHub on loopback: from its start to its first step beside `node -e 0`, and how often it
// asks: node bench/action.mjs [pairs]. WF_NODE names the Node that runs it (24, as on a runner).
import { spawn, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultTokens, startFakeGitHub } from '../build/fake-github/index.js'
import { median, row, table } from './figures.mjs'

const entry = fileURLToPath(new URL('../dist/action/index.js', import.meta.url))
const node = process.env.WF_NODE ?? process.execPath
const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
const scratch = mkdtempSync(join(tmpdir(), 'wf-bench-'))
const folder = join(scratch, 'repository')
const stamp = join(scratch, 'stamp')
const findings = 120

const workflow = (step, gates = '') =>
  `version: 1
name: bench
on: { pull_request: only }
stages:
  only: { steps: [${step}]${gates} }
`
const git = (...args) =>
  execFileSync('git', ['-c', 'user.name=wf', '-c', 'user.email=wf@example.com', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim()
mkdirSync(join(folder, '.github'), { recursive: true })
git('init', '-q', '-b', 'main')
git('init', '-q', '--bare', join(scratch, 'origin'))
git('remote', 'add', 'origin', join(scratch, 'origin'))

/** A commit with the workflow file, and the pull request that it is the head of. */
async function opened(text) {
  writeFileSync(join(folder, '.github/wf.yml'), text)
  writeFileSync(join(folder, 'a.js'), '\n'.repeat(findings))
  git('add', '-A')
  git('commit', '-q', '--allow-empty', '-m', 'feat: x')
  const sha = git('rev-parse', 'HEAD')
  git('push', '-q', 'origin', 'HEAD:main')
  const github = await startFakeGitHub({
    repositories: {
      'org/repo': {
        commits: { [sha]: { files: { '.github/wf.yml': text } } },
        branches: { main: sha },
        pulls: [{ number: 7, head: { ref: 'topic', sha } }],
      },
    },
  })
  const repository = { full_name: 'org/repo', default_branch: 'main' }
  const event = {
    number: 7,
    pull_request: { number: 7, head: { sha, ref: 'topic', repo: repository }, base: { sha, ref: 'main' } },
    repository,
  }
  writeFileSync(join(scratch, 'event.json'), JSON.stringify(event))
  return { github, sha }
}

const { NODE_EXTRA_CA_CERTS: _, ...machine } = process.env
const environment = ({ github, sha }) => ({
  ...machine,
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_EVENT_PATH: join(scratch, 'event.json'),
  GITHUB_REPOSITORY: 'org/repo',
  GITHUB_RUN_ID: '100',
  GITHUB_SHA: sha,
  GITHUB_WORKSPACE: folder,
  GITHUB_API_URL: github.url,
  // Each run is a job of its own: what an earlier one left would be looked for at GitHub.
  RUNNER_TEMP: mkdtempSync(join(scratch, 'temp-')),
  INPUT_TOKEN: defaultTokens.writes,
})
const run = (args, env) =>
  new Promise((done, fail) => {
    const child = spawn(node, args, { cwd: folder, env, stdio: 'ignore' })
    child.on('error', fail)
    child.on('close', (code) => (code === 0 ? done() : fail(new Error(`exit ${code}: ${args.join(' ')}`))))
  })

const timed = await opened(workflow(`{ run: 'date +%s%N > ${stamp}' }`))
const now = () => performance.timeOrigin + performance.now()
async function both() {
  const began = now()
  await run(['-e', '0'], machine)
  const floor = now() - began
  const started = now()
  await run([entry], environment(timed))
  return { floor, first: Number(readFileSync(stamp, 'utf8')) / 1e6 - started }
}
const pairs = Number(process.argv[2] ?? 11)
await both()
const runs = []
for (let i = 0; i < pairs; i++) runs.push(await both())
await timed.github.close()

/** How many requests a first run on a pull request needs. */
async function requests(text) {
  const there = await opened(text)
  await run([entry], environment(there))
  const { log, mistakes } = there.github
  if (mistakes.length) throw new Error(mistakes.join('\n'))
  await there.github.close()
  return log.length
}
const passing = await requests(workflow(`{ run: 'true' }`))
const eslint = Array.from({ length: findings }, (_, i) => ({
  ruleId: 'r',
  severity: 1,
  line: i + 1,
  column: 1,
  message: `m${i}`,
}))
writeFileSync(join(folder, 'lint.json'), JSON.stringify([{ filePath: join(folder, 'a.js'), messages: eslint }]))
const remarked = await requests(
  workflow('{ run: cat lint.json, reports: { stdout: eslint-json } }', ', gates: { lint: { issues: 1000 } }'),
)
rmSync(scratch, { recursive: true })

const of = (pick) => median(runs.map(pick))
table(`the action on Node ${version}; medians of ${pairs} pairs`, [
  row('node -e 0', `${of((r) => r.floor).toFixed(0)} ms`),
  row('start to first step', `${of((r) => r.first).toFixed(0)} ms`),
  row('over node', `${of((r) => r.first - r.floor).toFixed(0)} ms`, 'at most 120 ms'),
  row('requests, a pull request that passes', passing, 'at most 6'),
  row(`requests, with ${findings} annotations`, remarked, `at most ${6 + Math.ceil(findings / 50)}`),
])
