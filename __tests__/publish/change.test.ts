import { describe, expect, test } from '@jest/globals'
import type { Compared, EarlierRun, Outcome } from '../../src/journal/outcome.js'
import { annotationsOf } from '../../src/publish/annotations.js'
import { renderBadges } from '../../src/publish/badges.js'
import { baselineText, changeFacts, missingText } from '../../src/publish/change.js'
import { renderCheck, renderComment, renderOutcome, renderSummary, renderTerminal } from '../../src/publish/render.js'
import { chart } from '../../src/publish/sections-change.js'
import { comparedShop } from './compared.js'
import { failingShop, finding, findingsEvidence, greenShop, instance, outcome, stage, step } from './outcomes.js'

const plain = (text: string): string => text
const compared = (more: Partial<Compared>): Compared => ({
  base: { sha: 'a'.repeat(40), name: 'main' },
  baseline: { sha: 'b'.repeat(40), distance: 0 },
  change: { files: 1, lines: 1 },
  ...more,
})

/** The compared run, its baseline measured otherwise. */
function after(change: (run: EarlierRun) => EarlierRun): Outcome {
  const run = comparedShop()
  const [first, ...rest] = run.compared?.earlier ?? []
  if (!run.compared || !first) throw new Error('the fixture has a baseline')
  return { ...run, compared: { ...run.compared, earlier: [change(first), ...rest] } }
}

const coverageBefore = (part: number, whole: number): Outcome =>
  after((run) => ({
    ...run,
    stages: run.stages.map((one) => (one.lines ? { ...one, lines: [part, whole] as [number, number] } : one)),
  }))

describe('a change against its base', () => {
  test('is told in figures and arrows', () => {
    expect(changeFacts(comparedShop())).toEqual([
      'coverage 93% ▲ 3',
      'added lines covered 60% (6 of 10)',
      'tests 5 +1 −1',
      'findings 1 new, 1 fixed, 3 known',
    ])
    expect(changeFacts(coverageBefore(187, 200))[0]).toBe('coverage 93% ▼ 0.5')
    expect(changeFacts(coverageBefore(186, 200))[0]).toBe('coverage 93% ±0')
    expect(changeFacts(coverageBefore(930_001, 1_000_000))[0]).toBe('coverage 93% ▼ under 0.01')
  })

  test('says nothing of what the base did not measure', () => {
    const facts = changeFacts(after((run) => ({ ...run, stages: [] })))
    expect(facts).toEqual(['added lines covered 60% (6 of 10)'])
    expect(changeFacts(coverageBefore(0, 0))[0]).toMatch(/^added lines/)
    expect(changeFacts(failingShop())).toEqual([])
  })

  test('names the baseline and how far away it is', () => {
    expect(baselineText(compared({}), plain)).toBe('main at bbbbbbb')
    expect(baselineText(compared({ baseline: { sha: 'b'.repeat(40), distance: 2 } }), plain)).toBe(
      'main at bbbbbbb, 2 commits before the base',
    )
    expect(baselineText(compared({ base: null }), plain)).toBe('bbbbbbb, the commit before')
    expect(baselineText(compared({ base: null, baseline: { sha: 'b'.repeat(40), distance: 2 } }), plain)).toBe(
      'bbbbbbb, 3 commits before',
    )
  })

  test('says once why there is none and how to get one', () => {
    const run = { ...greenShop(), compared: compared({ baseline: { missing: 'no earlier run is known' } }) }
    const said = /not compared with earlier runs: no earlier run is known; with `history: branch`/gi
    for (const text of [renderComment(run), renderCheck(run).summary, renderSummary(run)])
      expect(text.match(said)).toHaveLength(1)
    expect(renderTerminal(run, { colours: false, columns: 200 }).match(said)).toHaveLength(1)
    const shallow = compared({ baseline: { missing: 'git finds no commit; check out with `fetch-depth: 0`' } })
    expect(missingText(shallow)).toBe(
      'not compared with earlier runs: git finds no commit; check out with `fetch-depth: 0`',
    )
    expect(missingText(compared({}))).toBe('')
  })

  test('of a stranger with numbers that are none is shown all the same', () => {
    const run = comparedShop()
    for (const n of [1.5, -3, 1e300, Number.POSITIVE_INFINITY]) {
      const text = JSON.stringify(run).replaceAll(
        /"(lines_covered|lines_valid|tests|duration_ms|value)":\d+/g,
        `"$1":${n}`,
      )
      const forged = JSON.parse(text.replaceAll('Infinity', '1e999')) as Outcome
      for (const render of [renderComment, renderSummary]) expect(render(forged)).toContain('shop / review failed')
      expect(renderCheck(forged).summary).toContain('lint')
      expect(renderTerminal(forged, { colours: false, columns: 80 })).toContain('shop / review')
    }
  })

  test('is bounded in outcome.json', () => {
    const run = comparedShop()
    const added = Array.from({ length: 2000 }, (_, i) => ({ path: `src/${i}.js`.padStart(200, 'x'), ranges: [[1, 2]] }))
    const big = { ...run, compared: { ...run.compared, change: { files: 1, lines: 1, added } } } as Outcome
    const text = renderOutcome(big, 50_000)
    expect(text.length).toBeLessThanOrEqual(50_000)
    expect(JSON.parse(text)).toMatchObject({ compared: { baseline: { distance: 2 }, change: { files: 1 } } })
  })
})

