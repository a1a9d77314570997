// The benchmarks that take seconds, each with its floor and its limit: npm run bench. Those that take minutes: npm run bench:scale,
// bench:peers and bench:traps.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

await import('./start.mjs')
await import('./action.mjs')
await import('./parts.mjs')
await import('./reading.mjs')
await import('./places.mjs')
await import('./engine.mjs')
const scale = fileURLToPath(new URL('scale.mjs', import.meta.url))
spawnSync(process.execPath, [scale, 'fingerprints', 'lookup', 'observing', 'matrix'], { stdio: 'inherit' })
