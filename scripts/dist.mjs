// Builds dist/ from build/: one bundle with lazy chunks, and a launcher for the command. What was there before goes.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { minifySync, parseSync } from '@swc/core'

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
  writeFileSync(path, eager(code))
}
/**
 * A chunk whose modules are functions in parentheses: what is loaded is run at once, and so the engine reads it once instead of twice.
 */
function eager(code) {
  const bytes = Buffer.from(code)
  const { body } = parseSync(code, { syntax: 'ecmascript', target: 'es2022' })
  const declared = body.flatMap(({ declaration }) => declaration?.declarations ?? [])
  const modules = declared.find(({ id }) => id.value === 'modules')?.init.properties ?? []
  // Places are in bytes, and count on from file to file.
  const [{ span: first }] = body
  const at = (place) => place - first.start
  let text = ''
  let end = 0
  for (const { value } of modules) {
    const [from, to] = [at(value.span.start), at(value.span.end)]
    text += `${bytes.subarray(end, from).toString()}(${functionOf(value, bytes.subarray(from, to).toString())})`
    end = to
  }
  return text + bytes.subarray(end).toString()
}

/** An arrow is never read ahead, whatever stands around it. */
function functionOf({ type }, text) {
  if (type !== 'ArrowFunctionExpression') return text
  const [, list, one, body] = /^(?:\(([^()]*)\)|(\w+))=>(\{[^]*\})$/.exec(text) ?? []
  if (body === undefined) throw new Error(`no module as they are known: ${text.slice(0, 60)}`)
  return `function(${list ?? one})${body}`
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
