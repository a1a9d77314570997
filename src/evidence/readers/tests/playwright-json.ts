import { fromMilliseconds, SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase } from '../../evidence.js'
import { markedWith } from '../../markers.js'
import { joinPath, normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, fields, items, number, text, texts } from '../../values.js'

/** Playwright's reporter `json`: a test is a spec in a project, whose results are its attempts. */
export const playwrightJson: JsonReader = {
  format: 'playwright-json',
  recognised: '`suites` and `config`, or `stats` with `expected` and `unexpected`',
  proven: 'Playwright 1.65',
  kind: 'tests',
  family: 'json',
  supports: (value) =>
    items(at(value, 'suites')) !== undefined &&
    (fields(at(value, 'config')) !== undefined || number(at(at(value, 'stats'), 'unexpected')) !== undefined),
  parse(value, context) {
    const tests = new SuitesBuilder(context)
    const root = text(at(at(value, 'config'), 'rootDir')) ?? ''
    for (const suite of items(at(value, 'suites')) ?? []) readSuite(suite, [], { tests, context, root, depth: 0 })
    for (const error of items(at(value, 'errors')) ?? [])
      tests.addOutside(withError({ name: 'an error outside of the tests' }, error))
    const stats = at(value, 'stats')
    const of = (key: string): number | undefined => number(at(stats, key))
    const all = ['expected', 'unexpected', 'flaky', 'skipped'].map(of)
    const total = all.every((n) => n !== undefined) ? all.reduce((sum, n) => sum + n, 0) : undefined
    tests.check({ tests: [total], bad: of('unexpected') })
    return tests.finish(fromMilliseconds(of('duration')), at(stats, 'startTime'))
  },
}

interface Reading {
  tests: SuitesBuilder
  context: ReadContext
  /** The folder that files are relative to. */
  root: string
  depth: number
}
const maxDepth = 256

function readSuite(suite: unknown, around: readonly string[], reading: Reading): void {
  if (reading.depth > maxDepth) {
    reading.context.problems.error(`nests deeper than ${maxDepth} suites`)
    return
  }
  const titles = [...around, text(at(suite, 'title')) ?? ''].filter((title) => title !== '')
  for (const spec of items(at(suite, 'specs')) ?? [])
    for (const test of items(at(spec, 'tests')) ?? []) reading.tests.add(readTest(spec, test, titles, reading))
  for (const inner of items(at(suite, 'suites')) ?? [])
    readSuite(inner, titles, { ...reading, depth: reading.depth + 1 })
}

function readTest(spec: unknown, test: unknown, titles: readonly string[], { context, root }: Reading): TestCase {
  const name = text(at(spec, 'title')) || 'a test without name'
  const project = text(at(test, 'projectName'))
  const results = items(at(test, 'results')) ?? []
  const [file = '', ...groups] = titles
  const status = statusOf(test, results, () => context.problems.error(`the test "${name}" has an unknown status`))
  const shown: TestCase = { name, status, suite: project ? `${project} > ${file}` : file }
  if (groups.length > 0) shown.classname = groups.join(' > ')
  shown.file = joinPath(normalisePath(root), text(at(spec, 'file')) ?? file)
  Object.assign(shown, markedWith(texts(at(spec, 'tags'))))
  const line = number(at(spec, 'line'))
  if (line !== undefined && line > 0) shown.line = line
  const duration = results.reduce<number>((sum, result) => sum + (fromMilliseconds(at(result, 'duration')) ?? 0), 0)
  if (results.length > 0) shown.duration_s = duration
  if (status === 'passed' && at(test, 'status') === 'flaky') shown.flaky = true
  if (status === 'skipped' || (status === 'passed' && !shown.flaky)) return shown
  const told = results.findLast((result) => fields(errorOf(result)) !== undefined)
  if (told !== undefined) return withError(shown, errorOf(told))
  const last = text(at(results.at(-1), 'status'))
  return last === undefined ? shown : { ...shown, message: last === 'passed' ? 'passed, but was to fail' : last }
}

const errorOf = (result: unknown): unknown => at(result, 'error') ?? items(at(result, 'errors'))?.[0]

/** What the test came to over its attempts; one that was to fail and did is expected. */
function statusOf(test: unknown, results: readonly unknown[], unknown: () => void): CaseStatus {
  const status = at(test, 'status')
  const last = at(results.at(-1), 'status')
  if (status === 'expected' || status === 'flaky') return 'passed'
  if (status === 'skipped') return last === 'interrupted' ? 'error' : 'skipped'
  if (status !== 'unexpected') unknown()
  // A test that was to fail and passed has failed too.
  return status === 'unexpected' && (last === 'failed' || last === 'passed') ? 'failed' : 'error'
}

function withError<T extends Omit<TestCase, 'status'> & { status?: CaseStatus }>(test: T, error: unknown): T {
  const message = text(at(error, 'message')) ?? text(at(error, 'value'))
  const told = withFailure(test, message, text(at(error, 'stack')))
  const location = at(error, 'location')
  const file = normalisePath(text(at(location, 'file')) ?? '')
  const line = number(at(location, 'line'))
  const same = told.file === undefined || file.endsWith(told.file)
  return file && same && line !== undefined && line > 0 ? { ...told, file, line } : told
}
