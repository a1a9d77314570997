import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderDiagnostic } from '../../src/base/diagnostic.js'
import { hostPorts } from '../../src/host/index.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { prepare } from '../../src/prepare.js'
import { run } from '../../src/run.js'
import type { Event } from '../../src/trigger/event.js'
import { git } from '../support/command.js'
import { makeOrigin, pushEvent } from '../support/origin.js'
import type { Edits, Origin } from '../support/origin.js'
import { Scratch } from '../support/scratch.js'

jest.setTimeout(120_000)

let scratch: Scratch
beforeAll(() => {
  scratch = new Scratch('wf-own-')
})
afterAll(() => scratch.remove())

/** Stands for the tools: `bad` in a line of src.ts is a remark, `miss` a line without a hit. */
const measure = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const lines = readFileSync('src.ts', 'utf8').split('\\n').slice(0, -1)
mkdirSync('reports', { recursive: true })
const suite = (n) => '<testsuite name="s">' + Array.from({ length: n }, (_, i) => '<testcase name="t' + i + '" classname="c"/>').join('') + '</testsuite>'
const uri = { uri: 'src.ts' }
const results = lines.flatMap((text, i) => text.includes('bad') ? [{ ruleId: 'no-bad', level: 'error', message: { text: 'bad' },
  locations: [{ physicalLocation: { artifactLocation: uri, region: { startLine: i + 1 } } }] }] : [])
const does = {
  unit() {
    writeFileSync('reports/junit.xml', suite(500))
    const hits = lines.map((text, i) => 'DA:' + (i + 1) + ',' + (text.includes('miss') ? 0 : 1))
    writeFileSync('reports/lcov.info', ['SF:src.ts', ...hits, 'end_of_record', ''].join('\\n'))
  },
  e2e: () => writeFileSync('reports/e2e.xml', suite(5)),
  lint() {
    console.log(JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'oxlint' } }, results }] }))
    process.exitCode = results.length > 0 ? 1 : 0
  },
  types() {},
  format() {},
}
does[process.argv[2]]()
`
/** Our own workflow file as it is, with stand-ins for the tools alone. */
const own = readFileSync('.github/wf.yml', 'utf8')
  .replace(/run: npm test .*/, 'run: node measure.mjs unit')
  .replace(/run: npm run test:e2e .*/, 'run: node measure.mjs e2e')
  .replace(/run: npx oxlint -c oxlint.config.mjs --format .*/, 'run: node measure.mjs lint')
  .replace(/run: npx tsc [^,]*/, 'run: node measure.mjs types')
  .replace(/run: npx prettier [^}]*/, 'run: node measure.mjs format ')

const lines = (...texts: string[]): string => texts.map((text) => `${text}\n`).join('')
const covered = Array.from({ length: 400 }, (_, i) => `line ${i}`)
const files: Edits = {
  '.github/wf.yml': own,
  '.gitignore': 'reports/\n.wf/\n.wf-history/\n',
  'measure.mjs': measure,
  'src.ts': lines('an old bad line', ...covered, 'miss'),
}

async function outcomeIn(folder: string, event: Event): Promise<Outcome> {
  const options = { folder, event, onRunner: true, home: join(scratch.root, 'home') }
  const prepared = await prepare(options, hostPorts())
  if (!prepared.ok) throw new Error(prepared.problems.map(renderDiagnostic).join('\n'))
  return (await run(prepared.value, options, hostPorts())).outcome
}
/** What the gates say of a pull request with this file, in a checkout that holds the history as the cache brings it back. */
async function judged(origin: Origin, source: string): Promise<Record<string, string>> {
  const before = await origin.tip('main')
  const folder = await origin.checkOut({ commit: before, depth: 'full' })
  const first = await outcomeIn(folder, pushEvent('refs/heads/main', before))
  expect(first.published).toEqual([{ effect: 'history', status: 'created' }])
  const pull = await origin.pull({ 'src.ts': source })
  await git(folder, 'fetch', '--quiet', 'origin', pull.merge)
  await git(folder, 'checkout', '--quiet', '--detach', pull.merge)
  const { verdicts } = await outcomeIn(folder, pull.event)
  return Object.fromEntries(verdicts.map(({ gate, status, reason }) => [gate, `${status}: ${reason}`]))
}

describe('a pull request of our own', () => {
  test('that adds a function without a test fails by its patch alone: an old remark of the linter does not hold it up', async () => {
    const origin = await makeOrigin(scratch, files)
    const added = ['export function fresh() {', '  miss()', '  miss()', '}']
    const said = await judged(origin, lines('an old bad line', ...covered, 'miss', ...added))
    expect(said).toMatchObject({
      coverage: 'fail: patch 50% < 80% (2 of 4 added lines)',
      lint: expect.stringMatching(/^pass/),
      types: expect.stringMatching(/^pass/),
      secrets: expect.stringMatching(/^pass/),
    })
  })

  test('that brings a remark of its own fails by it, and one whose lines are tested passes', async () => {
    const origin = await makeOrigin(scratch, files)
    const fails = await judged(origin, lines('an old bad line', ...covered, 'miss', 'a new bad line'))
    expect(fails).toMatchObject({ lint: 'fail: 1 new issue, 0 allowed', coverage: expect.stringMatching(/^pass/) })
    const passes = await judged(origin, lines('an old bad line', ...covered, 'miss', 'a new line'))
    expect(Object.values(passes).filter((one) => one.startsWith('fail'))).toEqual([])
  })
})
