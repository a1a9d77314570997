import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import type { ReportAnswer } from '../../src/evidence/answer.js'
import type { Evidence } from '../../src/evidence/evidence.js'
import type { JournalEvent, JournalLine } from '../../src/journal/events.js'
import { renderOutcome } from '../../src/publish/render.js'
import { failingShop, greenShop } from './outcomes.js'

const schemaOf = (name: string): object =>
  JSON.parse(
    readFileSync(fileURLToPath(new URL(`../../schema/${name}.schema.json`, import.meta.url)), 'utf8'),
  ) as object

/** What is wrong with a value by a published schema; empty when nothing is. */
function faults(name: string, value: unknown): string[] {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true })
  const validate = ajv.compile(schemaOf(name))
  validate(JSON.parse(JSON.stringify(value)))
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
}

describe('published schemas', () => {
  test('outcome.json of a failing and a green run is what the schema says', () => {
    for (const outcome of [failingShop(), greenShop()])
      expect(faults('outcome', JSON.parse(renderOutcome(outcome)))).toEqual([])
    const cut = JSON.parse(renderOutcome(failingShop(), 6000)) as unknown
    expect(faults('outcome', cut)).toEqual([])
  })

  test('the schema of the outcome refuses what is no outcome', () => {
    expect(faults('outcome', { ...failingShop(), version: 2 })).not.toEqual([])
    expect(faults('outcome', { ...failingShop(), verdict: 'green' })).not.toEqual([])
    const { reason: _, ...without } = failingShop()
    expect(faults('outcome', without)).not.toEqual([])
  })

  test('lines of the journal are what the schema says', () => {
    const shop = failingShop()
    const events: JournalEvent[] = [
      { type: 'stage.started', stage: 'test' },
      { type: 'attempt.finished', step: 'test/unit', attempt: 1, ending: { kind: 'exit', code: 1 }, duration_ms: 12 },
      ...shop.verdicts.map((verdict): JournalEvent => ({ type: 'gate.judged', stage: 'test', verdict })),
      ...shop.evidence.flatMap(({ evidence }) =>
        evidence.map((one): JournalEvent => ({
          type: 'report.read',
          step: 'test/unit',
          attempt: 1,
          report: { path: 'r.xml', format: 'junit', kind: one.kind, evidence: one, problems: [] },
        })),
      ),
      { type: 'run.finished', cancelled: false },
    ]
    for (const [seq, event] of events.entries()) {
      const line: JournalLine = { version: 1, seq, at: 1, previous: '0'.repeat(64), event }
      expect(faults('journal', line)).toEqual([])
    }
    expect(faults('journal', { version: 1, seq: 0, at: 1, previous: '', event: { type: 'unheard.of' } })).not.toEqual(
      [],
    )
  })

  test('the answer of `wf report` is what the schema says', () => {
    const [first] = failingShop().evidence
    const [tests] = first?.evidence ?? []
    if (!tests) throw new Error('the fixture has tests')
    const totals = { lines_valid: 2, lines_covered: 1, branches_valid: 2, branches_covered: 1 }
    const file = { path: 'src/a.js', ...totals, lines: { 1: 4, 3: 0 }, branches: { 1: [1, 2] as [number, number] } }
    const coverage: Evidence = { kind: 'coverage', ...totals, files: [file] }
    const answer: ReportAnswer = {
      version: 1,
      files: [
        { path: 'junit.xml', format: 'junit', kind: 'tests', evidence: tests, problems: [] },
        { path: 'lcov.info', format: 'lcov', kind: 'coverage', evidence: coverage, problems: [] },
        {
          path: 'x',
          format: null,
          kind: null,
          evidence: null,
          problems: [{ level: 'error', message: 'empty', line: 1 }],
        },
      ],
      merged: [{ kind: 'tests', evidence: tests, problems: [] }],
      patch: { lines_valid: 2, lines_covered: 1, files: [{ path: 'src/a.js', missed_lines: [3] }] },
    }
    expect(faults('report', answer)).toEqual([])
    expect(faults('report', { version: 1 })).not.toEqual([])
  })
})
