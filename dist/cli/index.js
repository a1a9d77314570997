#!/usr/bin/env node
// Starts the command `wf` from the bundle. Made by scripts/dist.mjs.
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// What was compiled once is known at the next start. Not in a folder that others write to: it is code.
module.enableCompileCache?.(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wf', 'compiled'))
const { loadCommand } = await import('../wf/index.js')
const { main } = await loadCommand()
process.exitCode = await main(process.argv.slice(2), '0.1.0')

// A timer that a plug-in left must not keep the process: once the output is out, it ends.
const drained = (stream) => new Promise((done) => stream.write('', () => done()))
await Promise.all([drained(process.stdout), drained(process.stderr)])
setTimeout(() => process.exit(), 300).unref()
