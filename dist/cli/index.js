#!/usr/bin/env node
// Starts the command `wf` from the bundle. Made by scripts/dist.mjs.
import { loadCommand } from '../wf/index.js'

const { main } = await loadCommand()
process.exitCode = await main(process.argv.slice(2), '0.1.0')
