// Eight changes after which a cache must not answer with what it knows, in tiny projects, for wf, turbo, wireit, nx and moon as they are
// installed: node bench/traps.mjs [tool…]. What a tool's documentation asks the user to declare is declared, and before each change an
// unchanged run shows whether the tool takes the task from its cache. Needs dist/ (`npm run build`); see bench/peers.mjs for the peers.
import { chmodSync, existsSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { grid } from './figures.mjs'
import { counts, project } from './peers/project.mjs'
import { tools } from './peers/tools.mjs'

const task = ({ command, script, ...more }) => ({
  id: 'one',
  inputs: ['a'],
  outputs: ['out'],
  command: command ?? `${counts}; ${script}`,
  ...more,
})
const only = (script, more) => ({ files: { a: '1\n' }, tasks: [task({ script, ...more })] })

/** What is there before, what changes, and what must be there afterwards: what a run without a cache would leave. */
function changed({ before, change, expect, env = {}, known = 0 }) {
  return (tool) => {
    const here = project(tool, before)
    try {
      if (!here.run(env.before).ok) throw new Error(`${tool.name}: the first run failed`)
      here.run(env.before)
      const cached = here.run(env.before).started === known
      change(here, tool)
      const right = here.run(env.after).ok && here.text('out') === expect
      return right ? `right${cached ? '' : ', by running all'}` : 'wrong hit'
    } finally {
      here.end()
    }
  }
}

const join2 = `${counts}\ncat "$1" "$2" | tr -d '\\n' > out\n`
const joined = (command) => [task({ command, inputs: ['a', 'b', 'join'] })]
const swapped = changed({
  before: { files: { a: '1\n', b: '2\n', join: join2 }, tasks: joined('sh join a b') },
  change: (here) => here.change(joined('sh join b a')),
  expect: '21',
})
/** The first task is never cached and writes what is in the world; the second declares that it reads it. */
const dependency = changed({
  before: {
    files: { a: '1\n' },
    tasks: [
      task({
        id: 'first',
        script: 'cat ../outside/world > middle 2>/dev/null || echo 1 > middle',
        outputs: ['middle'],
        cached: false,
      }),
      task({ id: 'second', script: 'cat middle > out', needs: ['first'], inputs: ['middle'] }),
    ],
  },
  change: (here) => here.outside('world', '2\n'),
  known: 1,
  expect: '2',
})
const mode = changed({
  before: only('if test -x a; then echo 2 > out; else echo 1 > out; fi'),
  change: ({ folder }) => chmodSync(join(folder, 'a'), 0o755),
  expect: '2',
})
const altered = changed({
  before: only('cat a > out'),
  change({ folder }) {
    const path = join(folder, 'out')
    const { atime, mtime } = statSync(path)
    writeFileSync(path, '9\n')
    utimesSync(path, atime, mtime)
  },
  expect: '1',
})
const command = changed({
  before: only('echo 1 > out'),
  change: (here) => here.change(only('echo 2 > out').tasks),
  expect: '2',
})
const variable = changed({
  before: only('echo $MODE > out', { env: ['MODE'] }),
  change: () => undefined,
  env: { before: { MODE: '1' }, after: { MODE: '2' } },
  expect: '2',
})

/** The content of what was stored goes, as by a clean-up that knows half of it or a full disk; the record of it stays. */
function lose(folder, kept) {
  if (!existsSync(folder)) return 0
  let lost = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) lost += lose(path, kept)
    else if (kept === 'head') {
      // A file that holds both loses its end.
      truncateSync(path, Math.max(0, statSync(path).size - 20))
      lost++
    } else if (!kept(entry.name)) {
      rmSync(path)
      lost++
    }
  }
  return lost
}
const gone = changed({
  before: only('cat a > out'),
  change({ folder }, tool) {
    if (!lose(tool.stored(folder, 'one'), tool.kept)) throw new Error(`nothing that ${tool.name} stored was found`)
    rmSync(join(folder, 'out'))
  },
  expect: '1',
})

/** In a project of one task; `true` where what the task left is what it would leave without a cache. */
const within = (script, work) => async (tool) => {
  const here = project(tool, only(script))
  try {
    return (await work(here, tool)) ? 'right' : 'wrong hit'
  } finally {
    here.end()
  }
}
/** It fails; the world is mended, and nothing changes of what the task declares. */
const failed = within('cat a > out; test -f ../outside/mended', (here, { name }) => {
  if (here.run().ok) throw new Error(`${name}: the first run did not fail`)
  if (here.run().ok) return false
  here.outside('mended', '')
  const { ok, started } = here.run()
  return ok && started === 1
})
/** It succeeds; a change makes it fail after it has written; the change is taken back. */
const failedBetween = within('cat a > out; ! grep -q 2 a', (here, { name }) => {
  if (!here.run().ok) throw new Error(`${name}: the first run failed`)
  here.put('a', '2\n')
  if (here.run().ok) return false
  here.put('a', '1\n')
  return here.run().ok && here.text('out') === '1'
})
const halves = 'echo half > out; if grep -q 2 a; then test -f ../outside/go || sleep 30; fi; echo whole > out'
const killed = within(halves, async (here) => {
  here.put('a', '2\n')
  await here.killAt('half')
  here.outside('go', '')
  return here.run().ok && here.text('out') === 'whole'
})
/** It succeeds; a change is made and the run killed; the change is taken back. */
const killedBetween = within(halves, async (here, { name }) => {
  if (!here.run().ok) throw new Error(`${name}: the first run failed`)
  here.put('a', '2\n')
  await here.killAt('half')
  here.put('a', '1\n')
  return here.run().ok && here.text('out') === 'whole'
})

const traps = [
  ['1  arguments swapped in the command', swapped],
  ['2  what a needed task wrote has changed', dependency],
  ['3  only the mode of an input changed', mode],
  ['4  an output altered, same size and time', altered],
  ['5  only the command changed', command],
  ['   only a variable changed', variable],
  ['6  stored outputs gone, their entry there', gone],
  ['7  failed, then the world is mended', failed],
  ['   failed by a change that is taken back', failedBetween],
  ['8  killed half-way', killed],
  ['   killed after a change that is taken back', killedBetween],
]
const wanted = process.argv.slice(2)
const all = tools.filter((tool) => tool.stored && (!wanted.length || wanted.includes(tool.name)))
const there = all.map((tool) => ({ tool, version: tool.version() }))
const present = there.filter(({ version }) => version !== undefined)
const rows = []
for (const [name, trap] of traps) {
  const cells = []
  for (const { tool } of present) cells.push(await trap(tool))
  rows.push([name, ...cells])
}
grid(
  'Changes after which a cache must not answer with what it knows',
  ['', ...present.map(({ tool, version }) => `${tool.name} ${version}`)],
  rows,
)
for (const { tool, version } of there) if (version === undefined) console.log(`  ${tool.name} was not there`)
// Of wf anything but right is a bug.
if (present[0]?.tool.name === 'wf' && rows.some(([, ours]) => ours !== 'right')) process.exitCode = 1
