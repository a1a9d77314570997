// Reading large reports, each beside a pass that only counts and beside packages of the registry, in turn and each in a process of its
// own: node bench/reading.mjs [rounds]. The packages are installed once into a folder of the cache.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, row, table } from './figures.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const rounds = Number(process.argv[2] ?? 5)
const scratch = mkdtempSync(join(tmpdir(), 'wf-bench-'))
const peers = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'wf-bench')
const packages = ['xml2js@0.6.2', 'fast-xml-parser@5.12.1', 'lcov-parse@1.0.0']

if (!existsSync(join(peers, 'node_modules/lcov-parse'))) {
  mkdirSync(peers, { recursive: true })
  writeFileSync(join(peers, 'package.json'), '{ "private": true }\n')
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', ...packages], { cwd: peers, stdio: 'ignore' })
}

/** Writes a file from pieces, a few megabytes at once. */
function file(name, pieces) {
  const path = join(scratch, name)
  const handle = openSync(path, 'w')
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < 4e6) continue
    writeSync(handle, text)
    text = ''
  }
  writeSync(handle, text)
  closeSync(handle)
  return path
}

function* junit(cases) {
  yield `<?xml version="1.0"?>\n<testsuites tests="${cases}">\n`
  for (let i = 0; i < cases; i++) {
    if (i % 1000 === 0) yield `${i ? '</testsuite>\n' : ''}<testsuite name="suite ${i / 1000}" tests="1000" time="1">\n`
    yield `  <testcase classname="org.example.shop.package${i % 97}.Class${i % 1009}Test" name="computes the right thing of case number ${i}" time="0.001"/>\n`
  }
  yield '</testsuite>\n</testsuites>\n'
}
function* lcov(files, lines) {
  for (let f = 0; f < files; f++) {
    yield `TN:\nSF:src/package${f % 50}/file${f}.js\n`
    for (let l = 1; l <= lines; l++) yield `DA:${l},${(l * f) % 7}\n`
    yield `LF:${lines}\nLH:${lines}\nend_of_record\n`
  }
}
function* cobertura(files, lines) {
  yield '<?xml version="1.0"?>\n<coverage line-rate="0.5" version="1"><packages><package name="p"><classes>\n'
  for (let f = 0; f < files; f++) {
    yield `<class name="c${f}" filename="src/package${f % 50}/file${f}.py" line-rate="0.5"><methods/><lines>\n`
    for (let l = 1; l <= lines; l++) yield `<line number="${l}" hits="${(l * f) % 7}"/>\n`
    yield '</lines></class>\n'
  }
  yield '</classes></package></packages></coverage>\n'
}

/** What is loaded before the clock starts, and what is measured. */
const ours = (path) => [
  `const { readReport } = await import('${root}build/evidence/read.js')
   await import('${root}build/evidence/drive-xml.js')
   await import('${root}node_modules/saxes/saxes.js')
   const { createReadStream } = await import('node:fs')`,
  `const read = await readReport({ path: 'r', size: ${statSync(path).size}, chunks: () => createReadStream('${path}', { highWaterMark: 262144 }) })
   if (!read.evidence) throw new Error(JSON.stringify(read.problems))`,
]
/** Only counts elements. */
const sax = (path) => [
  `const { SaxesParser } = await import('${root}node_modules/saxes/saxes.js')
   const { createReadStream } = await import('node:fs')`,
  `const parser = new SaxesParser({ position: false })
   let count = 0
   parser.on('opentag', () => count++)
   for await (const chunk of createReadStream('${path}', { highWaterMark: 262144, encoding: 'utf8' })) parser.write(chunk)
   parser.close()`,
]
/** Only counts lines with hits, byte by byte. */
const scan = (path) => [
  `const { createReadStream } = await import('node:fs')`,
  `let covered = 0, state = 0, hits = 0
   for await (const chunk of createReadStream('${path}', { highWaterMark: 262144 }))
     for (let i = 0; i < chunk.length; i++) {
       const byte = chunk[i]
       if (byte === 10) { if (state === 4 && hits > 0) covered++; state = 0; hits = 0 }
       else if (state === 0) state = byte === 68 ? 1 : 9
       else if (state === 1) state = byte === 65 ? 2 : 9
       else if (state === 2) state = byte === 58 ? 3 : 9
       else if (state === 3) { if (byte === 44) state = 4 }
       else if (state === 4) hits = hits * 10 + byte - 48
     }
   if (!covered) throw new Error('nothing')`,
]
const peer = (name, use) => (path) => [
  `const { createRequire } = await import('node:module')
   const { readFileSync } = await import('node:fs')
   const peer = createRequire('${peers}/package.json')('${name}')`,
  use.replaceAll('PATH', path),
]
const xml2js = peer('xml2js', "await peer.parseStringPromise(readFileSync('PATH', 'utf8'))")
const fastXml = peer(
  'fast-xml-parser',
  "new peer.XMLParser({ ignoreAttributes: false }).parse(readFileSync('PATH', 'utf8'))",
)
const lcovParse = peer(
  'lcov-parse',
  "await new Promise((done, fail) => peer(readFileSync('PATH', 'utf8'), (e, v) => (e ? fail(e) : done(v))))",
)

/** Wall time without the start of Node and loading, and the most memory. */
function measure([load, code]) {
  const wrapped = `${load}
  ;const began = performance.now(); ${code}
  ; console.log(JSON.stringify({ ms: performance.now() - began, mb: process.resourceUsage().maxRSS / 1024 }))`
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', wrapped], { encoding: 'utf8' })
  return status === 0 ? JSON.parse(stdout.trim().split('\n').at(-1)) : undefined
}

function compare(title, path, { floor, limit, memory, others }) {
  const rows = []
  for (let i = 0; i < rounds; i++) rows.push({ floor: measure(floor(path)), ours: measure(ours(path)) })
  const of = (pick) => median(rows.map(pick))
  const base = of((r) => r.floor.ms)
  const lines = [
    row('the bare pass', `${base.toFixed(0)} ms`),
    row('wf', `${of((r) => r.ours.ms).toFixed(0)} ms`),
    row('ratio, pair by pair', of((r) => r.ours.ms / r.floor.ms).toFixed(2), `at most ${limit}`),
    row('memory of wf', `${of((r) => r.ours.mb).toFixed(0)} MB`, memory ? `under ${memory} MB` : ''),
  ]
  for (const [name, code] of Object.entries(others)) {
    const one = measure(code(path))
    lines.push(
      row(
        name,
        one ? `${one.ms.toFixed(0)} ms` : 'gave up',
        one ? `${(one.ms / base).toFixed(1)} times, ${one.mb.toFixed(0)} MB` : '',
      ),
    )
  }
  table(`${title}, ${(statSync(path).size / 2 ** 20).toFixed(0)} MB; medians of ${rounds}`, lines)
}

try {
  compare('JUnit, 500,000 cases', file('junit.xml', junit(500_000)), {
    floor: sax,
    limit: 1.6,
    memory: 200,
    others: { xml2js, 'fast-xml-parser': fastXml },
  })
  compare('LCOV', file('lcov.info', lcov(3000, 1000)), { floor: scan, limit: 3, others: { 'lcov-parse': lcovParse } })
  compare('Cobertura', file('cobertura.xml', cobertura(1000, 1000)), {
    floor: sax,
    limit: 1.6,
    others: { xml2js, 'fast-xml-parser': fastXml },
  })
} finally {
  rmSync(scratch, { recursive: true })
}