describe('lines of the change that no test reaches', () => {
  const files = 'https://code.example/octo/shop/blob/4f0c2d9'

  test('are linked, file by file, the worst first', () => {
    const text = renderComment(comparedShop(), { links: { files } })
    expect(text).toContain('4 added lines that no test reaches')
    expect(text).toContain(`[\`2–3\`](${files}/src/bill.js#L2-L3), [\`9\`](${files}/src/bill.js#L9)`)
    expect(text.indexOf(`[\`2–3\`]`)).toBeLessThan(text.indexOf(`[\`20\`](${files}/src/cart.js#L20)`))
  })
})

describe('findings', () => {
  const lint = (more: { known?: true; waived?: { reason: string; until: string } }, line: number) => ({
    ...finding({ category: 'lint', rule: `rule-${line}`, file: 'src/a.js', line }),
    ...more,
  })
  const judged = (gates: object, ...findings: ReturnType<typeof lint>[]) =>
    outcome([stage('s', [instance('s', [step('s/a')])])], [{ stage: 's', evidence: [findingsEvidence(findings)] }], {
      s: gates,
    })

  test('that are new stand before known ones, which are folded with their number, and waived ones with reason and end', () => {
    const text = renderComment(comparedShop())
    const [shown = '', folds = ''] = text.split(
      '<details><summary>3 known lint issues in <code>quality</code></summary>',
    )
    expect(shown).toContain('src/cart.js:4')
    expect(shown).not.toContain('src/price.js:31')
    expect(folds).toContain('src/price.js:31')
    expect(folds).toMatch(/1 waived lint issue[\s\S]*waived until 2027-02-01 .*goes with/)
    expect(folds).toMatch(
      /1 test in quarantine[\s\S]*mails the bill[\s\S]*in quarantine until 2027-03-01: the mail server moves/,
    )
    expect(renderTerminal(comparedShop(), { colours: false, columns: 100 })).toContain('besides 3 known and 1 waived')
  })

  test('that are known are not folded where they are why the gate is not met', () => {
    expect(renderComment(judged({ lint: { issues: 0 } }, lint({ known: true }, 1)))).not.toContain('known lint issue')
  })

  test('on lines that the change adds are annotated first, and those that a waiver lets off not at all', () => {
    const run = judged(
      { lint: { issues: 0 } },
      lint({}, 1),
      { ...lint({}, 7), severity: 'note' },
      lint({ known: true }, 3),
      lint({ waived: { reason: 'later', until: '2027-01-01' } }, 4),
    )
    const change = { files: 1, lines: 3, added: [{ path: 'src/a.js', ranges: [[6, 8]] as [number, number][] }] }
    const { annotations } = annotationsOf({ ...run, compared: compared({ change }) })
    expect(annotations.map(({ start_line, level }) => [start_line, level])).toEqual([
      [7, 'notice'],
      [1, 'failure'],
      [3, 'notice'],
    ])
  })
})

describe('the trend', () => {
  test('is a line of bars from the oldest run to this one', () => {
    expect(chart([1, 2, 3, 8])).toBe('▁▂▃█')
    expect(chart([5, 5, 5])).toBe('▄▄▄')
    const text = renderSummary(comparedShop())
    expect(text).toMatch(/\| Coverage \| [▁-█]{7} \| 93% \| [\d.]+% – [\d.]+% \| 6 \|/)
    expect(text).toMatch(/\| Tests \| [▁-█]{7} \| 5 \| 3 – 5 \| 6 \|/)
  })

  test('is not drawn of two runs', () => {
    const run = comparedShop()
    const few = { ...run, compared: { ...run.compared, earlier: run.compared?.earlier?.slice(0, 1) } } as Outcome
    expect(renderSummary(few)).not.toContain('Trend')
  })
})

describe('badges', () => {
  const said = (run: Outcome) =>
    Object.fromEntries(renderBadges(run).map(({ name, json }) => [name, JSON.parse(json) as object]))

  test('tell coverage, tests and the verdict as shields.io asks for it', () => {
    expect(said(failingShop())).toEqual({
      coverage: { schemaVersion: 1, label: 'coverage', message: '42.1%', color: 'cf222e' },
      tests: { schemaVersion: 1, label: 'tests', message: '2 of 15 failed', color: 'cf222e' },
      verdict: { schemaVersion: 1, label: 'shop', message: 'failed', color: 'cf222e' },
    })
    expect(said(greenShop())).toMatchObject({
      coverage: { message: '76.84%' },
      tests: { message: '56 passed', color: '2da44e' },
      verdict: { message: 'passed' },
    })
    expect(Object.keys(said({ ...greenShop(), evidence: [] }))).toEqual(['verdict'])
  })
})
