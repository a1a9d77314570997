// A project of one tool in a new folder, in which commands can be counted, changed, killed and compared.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { repository, variables, write } from './tools.mjs'

/** Each command leaves a mark here, which no tool is told of. */
export const counts = 'echo x >> ../outside/count'

/** What lies in `outside` no tool is told of: the world. */
export function project(tool, { files = {}, tasks, ignored = ['out', 'middle'] }) {
  const root = mkdtempSync(join(tmpdir(), 'wf-traps-'))
  const folder = join(root, 'repository')
  for (const [path, content] of Object.entries(files)) write(folder, path, content)
  write(root, 'outside/count', '')
  let current = tasks
  tool.write(folder, current)
  repository(folder, ignored)
  const count = () => readFileSync(join(root, 'outside/count'), 'utf8').length / 2
  const how = (env) => {
    const { program, args, env: own } = tool.start(folder, current)
    return { program, args, options: { cwd: folder, env: variables(folder, { ...own, ...env }) } }
  }
  const text = (path) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8').trim() : undefined)
  return {
    root,
    folder,
    text,
    /** Runs everything; answers whether the tool says that all went well, and how many commands it started. */
    run(env = {}) {
      const before = count()
      const { program, args, options } = how(env)
      const { status, stdout, stderr } = spawnSync(program, args, { ...options, encoding: 'utf8', timeout: 60_000 })
      if (process.env.WF_TRAPS_SHOW) console.log(`${tool.name}: exit ${status}\n${stdout}${stderr}`)
      return { ok: status === 0, started: count() - before }
    },
    /** Starts everything, and kills the tool and all that it started as soon as `out` holds a text. */
    async killAt(content) {
      const { program, args, options } = how({})
      const child = spawn(program, args, { ...options, stdio: 'ignore', detached: true })
      const ended = new Promise((resolve) => child.on('close', resolve))
      for (let i = 0; text('out') !== content; i++) {
        if (i > 1000) throw new Error(`${tool.name} did not begin`)
        await wait(20)
      }
      for (const pid of [child.pid, ...descendants(child.pid)]) kill(pid)
      await ended
    },
    change(tasks) {
      current = tasks
      tool.write(folder, current)
    },
    put: (path, content) => writeFileSync(join(folder, path), content),
    outside: (path, content) => write(root, `outside/${path}`, content),
    end: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** Processes that a process has started, and those that they have. */
function descendants(pid) {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const of = (parent) => pairs.filter(([, above]) => above === parent).flatMap(([child]) => [child, ...of(child)])
  return of(pid)
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (cause) {
    // It has ended by itself.
    if (cause.code !== 'ESRCH') throw cause
  }
}
