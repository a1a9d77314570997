import { describe, expect, test } from '@jest/globals'
import type { Evidence, ReadReport } from '../../src/evidence/evidence.js'
import { formats } from '../../src/language/formats.js'
import { fixture, fixtureNames, messages, read } from './reading.js'

/** The seed stands in the tests' names; WF_FUZZ_SEED plays one again. */
const seed = Number(process.env['WF_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** Mulberry32. */
function randomOf(start: number): (below: number) => number {
  let a = start
  return (below) => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
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

/** What holds of every answer, whatever was read. */
function check({ evidence, problems, format, kind }: ReadReport): void {
  if (!evidence) expect(problems.some(({ level }) => level === 'error')).toBe(true)
  else expect([kind, format]).toEqual([evidence.kind, expect.any(String)])
  if (evidence) sums(evidence)
}

function sums(evidence: Evidence): void {
  if (evidence.kind === 'tests') {
    const { tests, passed, failed, errors, skipped, cases, flaky } = evidence
    expect(passed + failed + errors + skipped).toBe(tests)
    expect(cases.length + evidence.cases_omitted).toBe(tests)
    expect(evidence.suite_totals?.reduce((sum, suite) => sum + suite.listed, 0)).toBe(cases.length)
    for (const n of [tests, passed, failed, errors, skipped, flaky, evidence.duration_s])
      expect(n).toBeGreaterThanOrEqual(0)
    expect(flaky).toBeLessThanOrEqual(passed)
  } else if (evidence.kind === 'coverage') {
    expect(evidence.lines_covered).toBeLessThanOrEqual(evidence.lines_valid)
    expect(evidence.branches_covered).toBeLessThanOrEqual(evidence.branches_valid)
    expect(evidence.functions_covered ?? 0).toBeLessThanOrEqual(evidence.functions_valid ?? 0)
    // Numbers that JSON has no form for would be lost when the evidence is kept.
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
  } else if (evidence.kind === 'findings') {
    const graded = Object.values(evidence.by_severity).reduce((sum, n) => sum + n, 0)
    expect(evidence.findings.length + evidence.findings_omitted).toBe(graded)
    expect(new Set(evidence.findings.map(({ fingerprint }) => fingerprint)).size).toBe(evidence.findings.length)
  } else
    for (const { name, value } of evidence.benchmarks)
      expect([name !== '', Number.isFinite(value)]).toEqual([true, true])
}

describe(`mutated reports (seed ${seed})`, () => {
  test('never throw, and every answer adds up', async () => {
    const random = randomOf(seed)
    for (const name of fixtureNames)
      for (let i = 0; i < 40; i++) {
        const bytes = mutated(fixture(name), random)
        const format = random(3) === 0 ? formats[random(formats.length)] : undefined
        check(await read(bytes, { path: name, silentMeansNone: random(2) === 0, ...(format ? { format } : {}) }))
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
      check(report)
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
