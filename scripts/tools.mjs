// Runs the tests that need real tools (pytest, ruff …); what is not on this machine is skipped by name.
import { spawnSync } from 'node:child_process'

const jest = [
  '--experimental-vm-modules',
  '--no-warnings',
  'node_modules/jest/bin/jest.js',
  '__tests__/real-tools',
  ...process.argv.slice(2),
]
const { status } = spawnSync(process.execPath, jest, { stdio: 'inherit', env: { ...process.env, WF_REAL_TOOLS: '1' } })
process.exitCode = status ?? 1
