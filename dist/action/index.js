#!/usr/bin/env node
// Starts the action from the bundle. Made by scripts/dist.mjs.
import { loadAction } from '../wf/index.js'

const { main } = await loadAction()
process.exitCode = await main(process.env)

// A timer that a plug-in left must not keep the process: once the output is out, it ends.
const drained = (stream) => new Promise((done) => stream.write('', () => done()))
await Promise.all([drained(process.stdout), drained(process.stderr)])
setTimeout(() => process.exit(), 300).unref()
