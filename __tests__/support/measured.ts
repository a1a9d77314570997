import { renderDiagnostic } from '../../src/base/diagnostic.js'
import { hostPorts } from '../../src/host/index.js'
import type { Outcome } from '../../src/journal/outcome.js'
import type { Git } from '../../src/ports.js'
import { prepare } from '../../src/prepare.js'
import { run } from '../../src/run.js'
import type { RunOptions } from '../../src/options.js'
import { pushEvent } from './origin.js'
import type { Checkout, Edits, Origin, Pull } from './origin.js'

/** Measures: `bad` in a line is a finding, `miss` a line without a hit, each line of tests.txt a test. */
const measure = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
const files = readdirSync('.', { recursive: true }).filter((name) => /^(?!node|measure|\\.).*\\.js$/.test(name)).sort()
const linesOf = (name) => readFileSync(name, 'utf8').split('\\n').slice(0, -1)
const lint = files.map((filePath) => ({
  filePath,
  messages: linesOf(filePath).flatMap((text, i) =>
    text.includes('bad') ? [{ ruleId: 'no-bad', severity: 2, message: 'bad', line: i + 1, column: 1 }] : []),
}))
writeFileSync('lint.json', JSON.stringify(lint))
const hits = (name) => linesOf(name).map((text, i) => 'DA:' + (i + 1) + ',' + (text.includes('miss') ? 0 : 1))
writeFileSync('lcov.info', files.map((name) => ['SF:' + name, ...hits(name), 'end_of_record', ''].join('\\n')).join(''))
const tests = linesOf('tests.txt').map((name) => '<testcase name="' + name + '" classname="t" time="0.5"/>')
writeFileSync('junit.xml', '<testsuite name="s" tests="' + tests.length + '">' + tests.join('') + '</testsuite>')
`
/** A workflow whose one stage is measured so. */
export const workflow = (history: string): string => `version: 1
name: shop
on: { pull_request: check, push: check }
${history}
stages:
  check:
    steps:
      - run: node measure.mjs
        reports: [lcov.info, junit.xml, { path: lint.json, format: eslint-json }]
    gates: { tests: {}, coverage: { lines: 10% }, lint: { issues: 100 } }
`
/** A file of these lines. */
export const source = (...lines: string[]): string => lines.map((line) => `${line}\n`).join('')
/** A repository of two sources of six and eight lines, with three findings, one line without a hit, and two tests. */
export const filesOf = (history: string): Edits => ({
  '.github/wf.yml': workflow(history),
  '.gitignore': 'lint.json\nlcov.info\njunit.xml\n.wf/\n',
  'measure.mjs': measure,
  'tests.txt': source('one', 'two'),
  'a.js': source('one', 'bad a', 'two', 'three miss', 'bad b', 'four'),
  'b.js': source('five', 'bad c', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'),
})

/** What a run in a folder comes to. */
export async function outcomeIn(folder: string, options: Partial<RunOptions> = {}, port?: Git): Promise<Outcome> {
  const ports = { ...hostPorts(), ...(port ? { git: port } : {}) }
  const asked = { folder, ...options }
  const prepared = await prepare(asked, ports)
  if (!prepared.ok) throw new Error(prepared.problems.map(renderDiagnostic).join('\n'))
  return (await run(prepared.value, asked, ports)).outcome
}
/** As on a runner, whose own folder lies beside the workspace. */
export const onRunner = (folder: string): Partial<RunOptions> => ({ onRunner: true, home: `${folder}-home` })

/** What a push of the tip of a branch comes to on a runner. */
export async function pushed(
  origin: Origin,
  { branch = 'main', folder = '', port }: { branch?: string; folder?: string; port?: Git } = {},
) {
  const commit = await origin.tip(branch)
  const place = folder || (await origin.checkOut({ commit, depth: 1 }))
  const outcome = await outcomeIn(place, { ...onRunner(place), event: pushEvent(`refs/heads/${branch}`, commit) }, port)
  return { commit, folder: place, outcome }
}
/** What a pull request comes to on a runner, in a checkout of its merge. */
export async function pulledAs(origin: Origin, pull: Pull, depth: Checkout['depth'] = 1) {
  const folder = await origin.checkOut({ commit: pull.merge, depth })
  const outcome = await outcomeIn(folder, { ...onRunner(folder), event: pull.event })
  return { pull, folder, outcome }
}
/** The same of a new one with these edits. */
export const pulled = async (origin: Origin, edits: Edits) => pulledAs(origin, await origin.pull(edits))
