import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Evidence } from '../../src/evidence/evidence.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { bytes, characters, fit } from '../../src/publish/budget.js'
import { renderComment, renderOutcome, renderSarif, renderSummary, renderTerminal } from '../../src/publish/render.js'
import { hugeRun, many } from '../publish/huge.js'
import {
  failingShop,
  finding,
  findingsEvidence,
  greenShop,
  instance,
  outcome,
  stage,
  step,
} from '../publish/outcomes.js'

const huge = hugeRun()

describe('nothing is longer than its sink takes', () => {
  test('the comment, whole at every limit, failures first, what is left out said', () => {
    for (const max of [2000, 5000, 20_000, 60_000]) {
      const text = renderComment(huge, { max })
      expect(text.length).toBeLessThanOrEqual(max)
      expect((text.match(/^\s*```/gm)?.length ?? 0) % 2).toBe(0)
      expect(text).toContain('❌ shop / review failed')
    }
    expect(renderComment(huge)).toContain('- … and 2990 more failing tests')
    expect(renderComment(huge)).toMatch(/\(1 of 10\) \|\n\| … and 2995 more files \| {2}\|/)
    expect(renderComment(huge)).toContain('- … and 2990 more lint issues')
    expect(renderComment(huge, { max: 5000 })).toMatch(/Left out, because there is no more room: .*lint issues/)
  })

  test('the comment of a stranger’s run with half a million notes and tens of thousands of verdicts', () => {
    const { verdicts } = failingShop()
    const run: Outcome = {
      ...failingShop(),
      notes: Array<string>(500_000).fill('n'),
      verdicts: Array.from({ length: 5000 }, () => verdicts).flat(),
    }
    const began = performance.now()
    expect(renderComment(run)).toContain('❌ shop / review failed')
    expect(performance.now() - began).toBeLessThan(60_000)
  })

  test('the summary, in bytes', () => {
    for (const max of [3000, 50_000, 1_000_000]) {
      const text = renderSummary(huge, max)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(max)
      expect((text.match(/^\s*```/gm)?.length ?? 0) % 2).toBe(0)
    }
    expect(renderSummary(huge, 50_000)).toMatch(/… and \d+ more failing tests|Left out/)
  })

  test('outcome.json: cut lists and texts, counts that still add up, and a note that says so', () => {
    for (const max of [100_000, 1_000_000]) {
      const text = renderOutcome(huge, max)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(max)
      const cut = JSON.parse(text) as Outcome
      expect(cut.verdicts.map(({ status }) => status)).toEqual(huge.verdicts.map(({ status }) => status))
      const [tests, , findings] = cut.evidence[0]?.evidence.map((one) => one) ?? []
      if (tests?.kind === 'tests') expect(tests.cases.length + tests.cases_omitted).toBe(tests.tests)
      if (findings?.kind === 'findings') expect(findings.findings.length + findings.findings_omitted).toBe(many)
      expect(cut.notes.at(-1)).toMatch(
        /^this file was too long: texts are cut to \d+ characters, and without .*tests of test/,
      )
    }
    expect(renderOutcome(greenShop())).not.toContain('too long')
  })

  test('SARIF: results a run, runs a file, failures first, the rest counted', () => {
    const notes = Array.from({ length: 30 }, (_, i) =>
      finding({ category: 'lint', severity: 'note', line: i + 1, tool: 'a' }),
    )
    const errors = Array.from({ length: 5 }, (_, i) => finding({ category: 'lint', line: i + 100, tool: 'a' }))
    const tools = Array.from({ length: 8 }, (_, i) =>
      finding({ category: 'types', rule: 'r', line: i + 1, tool: `tool ${i}` }),
    )
    const run = outcome([], [{ stage: 's', evidence: [findingsEvidence([...notes, ...errors, ...tools])] }], {})
    const log = JSON.parse(renderSarif(run, { runs: 4, results: 10 }))
    expect(log.runs.map((one: { tool: { driver: { name: string } } }) => one.tool.driver.name)).toEqual([
      'a',
      'tool 0',
      'tool 1',
      'wf: 6 further tools',
    ])
    const [a, , , last] = log.runs
    expect(a.results).toHaveLength(10)
    expect(a.results.slice(0, 6).map((one: { level: string }) => one.level)).toEqual([
      ...Array(5).fill('error'),
      'note',
    ])
    expect(a.invocations[0].toolExecutionNotifications[0].message.text).toBe(
      '25 more results left out: a run holds 10 at most',
    )
    expect(last.results.map((one: { ruleId: string }) => one.ruleId)).toContain('tool 7/r')
  })

  test('what reports count but do not list is said in SARIF too', () => {
    const list = { ...findingsEvidence([finding({ category: 'lint', tool: 'a' })]), findings_omitted: 7 } as Evidence
    const text = renderSarif(outcome([], [{ stage: 's', evidence: [list] }], {}))
    expect(text).toContain('7 more remarks of the gate lint: counted in the reports, but not listed')
  })

  test('the terminal: steps that went well are counted, long lists cut', () => {
    const text = renderTerminal(huge, { colours: false, columns: 80 })
    expect(text).toContain('… and 2950 more; summary.md lists them')
    const calm = outcome(
      [
        stage('test', [
          instance(
            'test',
            Array.from({ length: 90 }, (_, i) => step(`test/${i}`)),
          ),
        ]),
      ],
      [],
      {},
    )
    expect(renderTerminal(calm, { colours: false, columns: 80 })).toContain('90 steps passed')
  })
})

describe('sections in a budget', () => {
  const section = fc.record({
    name: fc.constantFrom('a', 'b'),
    head: fc.constantFrom('', 'head', '| a |\n| --- |'),
    items: fc.array(fc.string({ maxLength: 40 }), { maxLength: 20 }),
    omitted: fc.nat(3),
    more: fc.constant((left: number) => `… ${left} more`),
  })

  test('never hold more than fits, and every cut is said', () => {
    fc.assert(
      fc.property(fc.array(section, { maxLength: 8 }), fc.integer({ min: 500, max: 1500 }), (sections, max) => {
        for (const budget of [characters(max), bytes(max)]) {
          const text = fit(sections, budget)
          expect(budget.size(text)).toBeLessThanOrEqual(max)
          const items = sections.flatMap((one) => one.items)
          if (items.every((item) => item === '' || text.includes(item))) return
          expect(text).toMatch(/… \d+ more|Left out/)
        }
      }),
    )
  })
})

test('the fixtures are what they are said to be', () => {
  expect(failingShop().verdict).toBe('fail')
  expect(greenShop().verdict).toBe('pass')
})
