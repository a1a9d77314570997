import { fromMilliseconds, SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase } from '../../evidence.js'
import { markedWith } from '../../markers.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, fields, items, number, text, texts } from '../../values.js'

/** The Common Test Report Format, which reporters for many runners write. */
export const ctrf: JsonReader = {
  format: 'ctrf',
  recognised: '`results` with `tool`, `summary` and `tests`',
  proven: 'jest-ctrf-json-reporter 0.0.11, playwright-ctrf-json-reporter 0.0.29',
  kind: 'tests',
  family: 'json',
  supports: (value) => {
    const results = at(value, 'results')
    return fields(at(results, 'summary')) !== undefined && items(at(results, 'tests')) !== undefined
  },
  parse(value, context) {
    const tests = new SuitesBuilder(context)
    const results = at(value, 'results')
    for (const test of items(at(results, 'tests')) ?? []) tests.add(readTest(test, context))
    const of = (key: string): number | undefined => number(at(at(results, 'summary'), key))
    tests.check({ tests: [of('tests')], bad: of('failed') })
    const start = of('start')
    const stop = of('stop')
    const taken = start === undefined || stop === undefined ? undefined : stop - start
    return tests.finish(fromMilliseconds(of('duration') ?? taken), text(at(value, 'reportId')) ?? start)
  },
}

const statuses: Readonly<Record<string, CaseStatus>> = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  pending: 'skipped',
}
/** What runners call tests that the format has no word for but `other`. */
const leftOut = /^(?:todo|pending|skip(?:ped)?|disabled|ignored|inconclusive|not ?run|did ?not ?run|explicit)$/i

function readTest(item: unknown, context: ReadContext): TestCase {
  const name = text(at(item, 'name')) || 'a test without name'
  const suites = items(at(item, 'suite'))?.filter((part) => typeof part === 'string')
  const suite = suites?.join(' > ') ?? text(at(item, 'suite'))
  const status = statusOf(item, name, context)
  const test: TestCase = { name, status }
  if (suite) test.suite = suite
  const file = text(at(item, 'filePath'))
  if (file) test.file = normalisePath(file)
  Object.assign(test, markedWith(texts(at(item, 'tags'))))
  const line = number(at(item, 'line'))
  if (line !== undefined && line > 0) test.line = line
  const duration = fromMilliseconds(at(item, 'duration'))
  if (duration !== undefined) test.duration_s = duration
  const failed = (items(at(item, 'retryAttempts')) ?? []).find((attempt) => at(attempt, 'status') === 'failed')
  const flaky = at(item, 'flaky')
  const again = flaky === true || failed !== undefined || (flaky !== false && (number(at(item, 'retries')) ?? 0) > 0)
  if (status === 'passed' && again) test.flaky = true
  const told = status === 'passed' ? failed : item
  return told === undefined ? test : withFailure(test, text(at(told, 'message')), text(at(told, 'trace')))
}

function statusOf(item: unknown, name: string, context: ReadContext): CaseStatus {
  const word = text(at(item, 'status')) ?? ''
  if (Object.hasOwn(statuses, word)) return statuses[word] as CaseStatus
  const raw = text(at(item, 'rawStatus')) ?? ''
  if (word === 'other' && leftOut.test(raw)) return 'skipped'
  if (word !== 'other') context.problems.error(`the test "${name}" has the unknown status "${word}"`)
  return 'error'
}
