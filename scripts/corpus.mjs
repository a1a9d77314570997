// Holds `wf report` against a corpus of report files of other projects: node scripts/corpus.mjs CHECKER FORMAT...
// What differs is accepted only where docs/reports.md argues it: a row of its table names the sample.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [checker, ...formats] = process.argv.slice(2)
const docs = readFileSync(`${root}docs/reports.md`, 'utf8')
const table = docs.slice(
  docs.indexOf('### Where tests of other projects say otherwise'),
  docs.indexOf('## `wf report --json`'),
)
const argued = table
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]))

const only = formats.flatMap((format) => ['--only', format])
const { stdout, stderr } = spawnSync(process.execPath, [checker, '--wf', 'node dist/cli/index.js', '--json', ...only], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
})
const answer = JSON.parse(stdout || 'null')
if (!answer?.of) throw new Error(`the checker answered nothing: ${stderr}`)
const unexplained = answer.wrong.filter(({ file }) => !argued.some((sample) => file.includes(sample)))
for (const { file, wrong } of unexplained) console.log(`- ${file}: ${wrong.join('; ')}`)
console.log(
  `corpus: ${answer.right} of ${answer.of} right, ${answer.wrong.length - unexplained.length} argued in docs/reports.md, ${unexplained.length} wrong`,
)
process.exitCode = unexplained.length ? 1 : 0
