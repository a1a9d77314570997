import { describe, expect, test } from '@jest/globals'
import { judgeStage } from '../../src/gates/judge.js'
import { nothingKnown } from '../../src/history/comparison.js'
import { renderComment, renderSarif, renderSummary, renderTerminal } from '../../src/publish/render.js'
import { messageOf, printedLines, rangesText, reproduce, testName } from '../../src/publish/words.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { readGates } from '../../src/workflow/gates.js'
import { scene } from '../gates/scene.js'
import { finding, findingsEvidence, greenShop, instance, outcome, stage, step } from './outcomes.js'

const look = { colours: false, columns: 100 }

describe('words', () => {
  test('the command that reproduces a run is safe to paste', () => {
    const green = greenShop()
    expect(reproduce(green)).toBe('wf run review')
    expect(reproduce({ ...green, workflow: { name: 'x', path: 'ci/wf.yml' } })).toBe('wf run review --file ci/wf.yml')
    expect(reproduce({ ...green, workflow: { name: 'x', path: "a'; rm -rf $HOME" } })).toBe(
      String.raw`wf run review --file 'a'\''; rm -rf $HOME'`,
    )
  })

  test('a test is called after what it belongs to', () => {
    expect(testName({ name: 'adds', classname: 'cart', status: 'failed' })).toBe('cart › adds')
    expect(testName({ name: 'cart adds', classname: 'cart', status: 'failed' })).toBe('cart adds')
    expect(testName({ name: 'adds', classname: 'test', suite: 'cart', status: 'failed' })).toBe('cart › adds')
    expect(testName({ name: 'adds', status: 'failed' })).toBe('adds')
  })

  test('of a failed step the first errors stand before its last lines, each once', () => {
    const tail = ['usage: npm ci', 'npm error at the end']
    const failed = step('s/a', {
      status: 'failure',
      reason: 'exit 1',
      tail,
      first_errors: ['npm error not in sync', 'npm error at the end'],
    })
    expect(printedLines(failed)).toEqual(['npm error not in sync', '…', ...tail])
    expect(printedLines({ ...failed, first_errors: ['npm error at the end'] })).toEqual(tail)
    const run = outcome([stage('s', [instance('s', [failed], 'failure')], { status: 'failure' })], [], {})
    for (const text of [renderComment(run), renderSummary(run)])
      expect(text).toContain('  npm error not in sync\n  …\n  usage: npm ci\n')
    expect(renderTerminal(run, look)).toContain('| npm error not in sync\n      | …\n      | usage: npm ci\n')
  })

  test('a message without its line breaks is taken from the details', () => {
    const failed = { name: 'adds', status: 'failed' } as const
    const message = 'Expected values to be strictly equal:1 !== 2'
    const details = '[Error: Expected values to be strictly equal:\n\n1 !== 2\n] {\n  code: 1 }'
    expect(messageOf({ ...failed, message, details })).toBe('Expected values to be strictly equal:\n\n1 !== 2')
    expect(messageOf({ ...failed, message, details: 'at a.js:1' })).toBe(message)
    expect(messageOf({ ...failed, message: 'x y', details: 'xy' })).toBe('x y')
    expect(messageOf({ ...failed, message })).toBe(message)
    expect(messageOf({ ...failed, details })).toBe('')
  })

  test('lines are told as ranges', () => {
    expect(rangesText([3, 4, 5, 9, 11, 12], 5)).toBe('3–5, 9, 11–12')
    expect(rangesText([1, 3, 5], 2)).toBe('1, 3, …')
    expect(rangesText([], 2)).toBe('')
  })
})

describe('what a run without gates shows', () => {
  const bare = outcome([stage('test', [instance('test', [step('test/unit')])])], [], {})

  test('the verdict, and no empty table', () => {
    expect(renderComment(bare)).not.toContain('| Gate |')
    expect(renderTerminal(bare, look)).not.toContain('gates')
  })
})

