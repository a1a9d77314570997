/**
 * Node's own LCOV reporter, told of the sources alone: Node 20 counts the lines of tests too, and no version counts a
 * file that no test loads.
 */
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import * as reporters from 'node:test/reporters'
import { sources } from './sources.js'

/** @param {AsyncIterable<any>} events */
export default async function* lcovOfSources(events) {
  // An object in Node 20, a class since.
  const lcov = /** @type {any} */ (reporters.lcov)
  yield* Readable.from(ofSources(events)).pipe(typeof lcov === 'function' ? new lcov() : lcov)
}

/** @param {AsyncIterable<any>} events */
async function* ofSources(events) {
  for await (const { type, data } of events) {
    if (type !== 'test:coverage') continue
    const measured = new Map(data.summary.files.map((/** @type {any} */ file) => [file.path, file]))
    const files = sources(['src'], '.js').map(({ path, text }) => measured.get(resolve(path)) ?? unloaded(path, text))
    yield { type, data: { ...data, summary: { ...data.summary, files } } }
  }
}

/**
 * @param {string} path
 * @param {string} text
 */
function unloaded(path, text) {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((_, index) => ({ line: index + 1, count: 0 }))
  return {
    path: resolve(path),
    lines,
    totalLineCount: lines.length,
    coveredLineCount: 0,
    functions: [],
    totalFunctionCount: 0,
    coveredFunctionCount: 0,
    branches: [],
    totalBranchCount: 0,
    coveredBranchCount: 0,
  }
}
