import { afterAll, describe, expect, jest, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findTimings } from '../../src/compare.js'
import { timingsIn, timingsText } from '../../src/history/timings-text.js'
import { readJournal } from '../../src/journal/journal.js'
import { hostPorts } from '../../src/host/index.js'
import { prepare } from '../../src/prepare.js'
import { change, runIn, shell } from '../support/real-run.js'
import { Scratch } from '../support/scratch.js'

/** Shards over a real history and real files, with tests whose times are as they say. */
jest.setTimeout(120_000)
const scratch = new Scratch('wf-shards-')
afterAll(() => scratch.remove())

/** Each test file holds the seconds that its report tells; one with `fail` fails as long as there is no file `ok`. */
const runner = `set -e
{
  echo '<testsuites>'
  while IFS= read -r file; do
    printf '<testsuite name="s"><testcase name="works" file="%s" time="%s">' "$file" "$(sed 's/ .*//' "$file")"
    if grep -q fail "$file" && ! test -e ok; then printf '<failure message="no"/>'; fi
    echo '</testcase></testsuite>'
  done < "$WF_SHARD_FILES"
  echo '</testsuites>'
} > report.xml
! grep -q '<failure' report.xml
`
const stages = `test:
  shard: { total: 2, files: 't/*' }
  on-failure: continue
  steps: [{ id: unit, run: sh runner.sh, reports: report.xml }]
  gates: { tests: { pass-rate: 100% } }
`
const files = { 't/a': '9', 't/b': '1', 't/c': '5', 't/d': '1', 't/e f': '1', 't/g': '1' }
const repository = (more: Record<string, string> = {}): Promise<string> =>
  scratch.repositoryWith(stages, { ...files, 'runner.sh': runner, '.gitignore': '.wf/\nreport.xml\nok\n', ...more })

type Ran = Awaited<ReturnType<typeof runIn>>

/** What each instance was given, in their order. */
const listsOf = ({ folder }: Ran): string[][] =>
  readJournal(readFileSync(join(folder, 'journal.jsonl'), 'utf8')).lines.flatMap(({ event }) =>
    event.type === 'shard.assigned' ? [event.files] : [],
  )
const testsIn = ({ outcome }: Ran): number | undefined =>
  outcome.evidence[0]?.evidence.flatMap((one) => (one.kind === 'tests' ? [one.tests] : []))[0]
const byCount = [
  ['t/a', 't/c', 't/e f'],
  ['t/b', 't/d', 't/g'],
]

test('a run splits by count, and the next commit by what that one took; the evidence is whole', async () => {
  const folder = await repository()
  const first = await runIn(folder)
  expect(listsOf(first)).toEqual(byCount)
  expect([first.outcome.verdict, testsIn(first)]).toEqual(['pass', 6])
  shell(folder, 'echo x > readme; git add readme; git commit -qm "docs: more"')
  const second = await runIn(folder)
  expect(listsOf(second)).toEqual([['t/a'], ['t/b', 't/c', 't/d', 't/e f', 't/g']])
  expect([second.outcome.verdict, testsIn(second)]).toEqual(['pass', 6])
})

test('a machine can ask for the times that a run would split by', async () => {
  const folder = await repository()
  await runIn(folder)
  shell(folder, 'echo x > readme; git add readme; git commit -qm "docs: more"')
  const ports = hostPorts()
  const prepared = await prepare({ folder }, ports)
  if (!prepared.ok) throw new Error('it cannot be prepared')
  const { workflow, checkout, start } = prepared.value
  const { name, path, history } = workflow
  const past = { history, workflow: { name, path }, folder, event: undefined, onRunner: false, checkout, start }
  const { signal } = new AbortController()
  const timings = await findTimings(prepared.value, { ...past, dirty: false, repository: null }, ports, signal)
  expect(timings).toEqual({ test: { 't/a': 9, 't/b': 1, 't/c': 5, 't/d': 1, 't/e f': 1, 't/g': 1 } })
})

test('times that another machine asked for count, and the history is not asked', async () => {
  const folder = await repository()
  const timings = timingsIn(timingsText({ test: { 't/b': 7, 't/c': 1, '': 1 } }))
  const ran = await runIn(folder, timings ? { timings } : {})
  expect(listsOf(ran)).toEqual([['t/b'], ['t/a', 't/c', 't/d', 't/e f', 't/g']])
})

describe('a run that goes on from another one', () => {
  const last = { run: 'last', fresh: false }

  test('keeps its split, although more is known now, and runs only the shard that failed', async () => {
    const folder = await repository({ 't/a': '9 fail' })
    const first = await runIn(folder)
    expect(first.outcome.verdict).toBe('fail')
    shell(folder, 'echo x > readme; git add readme; git commit -qm "docs: more"')
    change(folder, { ok: '' })
    const again = await runIn(folder, { resume: last })
    expect(again.outcome.stages[0]?.status).toBe('success')
    expect(listsOf(again)).toEqual(byCount)
    expect(again.step('test[shard=2]/unit').reused).toBeDefined()
    expect(again.step('test[shard=1]/unit').reused).toBeUndefined()
  })

  test('runs all shards again when there is another test file', async () => {
    const folder = await repository({ 't/a': '9 fail' })
    await runIn(folder)
    change(folder, { ok: '', 't/new': '1' })
    shell(folder, 'git add t/new')
    const again = await runIn(folder, { resume: last })
    expect([again.outcome.verdict, testsIn(again)]).toEqual(['pass', 7])
    expect(again.outcome.notes.join('\n')).toContain('test[shard=2]/unit (its test files are split anew)')
  })
})

test('what is kept of a step is not taken for the same when its shard has other files', async () => {
  const cached = stages.replace('reports: report.xml', 'reports: report.xml, cache: { inputs: [runner.sh, t/a] }')
  const folder = await scratch.repositoryWith(cached, {
    ...files,
    'runner.sh': runner,
    '.gitignore': '.wf/\nreport.xml\n',
  })
  const run = async (): Promise<unknown> => {
    const ran = await runIn(folder)
    return [testsIn(ran), ...[1, 2].map((shard) => ran.step(`test[shard=${shard}]/unit`).cache?.hit)]
  }
  expect(await run()).toEqual([6, false, false])
  expect(await run()).toEqual([6, true, true])
  change(folder, { 't/h': '1' })
  shell(folder, 'git add t/h')
  expect(await run()).toEqual([7, false, true])
})
