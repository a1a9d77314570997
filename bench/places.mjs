// Ten thousand failing cases of a hundred reports in a checkout of fifty thousand files: node bench/places.mjs. Needs build/ (`npm run build`).
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { placePaths } from '../build/evidence/place.js'
import { readReport } from '../build/evidence/read.js'
import { hostPorts } from '../build/host/index.js'
import { row, table } from './figures.mjs'

const [files, reports, cases] = [50_000, 100, 100]
const path = (i) => `packages/p${i % 5000}/test/m${i}/cart.test.js`
const folder = mkdtempSync(join(tmpdir(), 'wf-bench-'))

/** Every second case names its file; of the others only a stack does. All carry the prefix of a container. */
function report(r) {
  const inner = Array.from({ length: cases }, (_, c) => {
    const i = cases * r + c
    const place = i % 2 ? ` file="/app/${path(i)}" line="${i + 1}"` : ''
    const stack = i % 2 ? '' : `Error: no&#10;    at /app/${path(i)}:${i + 1}:5`
    return `<testcase classname="cart" name="case ${i}"${place}><failure message="no">${stack}</failure></testcase>`
  })
  return Buffer.from(`<testsuite name="s${r}" tests="${cases}">${inner.join('')}</testsuite>`)
}
const input = (bytes) => ({
  path: 'r.xml',
  size: bytes.length,
  chunks: async function* () {
    yield bytes
  },
})

try {
  // One blob under fifty thousand names: git lists what its index holds.
  execFileSync('git', ['init', '--quiet', folder])
  const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: folder, input: 'x\n' }).toString().trim()
  const index = Array.from({ length: files }, (_, i) => `100644 ${blob}\t${path(i)}\n`).join('')
  execFileSync('git', ['update-index', '--index-info'], { cwd: folder, input: index })
  const texts = Array.from({ length: reports }, (_, r) => report(r))
  await readReport(input(texts[0]))

  const began = performance.now()
  const read = await Promise.all(texts.map((bytes) => readReport(input(bytes))))
  const reading = performance.now()
  const { stdout } = await hostPorts().git.run(folder, ['ls-files', '-z'])
  const listed = performance.now()
  const tracked = stdout.split('\0').filter(Boolean)
  const placed = read.flatMap(({ evidence }) => placePaths(evidence, tracked, folder).cases)
  const ended = performance.now()
  const right = placed.filter(({ name, file, line }) => name === `case ${line - 1}` && file === path(line - 1)).length

  table(`places: ${(reports * cases).toLocaleString('en')} failing cases, ${files.toLocaleString('en')} files`, [
    row('reading the reports', `${(reading - began).toFixed(0)} ms`),
    row('one listing of the tree', `${(listed - reading).toFixed(0)} ms`, 'one a case would be 10,000 of them'),
    row('placing all cases', `${(ended - listed).toFixed(0)} ms`, 'under 1,000 ms'),
    row('at the right place', right.toLocaleString('en'), 'all'),
  ])
} finally {
  rmSync(folder, { recursive: true })
}
