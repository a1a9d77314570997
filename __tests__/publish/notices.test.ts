import { describe, expect, test } from '@jest/globals'
import type { Outcome, RuleChange, RulesOutcome } from '../../src/journal/outcome.js'
import { renderCheck } from '../../src/publish/check.js'
import { commentMarker, readStamp, runStamp } from '../../src/publish/marker.js'
import { renderComment, renderSummary, renderTerminal } from '../../src/publish/render.js'
import { hostile } from './hostile.js'
import { hugeRun } from './huge.js'
import { alteredShop } from './altered.js'
import { greenShop } from './outcomes.js'

const look = { colours: false, columns: 200 }
const base: RulesOutcome = { of: 'base', sha: 'abc1234def5678', name: 'main', changes: [] }
const ruled = (rules: Partial<RulesOutcome>): Outcome => ({ ...greenShop(), rules: { ...base, ...rules } })
const change = (effect: RuleChange['effect'], what = 'gates.coverage.lines'): RuleChange => ({
  stage: 'test',
  what,
  base: '80%',
  change: '40%',
  effect,
})
/** What a reader sees without unfolding anything. */
const open = (comment: string): string => comment.slice(0, comment.indexOf('<details>'))

describe('whose rules judged', () => {
  const cases: [Partial<RulesOutcome>, string][] = [
    [{}, 'Judged by the rules of `main` (`abc1234`).'],
    [{ name: null }, 'Judged by the rules of `abc1234`.'],
    [{ of: 'adoption' }, '`main` has no workflow file yet: this change’s own rules judge.'],
    [{ of: 'adoption', name: null }, 'The base has no workflow file yet: this change’s own rules judge.'],
    [{ of: 'deleted' }, 'This change removes the workflow file: the rules and steps of `main` (`abc1234`) ran.'],
    [{ of: 'asked' }, 'Judged by the workflow file as it stands here, because that was asked for.'],
  ]

  test.each(cases)('is said for %j in the comment and the summary', (rules, line) => {
    expect(open(renderComment(ruled(rules)))).toContain(`\n\n${line}\n\n`)
    expect(renderSummary(ruled(rules))).toContain(`\n\n${line}\n\n`)
  })

  test('is not said where they are the commit’s own', () => {
    const own = ruled({ of: 'own', changes: [change('weaker')] })
    for (const text of [renderComment(own), renderSummary(own), renderTerminal(own, look)])
      expect(text).not.toMatch(/rules/i)
  })

  test('is said in the terminal below the verdict', () => {
    const lines = renderTerminal(ruled({}), look).trimEnd().split('\n')
    expect(lines.slice(-2)).toEqual([
      '✓ shop / review passed · 4f0c2d9 · 14.3s',
      '  judged by the rules of main (abc1234)',
    ])
  })
})

describe('what a change alters in the rules', () => {
  test('is a table that nothing folds away, what it weakens first', () => {
    const text = open(renderComment(ruled({ changes: [change('stricter', 'gates.lint'), change('weaker')] })))
    expect(text).toContain(
      '\n\n⚠️ This change weakens 1 rule of `main`; until it is merged the old one judges.\n\n| Stage |',
    )
    expect(text).not.toContain('Judged by')
    expect(text).toContain(
      '| `test` | `gates.coverage.lines` | 80% | 40% | ⬇️ weaker |\n| `test` | `gates.lint` | 80% | 40% | ⬆️ stricter |',
    )
  })

  test('that is weaker is seen at any size of the comment', () => {
    const rules = { ...base, changes: [...Array(300).fill(change('stricter')), change('weaker', 'gates.secrets')] }
    for (const max of [2000, 4000, 10_000, 60_000]) {
      const text = renderComment({ ...hugeRun(), rules }, { max })
      expect(text.length).toBeLessThanOrEqual(max)
      expect(open(text)).toContain('This change weakens 1 rule of `main`')
      expect(open(text)).toContain('| `test` | `gates.secrets` | 80% | 40% | ⬇️ weaker |')
    }
  })

  test('and does not weaken is said without a warning', () => {
    const run = ruled({ changes: [change('stricter'), change('different', 'if')] })
    const line = 'This change alters 2 rules of `main`; until it is merged the old ones judge.'
    expect(open(renderComment(run))).toContain(`\n\n${line}\n\n| Gate |`)
    expect(open(renderComment(run))).toContain('**Changed rules**\n\n| Stage |')
    expect(renderCheck(run).title).toBe('all gates pass')
  })

  test('names a stage that it takes off the path in words, not as a rule of the file', () => {
    expect(renderComment(ruled({ changes: [change('weaker', 'the stage')] }))).toContain('| `test` | the stage | 80% |')
  })

  test('and weakens is in the title of a green check, as is that it removes the file', () => {
    const title = (rules: Partial<RulesOutcome>, more: Partial<Outcome> = {}): string =>
      renderCheck({ ...ruled(rules), ...more }).title
    expect(title({ changes: [change('weaker')] })).toBe('all gates pass; weakens 1 rule')
    const warned = title({ changes: [change('weaker'), change('weaker', 'if')] }, { verdict: 'warn' })
    expect(warned).toBe('passed with warnings; weakens 2 rules')
    expect(title({ of: 'deleted' })).toBe('all gates pass; removes the workflow file')
    expect(title({ of: 'own', changes: [change('weaker')] })).toBe('all gates pass')
  })

  test('is in the terminal too', () => {
    const notice = renderTerminal(ruled({ changes: [change('weaker')] }), look)
      .trimEnd()
      .split('\n')
      .at(-1)
    expect(notice).toBe('  this change weakens 1 rule of main; until it is merged the old one judges')
    const text = renderTerminal(ruled({ changes: [change('stricter', 'gates.lint'), change('weaker')] }), look)
    expect(text).toContain(
      'changed rules\n' +
        '  ↓ weaker    test  gates.coverage.lines: 80% → 40%\n' +
        '  ↑ stricter  test  gates.lint: 80% → 40%\n',
    )
  })
})

