// wf where there is much of something, each figure beside its limit, each measured in a process of its own: node bench/scale.mjs [part…].
// The processor's time is told beside the clock's, since a busy machine changes the one but hardly the other. Needs build/ (`npm run build`).
import { spawnSync } from 'node:child_process'
import { cpSync, lstatSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, row, table } from './figures.mjs'

const self = fileURLToPath(import.meta.url)
const from = (path) => import(new URL(`../build/${path}`, import.meta.url).href)
const number = (value) => Math.round(value).toLocaleString('en')
const ms = (value) => `${value < 10 ? value.toFixed(2) : number(value)} ms`
const peak = () => `${number(process.resourceUsage().maxRSS / 1024)} MB`

function put(folder, path, text) {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}
function git(folder, ...args) {
  const name = ['-c', 'user.name=wf', '-c', 'user.email=wf@example.com']
  const { status, stderr } = spawnSync('git', [...name, ...args], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
const workflow = (folder, steps, more = '') =>
  put(
    folder,
    '.github/wf.yml',
    `version: 1\nname: bench\nstages:\n  many:\n    shell: sh\n${more}    steps:\n${steps.join('\n')}\n`,
  )

/** What work costs, in milliseconds of the clock and of the processor. */
async function cost(work) {
  const [began, before] = [performance.now(), process.cpuUsage()]
  const value = await work()
  const { user, system } = process.cpuUsage(before)
  return { value, wall: performance.now() - began, cpu: (user + system) / 1000 }
}
async function passed(options, ports, watch) {
  const { run } = await from('index.js')
  const done = await run(options, ports, watch)
  if (!done.ok) throw new Error(JSON.stringify(done.problems[0]))
  if (done.value.outcome.verdict !== 'pass')
    throw new Error(`${done.value.outcome.verdict}: ${done.value.outcome.reason}`)
  return done.value
}
const hostPorts = async () => (await from('host/index.js')).hostPorts()

const parts = {
  /** Every file of a large checkout is known, without being read. */
  async fingerprints(folder) {
    const files = 20_000
    for (let i = 0; i < files; i++) put(folder, `p${i % 200}/f${i}.txt`, `${i}\n`)
    git(folder, 'init', '-q')
    git(folder, 'add', '-A')
    git(folder, 'commit', '-q', '-m', 'feat: all')
    const [{ Workspace }, { Fingerprints }] = await Promise.all([
      from('engine/workspace.js'),
      from('engine/cache/fingerprints.js'),
    ])
    const ports = await hostPorts()
    const once = () =>
      cost(() =>
        new Fingerprints(new Workspace(folder, ports.files, ports.git), ports.files, ports.git, ports.clock).of(['**']),
      )
    await once()
    const runs = []
    const floors = []
    const looks = []
    for (let i = 0; i < 7; i++) {
      looks.push(
        await cost(() => {
          for (let k = 0; k < files; k++) lstatSync(join(folder, `p${k % 200}/f${k}.txt`))
        }),
      )
      floors.push(
        await cost(() =>
          Promise.all([ports.git.run(folder, ['ls-files', '-s']), ports.git.run(folder, ['status', '--porcelain'])]),
        ),
      )
      runs.push(await once())
    }
    if (runs[0].value.size < files) throw new Error(`${runs[0].value.size} files`)
    table(`fingerprints of ${number(files)} tracked files, warm; medians of 7`, [
      row('git ls-files and git status, at once', ms(median(floors.map(({ wall }) => wall)))),
      row('a bare look at each file, in Node', ms(median(looks.map(({ wall }) => wall)))),
      row('all fingerprints', ms(median(runs.map(({ wall }) => wall))), 'at most 100 ms'),
      row('their processor time, without that of git', ms(median(runs.map(({ cpu }) => cpu)))),
    ])
  },

  /** A thousand known steps, one after another: from the end of each to the next one's hit. */
  async lookup(folder) {
    const count = 1000
    const steps = Array.from(
      { length: count },
      (_, i) => `      s${i}: { run: 'true', cache: { inputs: [in/${i}.txt] } }`,
    )
    for (let i = 0; i < count; i++) put(folder, `in/${i}.txt`, `${i}\n`)
    workflow(folder, steps)
    const ports = await hostPorts()
    await passed({ folder, concurrency: 2 }, ports)
    const times = []
    let began
    const journal = ({ event }) => {
      if (event.type === 'cache.hit' && began !== undefined) times.push(performance.now() - began)
      if (event.type === 'step.finished') began = performance.now()
    }
    const { wall, cpu } = await cost(() => passed({ folder, concurrency: 1 }, ports, { journal }))
    if (times.length !== count - 1) throw new Error(`${times.length} hits`)
    table(`the cache: ${number(count)} steps that it knows, one at a time`, [
      row('key, look-up and restore of a step, median', ms(median(times)), 'under 1 ms'),
      row('the slowest', ms(Math.max(...times))),
      row('the whole run', ms(wall), `${ms(cpu)} of the processor`),
    ])
  },

  /** What writing down costs while steps work: the journal, and the logs of what they print. */
  async observing(folder) {
    const count = 60
    const line = 'i=0; while [ $i -lt 100 ]; do echo line $i of the log of a step; i=$((i+1)); done; sleep 0.1'
    workflow(
      folder,
      Array.from({ length: count }, (_, i) => `      s${i}: { run: '${line}' }`),
    )
    const [{ Journal }, { AttemptOutput }] = await Promise.all([from('journal/journal.js'), from('engine/output.js')])
    let spent = 0
    const timed = (prototype, name) => {
      const real = prototype[name]
      prototype[name] = function (...args) {
        const began = performance.now()
        const value = real.apply(this, args)
        spent += performance.now() - began
        return value
      }
    }
    timed(Journal.prototype, 'append')
    timed(AttemptOutput.prototype, 'print')
    timed(AttemptOutput.prototype, 'end')
    const ports = await hostPorts()
    const { wall } = await cost(() => passed({ folder, concurrency: 2 }, ports))
    table(`observing: ${count} steps of 100 ms that print 100 lines each, two at a time`, [
      row('journal and logs', ms(spent), `of ${ms(wall)}`),
      row('their share', `${((100 * spent) / wall).toFixed(2)} %`, 'under 1 %'),
    ])
  },

  async steps(folder) {
    const count = 5000
    workflow(
      folder,
      Array.from(
        { length: count },
        (_, i) => `      s${i}: { run: 'true'${i < 50 ? '' : `, needs: [s${i - 50}, s${i - 43 - (i % 7)}]`} }`,
      ),
    )
    const ports = await hostPorts()
    const { plan } = await from('index.js')
    const planned = await cost(() => plan({ folder }, ports))
    if (!planned.value.ok) throw new Error(JSON.stringify(planned.value.problems[0]))
    const { wall, cpu } = await cost(() => passed({ folder, concurrency: 2 }, ports))
    table(`one workflow of ${number(count)} steps`, [
      row('planning', ms(planned.wall), `${ms(planned.cpu)} of the processor`),
      row('the whole run', ms(wall), `${ms(cpu)} of the processor, without that of the steps`),
      row('a step', ms(wall / count)),
      row('most memory', peak(), 'under 500 MB'),
    ])
  },

  async matrix(folder) {
    const values = JSON.stringify(Array.from({ length: 16 }, (_, i) => i))
    workflow(folder, ["      one: { run: 'true' }"], `    matrix: { a: ${values}, b: ${values} }\n`)
    const ports = await hostPorts()
    const { value, wall, cpu } = await cost(() => passed({ folder, concurrency: 2 }, ports))
    const count = value.outcome.stages[0].instances.length
    if (count !== 256) throw new Error(`${count} instances`)
    table('a matrix of 256', [
      row('the whole run', ms(wall), `${ms(cpu)} of the processor, without that of the steps`),
      row('an instance', ms(wall / 256)),
      row('most memory', peak(), 'under 500 MB'),
    ])
  },

  /** Each in a repository of its own, by the interface from code. */
  async workflows(folder) {
    const count = 1000
    const first = join(folder, 'w0')
    workflow(first, ["      one: { run: 'echo one' }", "      two: { run: 'echo two', needs: one }"])
    git(first, 'init', '-q', '-b', 'main', '--template=')
    git(first, 'add', '-A')
    git(first, 'commit', '-q', '-m', 'feat: all')
    for (let i = 1; i < count; i++) cpSync(first, join(folder, `w${i}`), { recursive: true })
    const real = await hostPorts()
    let asked = 0
    const run = (...args) => {
      asked++
      return real.git.run(...args)
    }
    const ports = { ...real, git: { ...real.git, run } }
    const { wall, cpu } = await cost(() =>
      Promise.all(
        Array.from({ length: count }, (_, i) => passed({ folder: join(folder, `w${i}`), concurrency: 1 }, ports)),
      ),
    )
    table(`${number(count)} workflows of two steps at once, in one process`, [
      row('all passed after', ms(wall), `${ms(cpu)} of the processor, without that of the steps`),
      row(
        'a workflow',
        ms(wall / count),
        `with ${(asked / count).toFixed(0)} processes of git beside those of its steps`,
      ),
      row('most memory', peak(), 'under 1,000 MB'),
    ])
  },

  async printing(folder) {
    const bytes = 2 * 2 ** 30
    workflow(folder, [
      `      talk: { run: 'yes a line of the log of a step that prints without an end | head -c ${bytes}' }`,
    ])
    const ports = await hostPorts()
    const { value, wall, cpu } = await cost(() => passed({ folder, concurrency: 1 }, ports))
    const log = join(value.folder, value.outcome.stages[0].instances[0].steps[0].log)
    table('a step that prints 2 GB', [
      row('its log', `${(statSync(log).size / 2 ** 30).toFixed(1)} GB`),
      row('the whole run', ms(wall), `${ms(cpu)} of the processor`),
      row('a second', `${number(bytes / 2 ** 20 / (wall / 1000))} MB`),
      row('most memory', peak(), 'under 300 MB'),
    ])
  },
}

if (process.argv[2] === '--measure') {
  const folder = mkdtempSync(join(tmpdir(), 'wf-bench-'))
  try {
    await parts[process.argv[3]](folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
} else {
  const wanted = process.argv.slice(2)
  for (const part of Object.keys(parts).filter((name) => !wanted.length || wanted.includes(name))) {
    const { status } = spawnSync(process.execPath, [self, '--measure', part], { stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
}
