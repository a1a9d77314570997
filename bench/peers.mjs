// 1,000 steps with 2,850 needs, two at a time: wf beside make, ninja, turbo, wireit, nx and moon, each cold and with all 1,000 known, each
// measurement a process of its own, in turn: node bench/peers.mjs [rounds] [tool…]. Needs dist/ (`npm run build`) and the peers in
// `$WF_PEERS` (`node scripts/install-peers.mjs`); who is not there is named.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { grid, median } from './figures.mjs'
import { repository, tools, variables, write } from './peers/tools.mjs'

const steps = 1000
const self = fileURLToPath(import.meta.url)

/** Layers of 50: a step needs three of the layer before, so 950 × 3 = 2,850 needs. Each has one small file as its input. */
const tasks = Array.from({ length: steps }, (_, i) => ({
  id: `s${i}`,
  command: 'true',
  needs: i < 50 ? [] : [0, 7, 19].map((n) => `s${Math.floor(i / 50 - 1) * 50 + ((i + n) % 50)}`),
  inputs: [`in/${i}.txt`],
}))

/** Starts the shell as often, with pipes as an engine needs them, and does nothing else. */
async function bare() {
  let next = 0
  const one = () =>
    new Promise((resolve) => {
      const child = spawn('sh', ['-c', 'true'], { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
      child.stdout.on('data', () => undefined)
      child.stderr.on('data', () => undefined)
      child.on('close', resolve)
    })
  const worker = async () => {
    while (next++ < steps) await one()
  }
  await Promise.all([worker(), worker()])
}

/** Wall time in milliseconds of a process, and what it printed; throws when it fails. */
function timed(program, args, { cwd, env }) {
  const began = performance.now()
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 300_000,
  })
  const wall = performance.now() - began
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')}: ${error ?? `exit ${status}\n${(stdout + stderr).slice(-2000)}`}`)
  return { wall, text: stdout + stderr }
}

/** One tool in a new repository: everything once, then again with nothing changed. */
function measure(tool, { declared = true } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'wf-peers-'))
  const folder = join(root, 'repository')
  try {
    const all = declared ? tasks : tasks.map((task) => ({ ...task, cached: false }))
    for (const { id, inputs } of all) write(folder, inputs[0], `${id}\n`)
    tool.write(folder, all)
    repository(folder)
    const { program, args, env } = tool.start(folder, all)
    const where = { cwd: folder, env: variables(folder, env) }
    const cold = timed(program, args, where)
    if (!declared) return { cold: cold.wall }
    const again = timed(program, args, where)
    const hits = tool.hits?.(again.text, folder) ?? steps
    if (hits !== steps) throw new Error(`${tool.name} took ${hits} of ${steps} from its cache`)
    return { cold: cold.wall, cached: again.wall }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function compare(rounds, names) {
  const there = tools
    .filter(({ name }) => name === 'wf' || !names.length || names.includes(name))
    .map((tool) => ({ tool, version: tool.version() }))
  const present = there.filter(({ version }) => version !== undefined).map(({ tool }) => tool)
  if (present[0]?.name !== 'wf') throw new Error('there is no dist/: npm run build')
  const env = variables(tmpdir())
  const floors = []
  const uncached = []
  const measured = new Map(present.map((tool) => [tool, []]))
  for (let round = 0; round < rounds; round++) {
    const node = timed(process.execPath, ['-e', '0'], { env }).wall
    floors.push({ node, bare: timed(process.execPath, [self, '--bare'], { env }).wall - node })
    uncached.push(measure(present[0], { declared: false }))
    for (const tool of present) measured.get(tool).push(measure(tool))
  }
  const bareLoop = median(floors.map((floor) => floor.bare))
  const node = median(floors.map((floor) => floor.node))
  const line = (name, version, runs, note = '') => {
    const cold = median(runs.map((run) => run.cold))
    const cached = runs[0].cached === undefined ? undefined : median(runs.map((run) => run.cached))
    const cachedCells =
      cached === undefined ? ['', ''] : [`${cached.toFixed(0)} ms`, `${Math.max(0, cached - node).toFixed(0)} ms`]
    return [name, version, `${cold.toFixed(0)} ms`, (cold / bareLoop).toFixed(2), ...cachedCells, note]
  }
  grid(
    `1,000 steps of \`true\`, 2,850 needs, two at a time, on ${cpus().length} cores; medians of ${rounds}, whole processes`,
    ['', 'version', 'cold', '÷ bare loop', 'all known', 'over node', ''],
    [
      ['node -e 0', process.versions.node, `${node.toFixed(0)} ms`, '', '', '', ''],
      ['a bare spawn loop in Node', '', `${bareLoop.toFixed(0)} ms`, '1.00', '', '', 'less the start of Node'],
      line('wf, nothing to be kept', '', uncached),
      ...present.map((tool) => line(tool.name, tool.version(), measured.get(tool), tool.note)),
    ],
  )
  for (const { tool, version } of there) if (version === undefined) console.log(`  ${tool.name} was not there`)
}

if (process.argv[2] === '--bare') await bare()
else compare(Number(process.argv[2] ?? 3), process.argv.slice(3))
