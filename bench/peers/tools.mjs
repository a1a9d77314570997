// How wf and its peers are told of the same tasks, and how each is started: alone, without daemons, without telemetry, two tasks at a time.
//
// A task: { id, command, needs, inputs, outputs, env, cached }. `command` is a line for `sh`; inputs and outputs are paths of files.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where `node scripts/install-peers.mjs` puts the peers that npm installs. */
export const peersFolder = process.env.WF_PEERS ?? join(homedir(), '.cache', 'wf-tools', 'peers')

const command = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url))
const installed = (path) => join(peersFolder, 'node_modules', path)
const parallel = 2
const programs = {
  turbo: installed('@turbo/linux-64/bin/turbo'),
  wireit: installed('wireit/bin/wireit.js'),
  nx: installed('nx/dist/bin/nx.js'),
  moon: installed('@moonrepo/core-linux-x64-gnu/moon'),
}

export function write(folder, path, content, mode) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`)
  if (mode !== undefined) chmodSync(join(folder, path), mode)
}

/** Nothing where it is not installed, or not for this machine. */
const versionOf = (name, program) => {
  const manifest = installed(`${name}/package.json`)
  return existsSync(manifest) && existsSync(program) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined
}
const saidVersion = (program) => {
  const { stdout, status } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return status === 0 ? /\d+(\.\d+)+/.exec(stdout)?.[0] : undefined
}
const shared = ({ needs = [], inputs = [], outputs = [], env = [] }) => ({ needs, inputs, outputs, env })
const filled = (lists) => Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length))
const prefixed = (paths, prefix) => paths.map((path) => `${prefix}${path}`)
const byId = (tasks, value) => Object.fromEntries(tasks.map((task) => [task.id, value(task, shared(task))]))
const number = (pattern) => (text) => Number(pattern.exec(text)?.[1] ?? Number.NaN)

const wf = {
  name: 'wf',
  version: () =>
    existsSync(command) ? JSON.parse(readFileSync(join(command, '../../../package.json'), 'utf8')).version : undefined,
  write(folder, tasks) {
    const steps = tasks.map((task) => {
      const { needs, inputs, outputs, env } = shared(task)
      const cache = task.cached === false ? {} : { cache: filled({ inputs, outputs, env }) }
      return `      ${task.id}: ${JSON.stringify({ run: task.command, ...filled({ needs }), ...cache })}\n`
    })
    const head = 'version: 1\nname: bench\nstages:\n  tasks:\n    shell: sh\n    steps:\n'
    write(folder, '.github/wf.yml', head + steps.join(''))
  },
  start: () => ({ program: process.execPath, args: [command, 'run', '--quiet', '--concurrency', `${parallel}`] }),
  // Its report shortens long lists; the journal does not.
  hits: (_, folder) => {
    const runs = join(folder, '.wf/runs')
    const journal = readFileSync(join(runs, readdirSync(runs).sort().at(-1), 'journal.jsonl'), 'utf8')
    return (journal.match(/"type":"cache.hit"/g) ?? []).length
  },
  // One file holds small entries, with what tells how a step was before the entry itself.
  stored: (folder) => join(folder, '.wf/cache'),
  kept: 'head',
}

const make = {
  name: 'make',
  version: () => saidVersion('make'),
  write(folder, tasks) {
    const all = `all: ${tasks.map(({ id }) => `stamps/${id}`).join(' ')}\n`
    const rules = tasks.map((task) => {
      const { needs, inputs } = shared(task)
      return `stamps/${task.id}: ${[...prefixed(needs, 'stamps/'), ...inputs].join(' ')}\n\t@${task.command} >$@\n`
    })
    write(folder, 'Makefile', all + rules.join(''))
    mkdirSync(join(folder, 'stamps'), { recursive: true })
  },
  start: () => ({ program: 'make', args: [`-j${parallel}`, '--silent', 'all'] }),
}

const ninja = {
  name: 'ninja',
  version: () => saidVersion('ninja'),
  write(folder, tasks) {
    const rules = tasks.map((task) => {
      const { needs, inputs } = shared(task)
      const stamp = `stamps/${task.id}`
      return `rule ${task.id}\n  command = ${task.command} >$out\nbuild ${stamp}: ${task.id} ${[...prefixed(needs, 'stamps/'), ...inputs].join(' ')}\n`
    })
    write(folder, 'build.ninja', rules.join(''))
    mkdirSync(join(folder, 'stamps'), { recursive: true })
  },
  start: () => ({ program: 'ninja', args: [`-j${parallel}`, '--quiet'] }),
}

/** The package manager, for what starts each task by one: it runs the script at once. */
function shim(folder, tasks) {
  const cases = tasks.map(({ id, command: line }) => `${id}) ${line} ;;\n`)
  const one = new Set(tasks.map(({ command: line }) => line)).size === 1
  const body = one ? `${tasks[0].command}\n` : `case "$2" in\n${cases.join('')}esac\n`
  write(folder, 'shim/npm', `#!/bin/sh\nset -e\n${body}`, 0o755)
}

