// Builds dist/ from build/: one bundle with lazy chunks, and a launcher for the command. What was there before goes.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

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
    '--minify',
    '--no-cache',
    '--quiet',
    '--license',
    'licenses.txt',
  ],
  { cwd: root, stdio: 'inherit' },
)
mkdirSync(`${root}/dist/cli`)
writeFileSync(
  `${root}/dist/cli/index.js`,
  `#!/usr/bin/env node
// Starts the command \`wf\` from the bundle. Made by scripts/dist.mjs.
import { loadCommand } from '../wf/index.js'

const { main } = await loadCommand()
process.exitCode = await main(process.argv.slice(2), '${version}')
`,
  { mode: 0o755 },
)
