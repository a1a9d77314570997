// All benchmarks, each with its floor and its limit: npm run bench
await import('./start.mjs')
await import('./action.mjs')
await import('./parts.mjs')
await import('./reading.mjs')
await import('./places.mjs')
await import('./engine.mjs')
