import { describe, expect, test } from '@jest/globals'
import type { TestCase } from '../../src/evidence/evidence.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { renderCheck, renderComment, renderSummary } from '../../src/publish/render.js'
import { failingShop, greenShop, instance, outcome, stage, step, testsEvidence } from './outcomes.js'

const passed = (name: string, duration_s: number): TestCase => ({ name, status: 'passed', duration_s })

describe('what says nothing new', () => {
  test('tests that took less than a tenth of a second are not among the slowest', () => {
    const run = (...cases: TestCase[]): string =>
      renderSummary(
        outcome([stage('s', [instance('s', [step('s/a')])])], [{ stage: 's', evidence: [testsEvidence(9, cases)] }], {
          s: {},
        }),
      )
    expect(run(passed('adds', 0.02), passed('ships', 0.099))).not.toContain('Slowest tests')
    const slow = run(passed('adds', 0.02), passed('pays', 0.1))
    expect(slow).toContain('#### Slowest tests')
    expect(slow).toContain('| pays |')
    expect(slow).not.toContain('| adds |')
  })

  test('what the table of files holds is said in its heading or above its column', () => {
    const said = (run: Outcome): number => renderSummary(run).match(/with the most uncovered lines/g)?.length ?? 0
    expect(said(failingShop())).toBe(1)
    expect(said(greenShop())).toBe(1)
    expect(renderSummary(greenShop())).toContain('| File | Lines |')
  })

  test('the page of the run has one name', () => {
    const links = { run: 'https://code.example/runs/7' }
    const run: Outcome = { ...greenShop(), reported_by: { repository: 'stranger/shop', url: links.run } }
    const { summary } = renderCheck(run, links)
    const names = [summary, renderComment(run, { links })].flatMap((text) =>
      [...text.matchAll(/\[([^\]]*)\]\(https:\/\/code\.example\/runs\/7\)/g)].map(([, name]) => name),
    )
    expect(new Set(names)).toEqual(new Set(['log']))
  })
})

describe('a cancelled run', () => {
  test('is called so once', () => {
    const run: Outcome = { ...greenShop(), verdict: 'cancelled', reason: 'the run was cancelled' }
    expect(renderComment(run).match(/was cancelled/g)).toHaveLength(1)
  })
})

describe('a sentence of ours', () => {
  const run = (reason: string): Outcome => ({
    ...greenShop(),
    verdict: 'cancelled',
    reason,
    notes: ['nothing is cached'],
  })

  test('begins with a capital letter where it begins a paragraph', () => {
    expect(renderComment(run('there was no room'))).toContain('\n\nThere was no room\n\n')
    expect(renderSummary(run('there was no room'))).toContain('\n\nThere was no room\n\n')
    expect(renderComment(run('x'))).toContain('- Nothing is cached\n')
  })

  test('leaves a name at its start as it is', () => {
    expect(renderComment(run('review was skipped: no'))).toContain('\n\nreview was skipped: no\n\n')
    expect(renderComment(run('quality/licences failed'))).toContain('\n\nquality/licences failed\n\n')
  })
})
