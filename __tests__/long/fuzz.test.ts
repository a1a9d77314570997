import { describe, expect, test } from '@jest/globals'
import type { Evidence, ReadReport } from '../../src/evidence/evidence.js'
import type { ReadOptions } from '../../src/evidence/read.js'
import { formats } from '../../src/language/formats.js'
import { randomOf } from '../support/random.js'
import { fixture, fixtureNames, messages, read } from '../evidence/reading.js'

/** Printed at each run; WF_FUZZ_SEED plays one again, WF_FUZZ_FILES reads so many. */
const seed = Number(process.env['WF_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const files = Number(process.env['WF_FUZZ_FILES'] ?? 10_000)
process.stdout.write(`mutated reports: ${files} files, WF_FUZZ_SEED=${seed}\n`)

/** Whole numbers below another. */
function belowOf(start: number): (below: number) => number {
  const random = randomOf(start)
  return (below) => Math.floor(random() * below)
}

const nasty = [
  '<',
  '>',
  '"',
  '&',
  '&#0;',
  ']]>',
  '{',
  '}',
  '[',
  ',',
  'null',
  '-1',
  '1e999',
  'NaN',
  '\\',
  '\u0000',
  '\uFFFF',
  '\n',
  '../',
  '__proto__',
  'ok ',
  '1..0',
  'end_of_record\n',
  '99999999999999999999',
]

function mutated(bytes: Buffer, random: (below: number) => number): Buffer {
  let copy = Buffer.from(bytes)
  for (let i = 1 + random(4); i > 0; i--) {
    const at = random(copy.length + 1)
    const piece = Buffer.from(nasty[random(nasty.length)] ?? '')
    const end = Math.min(copy.length, at + random(40))
    const ways = [
      () => copy.fill(random(256), Math.min(at, copy.length), Math.min(at + 1, copy.length)),
      () => Buffer.concat([copy.subarray(0, at), piece, copy.subarray(at)]),
      () => Buffer.concat([copy.subarray(0, at), copy.subarray(end)]),
      () => Buffer.concat([copy.subarray(0, end), copy.subarray(at)]),
      () => Buffer.concat([copy.subarray(0, at), piece, copy.subarray(end)]),
    ]
    copy = Buffer.from((ways[random(ways.length)] as () => Buffer)())
  }
  return copy
}

/** What does not hold of an answer that has to hold of every one, whatever was read. */
function faults({ evidence, problems, format, kind }: ReadReport): string[] {
  const held: [string, boolean][] = evidence
    ? [['kind and format', evidence.kind === kind && format !== null], ...sums(evidence)]
    : [['no evidence without an error', problems.some(({ level }) => level === 'error')]]
  return held.flatMap(([what, holds]) => (holds ? [] : [what]))
}

function sums(evidence: Evidence): [string, boolean][] {
  if (evidence.kind === 'tests') {
    const { tests, passed, failed, errors, skipped, cases, flaky, duration_s, cases_omitted } = evidence
    const listed = evidence.suite_totals?.reduce((sum, suite) => sum + suite.listed, 0)
    return [
      ['results are all tests', passed + failed + errors + skipped === tests],
      ['cases are all tests', cases.length + cases_omitted === tests],
      ['suites list all cases', listed === cases.length],
      ['no count is negative', [tests, passed, failed, errors, skipped, flaky, duration_s].every((n) => n >= 0)],
      ['what is flaky passed', flaky <= passed],
    ]
  }
  if (evidence.kind === 'coverage')
    return [
      ['lines', evidence.lines_covered <= evidence.lines_valid],
      ['branches', evidence.branches_covered <= evidence.branches_valid],
      ['functions', (evidence.functions_covered ?? 0) <= (evidence.functions_valid ?? 0)],
      // Numbers that JSON has no form for would be lost when the evidence is kept.
      ['kept by JSON', !holdsOddNumber(evidence)],
    ]
  if (evidence.kind === 'findings') {
    const graded = Object.values(evidence.by_severity).reduce((sum, n) => sum + n, 0)
    const prints = new Set(evidence.findings.map(({ fingerprint }) => fingerprint))
    return [
      ['severities are all findings', evidence.findings.length + evidence.findings_omitted === graded],
      ['a fingerprint is one finding', prints.size === evidence.findings.length],
    ]
  }
  return evidence.benchmarks.map(({ name, value }) => [`benchmark ${name}`, name !== '' && Number.isFinite(value)])
}

function holdsOddNumber(evidence: Evidence): boolean {
  let odd = false
  JSON.stringify(evidence, (_, value: unknown) => {
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) odd = true
    return value
  })
  return odd
}

/** Time of the processor, which what else runs on the machine does not stretch. */
const spentMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
/** For a hundred files of at most 20 kB, which take about thirty. */
const limitMs = 3000

/** Every third file is read as a format that it mostly is not. */
function mutant(name: string, random: (below: number) => number): { bytes: Buffer; options: ReadOptions } {
  const bytes = mutated(fixture(name), random)
  const format = random(3) === 0 ? formats[random(formats.length)] : undefined
  return { bytes, options: { silentMeansNone: random(2) === 0, ...(format ? { format } : {}) } }
}

describe(`mutated reports (seed ${seed})`, () => {
  test('never throw, end soon, and every answer adds up', async () => {
    const random = belowOf(seed)
    let begun = spentMs()
    for (let i = 1; i <= files; i++) {
      const path = fixtureNames[i % fixtureNames.length] ?? ''
      const { bytes, options } = mutant(path, random)
      const wrong = await read(bytes, { path, ...options }).then(faults, (error) => [String(error)])
      if (wrong.length > 0) throw new Error(`file ${i}, of ${path}, WF_FUZZ_SEED=${seed}: ${wrong.join(', ')}`)
      if (i % 100 > 0) continue
      expect(spentMs() - begun).toBeLessThan(limitMs)
      begun = spentMs()
    }
  })
})

/** Where a cut must be seen. TAP does not tell whether its last line is whole, and after tests and plan comes comment. */
function cuts(name: string, text: string): number[] {
  if (!name.endsWith('.tap')) {
    const end = text.trimEnd().length
    const step = Math.max(1, Math.floor(end / 80))
    return Array.from({ length: Math.ceil(end / step) }, (_, i) => i * step)
  }
  const starts = [...text.matchAll(/^/gm)].map(({ index }) => index)
  const end = Math.max(...[...text.matchAll(/^(?:(?:not )?ok\b|1\.\.\d+|\})/gm)].map(({ index }) => index))
  return starts.filter((at) => at <= end)
}

describe('reports that are cut short', () => {
  const cuttable = fixtureNames.filter((name) => /\.(?:xml|json|sarif|tap|trx)$/.test(name))

  test.each(cuttable)('%s never is evidence without an error', async (name) => {
    const bytes = fixture(name)
    for (const at of cuts(name, bytes.toString('latin1'))) {
      const report = await read(bytes.subarray(0, at), { path: name })
      expect(faults(report)).toEqual([])
      if (messages(report).length === 0) throw new Error(`cut at ${at}: ${JSON.stringify(report.evidence)}`)
    }
  })

  test('an LCOV record that is cut is an error', async () => {
    const bytes = fixture('node-20.20.lcov')
    const first = bytes.indexOf('end_of_record')
    for (let at = bytes.indexOf('SF:'); at < first; at++)
      expect(messages(await read(bytes.subarray(0, at), { format: 'lcov' })).length).toBeGreaterThan(0)
  })
})