describe('a gate of a milestone', () => {
  const issue = finding({ category: 'lint', rule: 'no-var', file: 'src/a.js', line: 3, tool: 'eslint' })
  const made = outcome(
    [stage('quality', [instance('quality', [step('quality/lint')])]), stage('review', [], { status: 'failure' })],
    [{ stage: 'quality', evidence: [findingsEvidence([issue])] }],
    {},
  )
  const { verdicts } = judgeStage({
    ...scene({ stages: ['quality'] }),
    address: 'review',
    settings: readGates({ lint: {} }),
    instances: [{ address: 'quality', evidence: [findingsEvidence([issue])] }],
    stages: ['quality'],
    against: nothingKnown('no base is known'),
  })
  const judged = { ...made, verdicts, not_judged: [] }

  test('shows what it judged once, under its own name', () => {
    const comment = renderComment(judged)
    expect(comment).toContain('#### ❌ lint · `review`: 1 issue, 0 allowed\n\n- `src/a.js:3` error `no-var`: message')
    expect(comment.match(/src\/a\.js/g)).toHaveLength(1)
    expect(renderTerminal(judged, look)).toContain('lint issues of review\n  src/a.js:3  error  no-var')
    expect(renderSarif(judged).match(/"uri": "src\/a\.js"/g)).toHaveLength(1)
  })

  test('is not shown where no gate judged', () => {
    expect(renderComment(made)).toContain('#### 1 lint issue in `quality`, not judged')
  })
})

describe('what was not judged', () => {
  const run: Outcome = {
    ...outcome(
      [
        stage('quality', [instance('quality', [step('quality/types', { status: 'failure' })], 'failure')]),
        stage('test', [instance('test', [step('test/unit', { status: 'cancelled' })], 'cancelled')]),
      ],
      [{ stage: 'quality', evidence: [findingsEvidence([finding({ category: 'lint' })])] }],
      {},
    ),
    not_judged: [
      { stage: 'quality', what: ['types', 'lint'] },
      { stage: 'test', what: ['tests', 'coverage'] },
    ],
  }

  test('tells evidence without a gate from a gate without data', () => {
    for (const text of [renderComment(run), renderSummary(run)]) {
      expect(text).toContain('**Not judged by any gate**\n\n- `quality`: lint\n\n')
      expect(text).toContain(
        '**Not judged**\n\n- `quality`: types: no data, its step failed\n' +
          '- `test`: tests, coverage: no data, the stage did not run to its end\n\n',
      )
    }
    expect(renderTerminal(run, look)).toContain(
      'not judged by any gate\n  quality: lint\n\nnot judged\n  quality: types: no',
    )
  })
})

describe('how each verdict is said', () => {
  const green = greenShop()
  test('in the comment and in the terminal', () => {
    const said = (['pass', 'warn', 'fail', 'no-data', 'cancelled'] as const).map((verdict) => {
      const run = { ...green, verdict, reason: 'because of `x`' }
      const [, head] = renderComment(run).split('\n')
      const last = renderTerminal(run, look).trimEnd().split('\n').slice(-2).join(' / ')
      return [head, last]
    })
    expect(said).toEqual([
      ['### ✅ shop / review passed · `4f0c2d9`', ' / ✓ shop / review passed · 4f0c2d9 · 14.3s'],
      [
        '### ⚠️ shop / review passed with warnings · `4f0c2d9`',
        ' / ! shop / review passed with warnings · 4f0c2d9 · 14.3s',
      ],
      ['### ❌ shop / review failed · `4f0c2d9`', '✗ shop / review failed · 4f0c2d9 · 14.3s /   because of `x`'],
      [
        '### ❔ shop / review is not judged: data is missing · `4f0c2d9`',
        '? shop / review is not judged: data is missing · 4f0c2d9 · 14.3s /   because of `x`',
      ],
      [
        '### 🚫 shop / review was cancelled · `4f0c2d9`',
        '- shop / review was cancelled · 4f0c2d9 · 14.3s /   because of `x`',
      ],
    ])
  })

  test('outside a repository no commit is named', () => {
    const nowhere = { ...green, context: { ...green.context, sha: null } }
    expect(renderComment(nowhere)).toContain('### ✅ shop / review passed\n')
  })
})