const turbo = {
  name: 'turbo',
  note: 'its npm is a script that runs the command at once',
  version: () => versionOf('turbo', programs.turbo),
  write(folder, tasks) {
    write(folder, 'package.json', {
      name: 'bench',
      version: '1.0.0',
      private: true,
      packageManager: 'npm@10.0.0',
      scripts: byId(tasks, (task) => task.command),
    })
    write(folder, 'package-lock.json', { name: 'bench', version: '1.0.0', lockfileVersion: 3, packages: {} })
    write(folder, 'turbo.json', {
      tasks: byId(tasks, ({ cached = true }, { needs, inputs, outputs, env }) => ({
        dependsOn: needs,
        inputs,
        outputs,
        env,
        cache: cached,
      })),
    })
    shim(folder, tasks)
  },
  start: (folder, tasks) => ({
    program: programs.turbo,
    args: ['run', ...tasks.map(({ id }) => id), `--concurrency=${parallel}`, '--output-logs=errors-only'],
    env: {
      TURBO_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
      PATH: [join(folder, 'shim'), process.env.PATH].join(delimiter),
    },
  }),
  hits: number(/Cached:\s+(\d+) cached/),
  stored: (folder) => join(folder, '.turbo/cache'),
  kept: (name) => !name.endsWith('.tar.zst'),
}

const wireit = {
  name: 'wireit',
  note: 'started without npm, by the variables that npm would set',
  version: () => versionOf('wireit', programs.wireit),
  write(folder, tasks) {
    const ids = tasks.map(({ id }) => id)
    write(folder, 'package.json', {
      name: 'bench',
      version: '1.0.0',
      private: true,
      scripts: Object.fromEntries(['all', ...ids].map((id) => [id, 'wireit'])),
      wireit: {
        all: { dependencies: ids },
        ...byId(tasks, ({ command: line, cached = true }, { needs, inputs, outputs, env }) => ({
          command: line,
          dependencies: needs,
          packageLocks: [],
          ...(cached ? { files: inputs, output: outputs } : {}),
          ...(env.length ? { env: Object.fromEntries(env.map((name) => [name, { external: true }])) } : {}),
        })),
      },
    })
  },
  start: (folder) => ({
    program: process.execPath,
    args: [programs.wireit],
    env: {
      npm_lifecycle_event: 'all',
      npm_package_json: join(folder, 'package.json'),
      npm_config_user_agent: 'npm/10.0.0 node/v20.0.0 linux x64',
      npm_command: 'run-script',
      WIREIT_PARALLEL: `${parallel}`,
      WIREIT_LOGGER: 'simple',
    },
  }),
  hits: (text) => (text.match(/Already fresh|Restored from cache/g) ?? []).length,
  stored: (folder, id) => join(folder, '.wireit', Buffer.from(id).toString('hex'), 'cache'),
  kept: () => false,
}

