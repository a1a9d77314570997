import { fromMilliseconds, SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'

/** Mocha's reporter `json`. */
export const mochaJson: JsonReader = {
  format: 'mocha-json',
  recognised: '`stats`, `tests`, `passes`, `failures` and `pending`',
  proven: 'Mocha 12.0',
  kind: 'tests',
  family: 'json',
  supports: (value) =>
    fields(at(value, 'stats')) !== undefined &&
    ['tests', 'passes', 'failures', 'pending'].every((key) => items(at(value, key)) !== undefined),
  parse(value, context) {
    const tests = new SuitesBuilder(context)
    const told = new Map<string, number>()
    for (const [key, status] of lists)
      for (const item of items(at(value, key)) ?? []) {
        const id = idOf(item)
        told.set(id, (told.get(id) ?? 0) + 1)
        tests.add(readTest(item, status))
      }
    // Every test that ended is in one of the lists; of one that is in none nobody knows how it ended.
    for (const item of items(at(value, 'tests')) ?? []) {
      const left = told.get(idOf(item)) ?? 0
      told.set(idOf(item), left - 1)
      if (left > 0) continue
      const test = readTest(item, 'error')
      tests.add(test)
      context.problems.error(`the test "${test.name}" neither passed, failed nor was left out`)
    }
    const stats = (key: string): number => number(at(at(value, 'stats'), key)) ?? 0
    // A hook that fails stands among the failures and is no test.
    const all = stats('passes') + stats('failures') + stats('pending')
    tests.check({ tests: [all, number(at(at(value, 'stats'), 'tests'))], bad: stats('failures') })
    return tests.finish(fromMilliseconds(at(at(value, 'stats'), 'duration')), at(at(value, 'stats'), 'start'))
  },
}

const lists: readonly (readonly [string, CaseStatus])[] = [
  ['passes', 'passed'],
  ['failures', 'failed'],
  ['pending', 'skipped'],
]

const idOf = (item: unknown): string => JSON.stringify([at(item, 'fullTitle'), at(item, 'title'), at(item, 'file')])

function readTest(item: unknown, status: CaseStatus): TestCase {
  const title = text(at(item, 'title')) ?? 'a test without name'
  const full = text(at(item, 'fullTitle')) ?? title
  const around = full.endsWith(` ${title}`) ? full.slice(0, -title.length - 1) : ''
  const hook = status === 'failed' && /^"(?:before|after)(?: all| each)" hook\b/.test(title)
  const test: TestCase = { name: title, status: hook ? 'error' : status, suite: around || full }
  if (around) test.classname = around
  const file = text(at(item, 'file'))
  if (file) test.file = normalisePath(file)
  const duration = fromMilliseconds(at(item, 'duration'))
  if (duration !== undefined) test.duration_s = duration
  if (status === 'passed' && (number(at(item, 'currentRetry')) ?? 0) > 0) test.flaky = true
  if (status === 'skipped') return test
  const error = at(item, 'err')
  return withFailure(test, text(at(error, 'message')), text(at(error, 'stack')))
}
