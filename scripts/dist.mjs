// Builds dist/ from build/: one bundle with lazy chunks, and a launcher for the command. What was there before goes.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { minifySync } from '@swc/core'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
rmSync(`${root}/dist`, { recursive: true, force: true })
execFileSync(
  process.execPath,
  [
    `${root}/node_modules/@vercel/ncc/dist/ncc/cli.js`,
    'build',
    'build/entry.js',
    '--out',
    'dist/wf',
    '--target',
    'es2022',
    '--no-cache',
    '--quiet',
    '--license',
    'licenses.txt',
  ],
  { cwd: root, stdio: 'inherit' },
)
// What is read at every start is kept small; names stay, so that a stack in a bug report can be read.
for (const name of readdirSync(`${root}/dist/wf`).filter((file) => file.endsWith('.js'))) {
  const path = `${root}/dist/wf/${name}`
  const { code } = minifySync(readFileSync(path, 'utf8'), {
    module: true,
    compress: { passes: 2 },
    mangle: { toplevel: true, keep_fnames: true, keep_classnames: true },
  })
  writeFileSync(path, code)
}
/** Writes a launcher over the bundle. */
function launcher(name, what, start) {
  mkdirSync(`${root}/dist/${name}`)
  writeFileSync(
    `${root}/dist/${name}/index.js`,
    `#!/usr/bin/env node
// Starts ${what} from the bundle. Made by scripts/dist.mjs.
${start}

// A timer that a plug-in left must not keep the process: once the output is out, it ends.
const drained = (stream) => new Promise((done) => stream.write('', () => done()))
await Promise.all([drained(process.stdout), drained(process.stderr)])
setTimeout(() => process.exit(), 300).unref()
`,
    { mode: 0o755 },
  )
}
launcher(
  'cli',
  'the command `wf`',
  `import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// What was compiled once is known at the next start. Not in a folder that others write to: it is code.
module.enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wf', 'compiled'))
const { loadCommand } = await import('../wf/index.js')
const { main } = await loadCommand()
process.exitCode = await main(process.argv.slice(2), '${version}')`,
)
launcher(
  'action',
  'the action',
  `import { loadAction } from '../wf/index.js'

const { main } = await loadAction()
process.exitCode = await main(process.env)`,
)