const nx = {
  name: 'nx',
  version: () => versionOf('nx', programs.nx),
  write(folder, tasks) {
    write(folder, 'package.json', { name: 'bench', version: '1.0.0', private: true })
    write(folder, 'nx.json', { analytics: false, neverConnectToCloud: true, parallel })
    write(folder, 'project.json', {
      name: 'bench',
      targets: {
        all: { executor: 'nx:noop', dependsOn: tasks.map(({ id }) => id) },
        ...byId(tasks, ({ command: line, cached = true }, { needs, inputs, outputs, env }) => ({
          command: line,
          dependsOn: needs,
          cache: cached,
          inputs: [
            ...prefixed(inputs, '{projectRoot}/'),
            ...env.map((name) => ({ env: name })),
            // What its documentation asks for where a task reads what another one wrote.
            ...(needs.length && outputs.length ? [{ dependentTasksOutputFiles: '**/*' }] : []),
          ],
          outputs: prefixed(outputs, '{projectRoot}/'),
        })),
      },
    })
    if (!existsSync(join(folder, 'node_modules'))) symlinkSync(installed(''), join(folder, 'node_modules'))
  },
  start: () => ({
    program: process.execPath,
    args: [programs.nx, 'run', 'bench:all', `--parallel=${parallel}`, '--outputStyle=static'],
    env: {
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      NX_NO_CLOUD: 'true',
      NX_ANALYTICS: 'false',
      DO_NOT_TRACK: '1',
      CI: '1',
    },
  }),
  hits: number(/read the output from the cache instead of running the command for (\d+) out of/),
  stored: (folder) => join(folder, '.nx/cache'),
  kept: (name) => /\.(db|db-wal|db-shm|json)$|^(code|source|terminalOutput)$/.test(name),
}

const isPlain = (line) => /^[\w ]+$/.test(line)
const moon = {
  name: 'moon',
  version: () => versionOf('@moonrepo/cli', programs.moon),
  write(folder, tasks) {
    write(folder, '.moon/workspace.yml', "projects: { bench: '.' }\ntelemetry: false\ndaemon: false\n")
    const all = { command: 'noop', deps: tasks.map(({ id }) => id) }
    write(folder, 'moon.yml', {
      language: 'unknown',
      tasks: {
        all,
        ...byId(tasks, ({ command: line, cached = true }, { needs, inputs, outputs, env }) => ({
          // What is a program with arguments needs no shell.
          ...(isPlain(line) ? { command: line } : { script: line }),
          deps: needs,
          inputs: [...inputs, ...env.map((name) => `$${name}`)],
          outputs,
          options: { cache: cached, ...(isPlain(line) ? { shell: false } : {}) },
        })),
      },
    })
  },
  start: (folder) => ({
    program: programs.moon,
    args: ['run', 'bench:all', '--concurrency', `${parallel}`],
    env: {
      MOON_TELEMETRY: 'false',
      MOON_DAEMON: 'false',
      DO_NOT_TRACK: '1',
      MOON_HOME: join(folder, '../moon'),
      PROTO_HOME: join(folder, '../proto'),
    },
  }),
  hits: number(/(\d+) cached/),
  stored: (folder) => join(folder, '.moon/cache/outputs'),
  kept: () => false,
}

export const tools = [wf, make, ninja, turbo, wireit, nx, moon]

/** The variables with which all are started: nothing of this terminal or of a runner. */
const { PATH, LANG, TMPDIR } = process.env
export const variables = (folder, more = {}) => ({
  PATH,
  HOME: dirname(folder),
  ...(LANG ? { LANG } : {}),
  ...(TMPDIR ? { TMPDIR } : {}),
  NO_COLOR: '1',
  ...more,
})

/** A repository for a tool: what tools write is ignored, all else committed. */
export function repository(folder, ignored = []) {
  const own = ['node_modules', '.turbo', '.wireit', '.nx', '.moon/cache', '.wf', 'stamps', '.ninja_*']
  write(folder, '.gitignore', `${[...own, ...ignored].join('\n')}\n`)
  const git = (...args) =>
    spawnSync('git', ['-c', 'user.name=wf', '-c', 'user.email=wf@example.com', ...args], { cwd: folder })
  git('init', '-q', '-b', 'main')
  git('add', '-A')
  git('commit', '-q', '-m', 'feat: all')
}
