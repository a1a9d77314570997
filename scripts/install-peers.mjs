// Installs what bench/peers.mjs and bench/traps.mjs compare wf with, in the versions of the figures: node scripts/install-peers.mjs [FOLDER]
// The folder is $WF_PEERS or ~/.cache/wf-tools/peers where none is named; npm takes them from the registry that it is set up for.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const folder = process.argv[2] ?? process.env.WF_PEERS ?? join(homedir(), '.cache', 'wf-tools', 'peers')
const dependencies = { '@moonrepo/cli': '2.5.5', nx: '24.0.6', turbo: '2.11.11', wireit: '0.14.13' }

mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`)
// All that they need to run is in packages: nothing of theirs runs while they are installed.
const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund']
const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' })
process.exitCode = status ?? 1
