import { describe, expect, test } from '@jest/globals'
import type { Outcome, RunVerdict } from '../../src/journal/outcome.js'
import { conclude } from '../../src/journal/conclude.js'
import { checkName, renderCheck, renderProgress } from '../../src/publish/check.js'
import { renderComment, renderSummary, renderTerminal } from '../../src/publish/render.js'
import { hostile } from './hostile.js'
import { hugeRun } from './huge.js'
import { alteredShop } from './altered.js'
import { failingShop, finding, findingsEvidence, greenShop, outcome, stage } from './outcomes.js'

describe('the name of a check', () => {
  test('says the workflow and the target', () => {
    expect(checkName({ name: 'shop' }, 'review')).toBe('wf / shop / review')
    expect(checkName({ name: 'Größe (v2.1)' }, 'staging')).toBe('wf / Größe (v2.1) / staging')
  })

  test('holds plain characters only, and not too many', () => {
    for (const text of hostile) {
      const name = checkName({ name: text }, text)
      expect(name).toMatch(/^wf \/ [\p{L}\p{M}\p{N} ._,:;+=()[\]/…-]* \/ [\p{L}\p{M}\p{N} ._,:;+=()[\]/…-]*$/u)
      expect(name.length).toBeLessThanOrEqual(220)
    }
  })
})

describe('the conclusion of a check', () => {
  const conclusionOf = (verdict: RunVerdict, more: Partial<Outcome> = {}): string =>
    renderCheck({ ...greenShop(), verdict, ...more }).conclusion
  const verdicts = ['pass', 'warn', 'fail', 'no-data', 'cancelled'] as const

  test('follows the verdict; what could not be judged is not good', () => {
    expect(verdicts.map((verdict) => conclusionOf(verdict))).toEqual([
      'success',
      'success',
      'failure',
      'failure',
      'cancelled',
    ])
  })

  test('is never success on the word of a fork', () => {
    const reported_by = { repository: 'stranger/shop', url: 'https://code.example/1' }
    expect(verdicts.map((verdict) => conclusionOf(verdict, { reported_by }))).toEqual([
      'neutral',
      'neutral',
      'failure',
      'failure',
      'cancelled',
    ])
    expect(renderCheck({ ...greenShop(), reported_by }).title).toBe('reported by a fork: all gates pass')
  })
})

describe('the title of a check', () => {
  test('says what is wrong, each gate in its words', () => {
    expect(renderCheck(failingShop()).title).toBe(
      '2 of 14 tests failed (1 with an error), lines 42.1% < 50%, lint: 2 issues, 1 type error, 1 secret, ' +
        '1 high vulnerability, quality/licences failed',
    )
  })

  test('is the one sentence of every place, and the reason names its gates in the same order', () => {
    const run = failingShop()
    const { title } = renderCheck(run)
    expect(renderComment(run)).toContain(`\n\n${title}\n\n`)
    expect(renderSummary(run)).toContain(`\n\n${title}\n\n`)
    expect(renderTerminal(run, { colours: false, columns: 500 })).toContain(`\n  ${title}\n`)
    expect(run.reason).toBe(
      'gates not met: tests of test, coverage of test, lint of quality and 3 more; failed: quality/licences',
    )
    const { verdict, reason } = conclude({ ...run, verdicts: run.verdicts.toReversed(), cancelled: false })
    expect([verdict, reason]).toEqual(['fail', run.reason])
  })

  test('names a stage that the change removed in few words', () => {
    const run = greenShop()
    const lint = run.verdicts.find(({ gate }) => gate === 'lint')
    const reason = 'the stage `quality` was removed; the rules of main judge it'
    const verdicts = lint ? [{ ...lint, status: 'fail' as const, reason, figures: [] }] : []
    expect(renderCheck({ ...run, verdict: 'fail', verdicts }).title).toBe('lint: stage quality was removed')
  })

  test('names the stage where one gate fails in several', () => {
    const lint = findingsEvidence([finding({ category: 'lint', file: 'a.js', line: 1 })])
    const run = outcome(
      [stage('a', []), stage('b', [])],
      ['a', 'b'].map((id) => ({ stage: id, evidence: [lint] })),
      { a: { lint: {} }, b: { lint: {} } },
    )
    expect(renderCheck(run).title).toBe('lint: 1 issue in a, lint: 1 issue in b')
  })

  test('is short where all is well, and says so where nothing was judged', () => {
    expect(renderCheck(greenShop()).title).toBe('all gates pass')
    const bare = outcome([stage('test', [])], [], {})
    expect(renderCheck({ ...bare, verdict: 'pass' }).title).toBe('all steps passed; there was nothing to judge')
    expect(renderCheck({ ...bare, verdict: 'no-data', reason: 'review was skipped' }).title).toBe('review was skipped')
  })

  test('names whole things and counts the rest', () => {
    const run = failingShop()
    const verdicts = Array.from({ length: 30 }, (_, i) => ({
      ...(run.verdicts[0] ?? fail()),
      address: `stage-with-a-long-name-${i}`,
    }))
    const { title } = renderCheck({ ...run, verdicts })
    expect(title.length).toBeLessThanOrEqual(255)
    expect(title).toMatch(/ in stage-with-a-long-name-\d+ and \d+ more$/)
  })
})

