// `wf plan` on a file of 50 steps beside `node -e 0`, in turn: node bench/start.mjs [pairs]
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, row, table } from './figures.mjs'

const command = fileURLToPath(new URL('../dist/cli/index.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'wf-bench-'))
mkdirSync(join(folder, '.github'))
const steps = Array.from({ length: 50 }, (_, i) => `      s${i}: { run: echo ${i}${i ? `, needs: s${i - 1}` : ''} }`)
writeFileSync(
  join(folder, '.github/wf.yml'),
  `version: 1\nname: bench\nstages:\n  many:\n    steps:\n${steps.join('\n')}\n`,
)
spawnSync('git', ['init', '-q'], { cwd: folder })

// A list of extra certificates costs 25 ms at every start and says nothing of us.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
const time = (args) => {
  const began = performance.now()
  const { status } = spawnSync(process.execPath, args, { cwd: folder, env })
  if (status !== 0) throw new Error(`exit ${status}: node ${args.join(' ')}`)
  return performance.now() - began
}
const pairs = Number(process.argv[2] ?? 15)
const both = () => ({ node: time(['-e', '0']), plan: time([command, 'plan']) })
both()
const runs = Array.from({ length: pairs }, both)
rmSync(folder, { recursive: true })
const of = (pick) => median(runs.map(pick))
table(`start; medians of ${pairs} pairs`, [
  row('node -e 0', `${of((r) => r.node).toFixed(0)} ms`),
  row('wf plan, 50 steps', `${of((r) => r.plan).toFixed(0)} ms`),
  row('over node', `${of((r) => r.plan - r.node).toFixed(0)} ms`, 'at most 80 ms'),
])