describe('what could not be posted', () => {
  test('is said with what mends it, in the comment only where it concerns the check', () => {
    const told = '`check` could not be posted: the token may not do this: Resource not accessible by integration.'
    const run = alteredShop()
    for (const text of [renderComment(run), renderSummary(run)]) {
      expect(text).toContain(told)
      expect(text).toContain("**Next:** add `checks: write` to the job's `permissions:`")
    }
    expect(renderSummary(run)).toContain('`comment` could not be posted: no answer came')
    expect(renderComment(run)).not.toContain('no answer came')
    expect(renderComment(run)).not.toContain('sarif')
    expect(renderTerminal(run, look)).toContain('could not be posted\n  check: the token may not do this')
  })
})

describe('what another run reported', () => {
  const by = (repository: string, url = 'https://code.example/runs/7'): Outcome => ({
    ...greenShop(),
    reported_by: { repository, url },
  })
  const reported = (repository: string, url?: string): string => renderComment(by(repository, url))
  const log = '([log](https://code.example/runs/7))'

  test('is said in the first line below the headline, which stays', () => {
    const [, headline, , first] = reported('stranger/shop').split('\n')
    expect(headline).toBe('### ✅ shop / review passed · `4f0c2d9`')
    expect(first).toBe(`Reported by a run of the fork \`stranger/shop\` ${log}; nothing in it was verified.`)
    expect(renderCheck(by('stranger/shop')).title).toBe('reported by a fork: all gates pass')
    expect(renderTerminal(by('stranger/shop'), look)).toContain(
      '\n  reported by a run of the fork stranger/shop; nothing in it was verified\n',
    )
  })

  test('names no fork where the run is of the same repository', () => {
    const first = `Reported by a run without write rights ${log}; nothing in it was verified.`
    expect(reported('octo/shop').split('\n')[3]).toBe(first)
    expect(renderCheck(by('Octo/shop')).summary).toContain(first)
    expect(renderCheck(by('octo/shop')).title).toBe('reported, not verified: all gates pass')
    expect(renderTerminal(by('octo/shop'), look)).toContain('\n  reported by a run without write rights; nothing')
  })

  test('is its word alone on whose rules judged', () => {
    const claim = (rules: Partial<RulesOutcome>): string =>
      renderComment({ ...by('octo/shop'), rules: { ...base, ...rules } })
    expect(claim({})).toContain('\n\nIt says that the rules of `main` judged.\n\n')
    expect(claim({ changes: [change('weaker'), change('weaker', 'if')] })).toContain(
      '\n\n⚠️ It says that this change weakens 2 rules of `main`, and that the old ones judged.\n\n',
    )
    expect(claim({ of: 'adoption' })).toContain('It says that `main` has no workflow file yet')
    expect(claim({ of: 'deleted' })).toContain('It says that this change removes the workflow file')
    expect(renderTerminal({ ...by('octo/shop'), rules: base }, look)).toContain(
      '  it says: judged by the rules of main (abc1234)\n',
    )
  })

  test('is linked by https alone, and named only where it is a name', () => {
    for (const url of [
      'http://code.example/1',
      'javascript:alert(1)',
      'https://e.example/)[x](http://y',
      '',
      ...hostile,
    ])
      expect(reported('stranger/shop', url)).toContain('fork `stranger/shop`; nothing')
    for (const name of hostile) expect(reported(name)).toContain(`run of a fork ${log};`)
  })
})

describe('links', () => {
  const links = { run: 'https://code.example/runs/7', files: 'https://code.example/blob/4f0c2d9' }

  test('lead to the log and to the lines of files', () => {
    const text = renderComment(alteredShop(), { links })
    expect(text).toContain('· [log](https://code.example/runs/7)\n')
    expect(text).toContain('[`test/cart.test.js:41`](https://code.example/blob/4f0c2d9/test/cart.test.js#L41)')
  })

  test('are made of https addresses alone', () => {
    const text = renderComment(alteredShop(), {
      links: { run: 'http://code.example/7', files: 'http://code.example/b' },
    })
    expect(text).not.toContain('· [log]')
    expect(text).toContain('- `test/cart.test.js:41` **cart')
  })
})

describe('the mark of a run', () => {
  test('stands in the second line, and is read back', () => {
    const stamp = { id: 17_000_000_123, attempt: 3 }
    const text = renderComment(greenShop(), { stamp })
    expect(text.split('\n').slice(0, 2)).toEqual([commentMarker(greenShop().workflow), '<!-- wf-run:17000000123:3 -->'])
    expect(readStamp(text)).toEqual(stamp)
    expect(readStamp(text.replaceAll('\n', '\r\n'))).toEqual(stamp)
  })

  test('is not read from anywhere else', () => {
    expect(readStamp(renderComment(greenShop()))).toBeUndefined()
    for (const body of [
      '',
      '<!-- wf-run:1:1 -->',
      'a\nb\n<!-- wf-run:1:1 -->',
      'a\n<!-- wf-run:1:1 --> x',
      'a\n <!-- wf-run:1:1 -->',
      'a\n<!-- wf-run:99999999999999999999:1 -->',
      'a\n<!-- wf-run:-1:1 -->',
    ])
      expect(readStamp(body)).toBeUndefined()
  })

  test('is made of numbers alone', () => {
    expect(() => runStamp({ id: Number.NaN, attempt: 1 })).toThrow('whole numbers')
    expect(() => runStamp({ id: 1, attempt: 1.5 })).toThrow('whole numbers')
  })
})