function fail(): never {
  throw new Error('the fixture has verdicts')
}

describe('the texts of a check', () => {
  test('the summary holds the gates and the failed steps, the text what was found and the stages', () => {
    const { summary, text } = renderCheck(failingShop(), { run: 'https://code.example/runs/1' })
    expect(summary).toMatch(/\| ❌\scoverage\s·\s`test` \| lines\s\*\*42.1%\*\* \| ≥\s50% \|/)
    expect(summary).toContain('Error: left-pad has no licence')
    expect(summary).toContain('Commit `4f0c2d9`, [log](https://code.example/runs/1).')
    expect(summary).not.toContain('no-unused-vars')
    expect(text).toContain('`src/cart.js:7:9` error')
    expect(text).toContain('**Stages**')
    expect(text).not.toContain('<summary>Details</summary>')
  })

  test('says whose word it is and what the change weakens', () => {
    const { summary } = renderCheck(alteredShop())
    expect(summary).toContain('Reported by a run of the fork `stranger/shop`')
    expect(summary).toContain('this change weakens 2 rules of `main`')
  })

  test('are no longer than GitHub takes', () => {
    const { title, summary, text } = renderCheck(hugeRun())
    expect(title.length).toBeLessThanOrEqual(255)
    for (const part of [summary, text]) {
      expect(Buffer.byteLength(part)).toBeLessThanOrEqual(65_535)
      expect(part.length).toBeGreaterThan(1000)
      expect((part.match(/^\s*```/gm)?.length ?? 0) % 2).toBe(0)
    }
  })
})

describe('the check while the run goes on', () => {
  const plan = { workflow: { name: 'shop' }, target: 'review' }

  test('counts the stages that have ended', () => {
    const stages = [
      { id: 'build', status: 'success' as const },
      { id: 'test', name: 'All | tests', status: 'failure' as const },
      { id: 'quality' },
    ]
    expect(renderProgress({ ...plan, stages })).toEqual({
      name: 'wf / shop / review',
      title: '2 of 3 stages',
      summary: '- ✅ `build`\n- ❌ `test` All &#124; tests\n- ⏳ `quality`',
    })
    expect(renderProgress({ ...plan, stages: [] }).summary).not.toBe('')
  })

  test('is no longer than GitHub takes', () => {
    const stages = Array.from({ length: 5000 }, (_, i) => ({ id: `stage-${i}`, name: '|'.repeat(1000) }))
    const { summary } = renderProgress({ ...plan, stages })
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(65_535)
    expect(summary).toMatch(/- … and \d+ more stages/)
  })
})
