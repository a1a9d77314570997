import { fromMilliseconds, SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase } from '../../evidence.js'
import { markedWith } from '../../markers.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, items, number, text, texts } from '../../values.js'

/** `jest --json` and the JSON reporter of Vitest, which write the same shape. */
export const jestJson: JsonReader = {
  format: 'jest-json',
  recognised: '`numTotalTests` and `testResults`',
  proven: 'Jest 30.5, Vitest 4.1',
  kind: 'tests',
  family: 'json',
  supports: (value) =>
    number(at(value, 'numTotalTests')) !== undefined && items(at(value, 'testResults')) !== undefined,
  parse(value, context) {
    const tests = new SuitesBuilder(context)
    for (const file of items(at(value, 'testResults')) ?? []) readFile(file, tests, context)
    if (at(value, 'wasInterrupted') === true) context.problems.error('says that the run was interrupted')
    const of = (key: string): number | undefined => number(at(value, key))
    const bad = (of('numFailedTests') ?? 0) + (of('numRuntimeErrorTestSuites') ?? 0)
    tests.check({ tests: [of('numTotalTests')], bad, passed: at(value, 'success') !== false })
    return tests.finish()
  },
}

const suiteMark = /^\s*● Test suite failed to run\s*/

const statuses: Readonly<Record<string, CaseStatus>> = {
  passed: 'passed',
  failed: 'failed',
  pending: 'skipped',
  skipped: 'skipped',
  todo: 'skipped',
  disabled: 'skipped',
}

function readFile(file: unknown, tests: SuitesBuilder, context: ReadContext): void {
  const path = normalisePath(text(at(file, 'name')) ?? '')
  const before = tests.bad
  for (const result of items(at(file, 'assertionResults')) ?? []) tests.add(readTest(result, path, context))
  tests.identify(path, at(file, 'startTime'))
  // A file that does not load has no test; a hook of the whole file fails beside tests that pass.
  if (at(file, 'status') !== 'failed' || tests.bad > before) return
  tests.addOutside(
    withFailure({ name: path, suite: path, file: path }, undefined, text(at(file, 'message'))?.replace(suiteMark, '')),
  )
}

function readTest(result: unknown, path: string, context: ReadContext): TestCase {
  const titles = texts(at(result, 'ancestorTitles'))
  const title = text(at(result, 'title')) ?? text(at(result, 'fullName')) ?? 'a test without name'
  const word = text(at(result, 'status')) ?? ''
  const status = Object.hasOwn(statuses, word) ? statuses[word] : undefined
  if (status === undefined) context.problems.error(`the test "${title}" has the unknown status "${word}"`)
  const test: TestCase = { name: title, status: status ?? 'error', suite: path }
  if (titles.length > 0) test.classname = titles.join(' > ')
  if (path) test.file = path
  Object.assign(test, markedWith(texts(at(result, 'tags'))))
  const line = number(at(at(result, 'location'), 'line'))
  if (line !== undefined && line > 0) test.line = line
  const duration = fromMilliseconds(at(result, 'duration'))
  if (duration !== undefined) test.duration_s = duration
  const messages = texts(at(result, 'failureMessages'))
  // Jest counts how often a test was run, Vitest keeps why it failed before.
  const again = (number(at(result, 'invocations')) ?? 1) > 1 || messages.length > 0
  if (status === 'passed' && again) test.flaky = true
  if (status === 'skipped' || messages.length === 0) return test
  return withFailure(test, messages[0], messages.join('\n'))
}
