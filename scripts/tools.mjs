// Runs the tests that need real tools (pytest, act, zizmor …). Some are installed into a cache, $WF_TOOLS or ~/.cache/wf-tools;
// what cannot be had on this machine is skipped by name.
import { spawnSync } from 'node:child_process'
import { installTools } from './install-tools.mjs'

const tools = await installTools()
for (const { name, missing } of tools) if (missing !== undefined) console.log(`skipped: ${name}: ${missing}`)
const paths = tools.flatMap(({ name, path }) =>
  path === undefined ? [] : [[`WF_TOOL_${name.replaceAll('-', '_').toUpperCase()}`, path]],
)

const jest = [
  '--experimental-vm-modules',
  '--no-warnings',
  'node_modules/jest/bin/jest.js',
  '__tests__/real-tools',
  ...process.argv.slice(2),
]
const env = { ...process.env, WF_REAL_TOOLS: '1', ...Object.fromEntries(paths) }
const { status } = spawnSync(process.execPath, jest, { stdio: 'inherit', env })
process.exitCode = status ?? 1
