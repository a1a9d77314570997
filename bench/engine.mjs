// 1,000 steps of `true` with 2,850 needs, two at a time, beside a bare loop that starts the same shell with the same pipes.
// Each measurement is a process of its own, in turn: node bench/engine.mjs [pairs]. Needs build/ (`npm run build`).
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, row, table } from './figures.mjs'

const steps = 1000
const shell = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', 'true']

/** Layers of 50: a step needs three of the layer before, so 950 × 3 = 2,850 needs. */
function workflow(steps) {
  const lines = ['version: 1', 'name: bench', 'stages:', '  many:', '    steps:']
  for (let i = 0; i < steps; i++) {
    const needs =
      i < 50 ? '' : `, needs: [${[0, 7, 19].map((n) => `s${Math.floor(i / 50 - 1) * 50 + ((i + n) % 50)}`).join(', ')}]`
    lines.push(`      s${i}: { run: 'true'${needs} }`)
  }
  return `${lines.join('\n')}\n`
}

async function bare() {
  let next = 0
  const one = () =>
    new Promise((resolve) => {
      const child = spawn(shell[0], shell.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
      child.stdout.on('data', () => undefined)
      child.stderr.on('data', () => undefined)
      child.on('close', resolve)
    })
  const worker = async () => {
    while (next++ < steps) await one()
  }
  await Promise.all([worker(), worker()])
}

/** From the checked plan to the outcome with its files; what planning costs is told apart. `idle` starts no process at all. */
async function ours(folder, idle) {
  const { hostPorts } = await import('../build/host/index.js')
  const { prepare } = await import('../build/prepare.js')
  const { run } = await import('../build/run.js')
  const real = hostPorts()
  const { environment, platform, cores } = real.processes
  const ended = () => new Promise((resolve) => setImmediate(() => resolve({ kind: 'exited', code: 0 })))
  const nothing = { start: () => ({ done: ended(), signal: () => undefined }), environment, platform, cores }
  const ports = idle ? { ...real, processes: nothing } : real
  const options = { folder, concurrency: 2 }
  const start = performance.now()
  const prepared = await prepare(options, ports)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  const planning = performance.now() - start
  const began = performance.now()
  const before = process.cpuUsage()
  const { outcome } = await run(prepared.value, options, ports)
  if (outcome.verdict !== 'pass') throw new Error(outcome.reason)
  return { ...report(began, before), planning }
}

function report(began, before) {
  const { user, system } = process.cpuUsage(before)
  return { wall: performance.now() - began, cpu: (user + system) / 1000 }
}

async function measure(what) {
  if (what !== 'bare') {
    const count = what === 'idle-one' ? 1 : steps
    const folder = mkdtempSync(join(tmpdir(), 'wf-bench-'))
    mkdirSync(join(folder, '.github'))
    writeFileSync(join(folder, '.github/wf.yml'), workflow(count))
    const figures = await ours(folder, what.startsWith('idle'))
    rmSync(folder, { recursive: true })
    return figures
  }
  const began = performance.now()
  const before = process.cpuUsage()
  await bare()
  return report(began, before)
}

if (process.argv[2] === '--measure') console.log(JSON.stringify(await measure(process.argv[3])))
else {
  const pairs = Number(process.argv[2] ?? 7)
  const child = (what) =>
    JSON.parse(
      spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--measure', what], { encoding: 'utf8' }).stdout,
    )
  child('bare')
  child('ours')
  const runs = Array.from({ length: pairs }, () => ({
    bare: child('bare'),
    ours: child('ours'),
    idle: child('idle'),
    one: child('idle-one'),
  }))
  const of = (pick) => median(runs.map(pick))
  table(`${steps} steps of \`true\`, 2,850 needs, two at a time; medians of ${pairs} pairs`, [
    row('a bare spawn loop in Node', `${of((r) => r.bare.wall).toFixed(0)} ms`),
    row('wf, from its plan to its outcome', `${of((r) => r.ours.wall).toFixed(0)} ms`),
    row('ratio, pair by pair', of((r) => r.ours.wall / r.bare.wall).toFixed(2), 'at most 1.1'),
    row('planning: YAML, checks, git', `${of((r) => r.ours.planning).toFixed(0)} ms`),
    // The same run without starting anything, less what a run of one step costs: its files, its rendering.
    row('own work a step', `${of((r) => (r.idle.wall - r.one.wall) / steps).toFixed(3)} ms`, 'at most 0.2 ms'),
  ])
}
