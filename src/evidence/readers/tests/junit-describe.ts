import type { CaseStatus, TestCase } from '../../evidence.js'
import { markedWith } from '../../markers.js'
import { normalisePath } from '../../paths.js'
import type { Attributes } from '../../reader.js'
import { briefly } from '../../shorten.js'
import { placeInTrace } from '../../trace.js'
import type { JunitSuite } from './junit-suite.js'

/** What is known of a `<testcase>` at its end. */
export interface Described {
  attributes: Attributes
  status: CaseStatus
  flaky: boolean
  duration: number | undefined
  /** The element of the worst result, and its text. */
  told: Attributes | undefined
  text: string | undefined
  markers: readonly string[]
}

/** The test as evidence lists it: its name, why it did not pass, and where. */
export function describeCase(known: Described, suite: JunitSuite): TestCase {
  const { attributes, told, duration } = known
  const classname = attributes['classname'] ?? attributes['class']
  const name = attributes['name'] || attributes['id'] || classname || suite.name || 'a test without name'
  const test: TestCase = { name, status: known.status }
  if (classname) test.classname = classname
  if (suite.name) test.suite = suite.name
  if (known.flaky) test.flaky = true
  Object.assign(test, markedWith(known.markers))
  if (duration !== undefined) test.duration_s = duration
  // Gitleaks repeats the secret in the text of what it calls a failure.
  const text = /^gitleaks$/i.test(suite.name) ? undefined : known.text
  if (told) Object.assign(test, briefly(messageOf(told, text), text))
  locate(test, { ...known, text }, suite)
  return test
}

/** A message that only repeats the result is worth less than the text; without both, the type is better than nothing. */
function messageOf(told: Attributes, text: string | undefined): string | undefined {
  const message = told['message']?.trim() ?? ''
  if (!text?.trim()) return message || told['type']
  if (message !== '' && !/^(?:test )?(?:failed|failure|error|skipped)\.?$/i.test(message)) return message
  return text.split('\n', 50).find((line) => line.trim() !== '' && !mark.test(line)) ?? message
}

/** What Go, Catch2 and PHPUnit (`Class::method`) print before what the test said. */
const mark = /^\s*(?:=== |--- |FAILED:$|[\w\\]{1,300}::\w{1,300}(?:$| with data set ))/

/** Where it failed is better than where it stands: the result's own place, then its trace, then the test's place. */
function locate(test: TestCase, known: Described, suite: JunitSuite): void {
  const { attributes, told } = known
  const file = attributes['file'] ?? attributes['filepath'] ?? suite.file
  const line = lineOf(attributes)
  if (file) test.file = normalisePath(file)
  // pytest's older family counts lines from 0.
  if (line !== undefined) test.line = suite.ofPytest ? line + 1 : line
  if (told === undefined || known.status === 'skipped') return
  const toldFile = told['file']
  const trace = toldFile
    ? { file: normalisePath(toldFile), line: lineOf(told) }
    : placeInTrace(`${told['message'] ?? ''}\n${known.text ?? ''}`, attributes['classname'])
  if (!trace) return
  // A trace may end in a helper; where the report names the test's file, only a line in that file is the test's.
  if (test.file !== undefined && !toldFile && !sameFile(test.file, trace.file)) return
  if (test.file === undefined || toldFile) test.file = inPackage(trace.file, attributes['classname'])
  if (trace.line !== undefined) test.line = trace.line
}

/** Go names a file within its package, and the package is the test's class. */
const inPackage = (file: string, classname: string | undefined): string =>
  file.endsWith('.go') && !file.includes('/') && classname?.includes('/') ? `${classname}/${file}` : file

const sameFile = (a: string, b: string): boolean => a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`)

function lineOf(attributes: Attributes): number | undefined {
  const text = attributes['line'] ?? attributes['lineno'] ?? attributes['lineNumber']
  const line = text === undefined || text.trim() === '' ? NaN : Number(text)
  return Number.isSafeInteger(line) && line >= 0 ? line : undefined
}
