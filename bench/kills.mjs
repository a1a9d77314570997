/**
 * Runs a workflow, kills it at a random moment with SIGKILL and goes on with `--resume last`, many times: each must end as a run that was
 * never killed ends, and no step may run again whose success was recorded. Prints in which state the kills hit.
 *
 *   node bench/kills.mjs [--count 200] [--seed N] [--json]
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { count: { type: 'string', default: '200' }, seed: { type: 'string' }, json: { type: 'boolean' } },
})
const count = Number(values.count)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const command = join(import.meta.dirname, '..', 'dist', 'cli', 'index.js')

/** A small generator of random numbers with a seed (mulberry32). */
let state = seed
const random = () => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

const step = (name, needs = '') =>
  `      ${name}: { ${needs}run: 'echo ${name} >> "$EFFECTS"; sleep 0.01; echo "v=${name}" >> $GITHUB_OUTPUT' }`
const workflow = `version: 1
name: kills
env: { EFFECTS: '\${{ github.workspace }}/../effects.log' }
stages:
  build:
    steps:
${step('one')}
${step('two')}
${step('three', 'needs: [one, two], ')}
  test:
    needs: build
    matrix: { part: [a, b] }
    steps:
      - run: 'echo "test-\${{ matrix.part }}" >> "$EFFECTS"; printf "<testsuite name=\\"s\\"><testcase classname=\\"c\\" name=\\"\${{ matrix.part }}\\"/></testsuite>" > report.xml'
        reports: report.xml
  deploy:
    needs: test
    steps:
${step('push')}
${step('tell', 'needs: push, ')}
    outputs: { told: '\${{ steps.tell.outputs.v }}' }
`
const names = {
  one: 'build/one',
  two: 'build/two',
  three: 'build/three',
  push: 'deploy/push',
  tell: 'deploy/tell',
  'test-a': 'test[part=a]/1',
  'test-b': 'test[part=b]/1',
}

const root = mkdtempSync(join(tmpdir(), 'wf-kills-'))
const env = { ...process.env, NODE_EXTRA_CA_CERTS: '' }
const linesOf = (path) => {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean)
  } catch {
    return []
  }
}
const eventsOf = (folder) => {
  const runs = join(folder, '.wf', 'runs')
  const last = readdirSync(runs).at(-1)
  return linesOf(join(runs, last ?? '', 'journal.jsonl')).flatMap((line) => {
    try {
      return [JSON.parse(line).event]
    } catch {
      return []
    }
  })
}
/** What of an outcome no machine and no time changes. */
const essence = (outcome) =>
  JSON.stringify({
    verdict: outcome.verdict,
    stages: outcome.stages.map(({ id, status, instances }) => [
      id,
      status,
      instances.map((one) => [one.address, one.status, one.steps.map((s) => [s.id, s.status])]),
    ]),
    evidence: outcome.evidence.map(({ stage, evidence }) => [stage, evidence.map((e) => [e.kind, e.tests, e.passed])]),
  })
const wf = (folder, ...args) =>
  spawnSync(process.execPath, [command, 'run', '--json', ...args], { cwd: folder, env, encoding: 'utf8' })

/** Ends what a killed run left behind: on a machine that dies, nothing lives on. */
const killRest = (folder) => {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`GITHUB_WORKSPACE=${folder}\0`))
        process.kill(Number(pid), 'SIGKILL')
    } catch {
      // Gone, or not ours.
    }
}

const newFolder = (name) => {
  const folder = join(root, name, 'repo')
  mkdirSync(join(folder, '.github'), { recursive: true })
  writeFileSync(join(folder, '.github', 'wf.yml'), workflow)
  return folder
}

const whole = newFolder('whole')
const expected = JSON.parse(wf(whole).stdout)
const took = expected.run.duration_ms * 1.1
if (expected.verdict !== 'pass') throw new Error(`the workflow itself fails: ${expected.reason}`)

const histogram = {}
const faults = []
let again = 0
for (let i = 0; i < count; i++) {
  const folder = newFolder(String(i))
  const child = spawn(process.execPath, [command, 'run', '--json'], { cwd: folder, env, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal)))
  // A few are killed while they load, the others while they work.
  const delay = random() * took
  const isEarly = random() < 0.05
  let timer
  const watch = setInterval(() => {
    if (!isEarly && !existsSync(join(folder, '.wf', 'runs'))) return
    clearInterval(watch)
    timer = setTimeout(() => child.kill('SIGKILL'), delay)
  }, 1)
  const signal = await ended
  clearInterval(watch)
  clearTimeout(timer)
  killRest(folder)
  let events = []
  try {
    events = eventsOf(folder)
  } catch {
    // Killed before it made its folder.
  }
  const last = events.at(-1)
  const hit = signal === null ? 'after its end' : (last?.type ?? 'before its journal')
  histogram[hit] = (histogram[hit] ?? 0) + 1
  const recorded = new Set(
    events.flatMap((e) => (e.type === 'step.finished' && e.status === 'success' ? [e.step] : [])),
  )
  const effects = join(folder, '..', 'effects.log')
  const before = linesOf(effects)
  const resumed = wf(folder, ...(events.some(({ type }) => type === 'run.started') ? ['--resume', 'last'] : []))
  const after = linesOf(effects)
  const fresh = after.slice(before.length)
  again += fresh.filter((name) => before.includes(name)).length
  const twice = fresh.filter((name) => recorded.has(names[name]))
  if (twice.length) faults.push(`run ${i}: ran again although recorded: ${twice.join(', ')}`)
  try {
    if (essence(JSON.parse(resumed.stdout)) !== essence(expected))
      faults.push(`run ${i}: another outcome, killed at ${hit}`)
  } catch {
    faults.push(`run ${i}: no outcome, exit ${resumed.status}: ${resumed.stderr.slice(0, 300)}`)
  }
  rmSync(join(root, String(i)), { recursive: true, force: true })
}
rmSync(root, { recursive: true, force: true })

const result = { seed, count, resumed: count - faults.length, histogram, interrupted_steps_run_again: again, faults }
if (values.json) console.log(JSON.stringify(result))
else {
  console.log(`${count} runs killed by SIGKILL, seed ${seed}: ${result.resumed} went on to the same outcome`)
  for (const [hit, times] of Object.entries(histogram).sort(([, a], [, b]) => b - a))
    console.log(`  ${String(times).padStart(4)}  last in the journal: ${hit}`)
  console.log(
    `  steps that were cut off in the middle and ran again: ${again}; steps that ran again although recorded: ${faults.filter((f) => f.includes('although')).length}`,
  )
  for (const fault of faults.slice(0, 20)) console.log(`  FAULT ${fault}`)
}
process.exitCode = faults.length ? 1 : 0
