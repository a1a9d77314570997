import { SuitesBuilder, withFailure } from '../../build-suites.js'
import type { CaseStatus, TestCase } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'

/** `rspec --format json`. */
export const rspecJson: JsonReader = {
  format: 'rspec-json',
  recognised: '`examples`, `summary` and `summary_line`',
  proven: 'RSpec 3.12',
  kind: 'tests',
  family: 'json',
  supports: (value) =>
    items(at(value, 'examples')) !== undefined &&
    fields(at(value, 'summary')) !== undefined &&
    text(at(value, 'summary_line')) !== undefined,
  parse(value, context) {
    const tests = new SuitesBuilder(context)
    for (const example of items(at(value, 'examples')) ?? []) tests.add(readExample(example, context))
    const of = (key: string): number | undefined => number(at(at(value, 'summary'), key))
    const outside = outsideErrors(value, of('errors_outside_of_examples_count') ?? 0)
    for (const message of outside)
      tests.addOutside(withFailure({ name: 'an error outside of the examples' }, firstOf(message), message))
    tests.check({ tests: [of('example_count')], bad: (of('failure_count') ?? 0) + outside.length })
    const duration = of('duration')
    return tests.finish(duration !== undefined && duration >= 0 ? duration : undefined)
  },
}

const statuses: Readonly<Record<string, CaseStatus>> = { passed: 'passed', failed: 'failed', pending: 'skipped' }

function readExample(example: unknown, context: ReadContext): TestCase {
  const name = text(at(example, 'description')) || text(at(example, 'full_description')) || 'a test without name'
  const word = text(at(example, 'status')) ?? ''
  const status = Object.hasOwn(statuses, word) ? statuses[word] : undefined
  if (status === undefined) context.problems.error(`the example "${name}" has the unknown status "${word}"`)
  const full = text(at(example, 'full_description')) ?? name
  const group = full.endsWith(` ${name}`) ? full.slice(0, -name.length - 1) : ''
  const file = normalisePath(text(at(example, 'file_path')) ?? '')
  const test: TestCase = { name, status: status ?? 'error', suite: file }
  if (group) test.classname = group
  if (file) test.file = file
  const line = number(at(example, 'line_number'))
  if (line !== undefined && line > 0) test.line = line
  const duration = number(at(example, 'run_time'))
  if (duration !== undefined && duration >= 0) test.duration_s = duration
  if (status === 'skipped') return withFailure(test, text(at(example, 'pending_message')) ?? undefined, undefined)
  if (status === 'passed') return test
  const exception = at(example, 'exception')
  const message = text(at(exception, 'message'))?.trim()
  const trace = (items(at(exception, 'backtrace')) ?? []).filter((frame) => typeof frame === 'string')
  const own = trace.filter((frame) => !/\/gems\/[^/]+\/lib\/|\/lib\/ruby\//.test(frame))
  const said = message || text(at(exception, 'class'))
  return withFailure(test, said, [said, ...(own.length > 0 ? own : trace)].join('\n'))
}

/** Errors while files load or in hooks of the suite: as many as are counted, told by the messages as far as there are any. */
function outsideErrors(value: unknown, counted: number): string[] {
  const messages = (items(at(value, 'messages')) ?? []).filter((message) => typeof message === 'string')
  const errors = messages.filter((message) => /^\s*An error occurred\b/.test(message))
  const shown = Math.min(Math.max(counted, errors.length), 1000)
  return Array.from({ length: shown }, (_, i) => errors[i] ?? 'no message is given')
}

/** The kind of error and its message, which stand below the place. */
const firstOf = (message: string): string | undefined => {
  const found = /^([A-Z][\w:]{0,200}):\n\s+(\S.*)$/m.exec(message)
  return found ? `${found[1]}: ${found[2]}` : undefined
}
