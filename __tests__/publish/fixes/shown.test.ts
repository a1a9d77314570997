import { describe, expect, test } from '@jest/globals'
import type { FixesOutcome, Outcome } from '../../../src/journal/outcome.js'
import { renderCheck } from '../../../src/publish/check.js'
import { renderComment } from '../../../src/publish/comment.js'
import { renderOutcome } from '../../../src/publish/json.js'
import { vouched } from '../../../src/publish/reported.js'
import { fixesText } from '../../../src/publish/sections-fixes.js'
import { renderSummary } from '../../../src/publish/summary.js'
import { greenShop } from '../outcomes.js'

const fixes: FixesOutcome = {
  how: 'suggest',
  steps: ['quality/lint'],
  files: [
    { path: 'a.js', change: 'changed', added: 1, removed: 1, patch: 'diff --git a/a.js b/a.js\n-a\n+```\n' },
    { path: 'b.png', change: 'added', added: 0, removed: 0 },
  ],
  left: [],
}
const outcome = (more: Partial<FixesOutcome> = {}, also: Partial<Outcome> = {}): Outcome => ({
  ...greenShop(),
  ...also,
  fixes: { ...fixes, ...more },
})
const handed = (suggested: number, standing: number, ...rest: string[]) => ({ handed: { suggested, standing, rest } })

describe('fixes as people see them', () => {
  test.each<[string, Partial<FixesOutcome>]>([
    ['the fix of `quality/lint` would change 2 files', {}],
    ['3 fixes suggested on the diff', handed(3, 0)],
    ['1 fix suggested on the diff, 2 suggested before', handed(1, 2)],
    ['2 fixes suggested on the diff before; 1 file has changes that cannot be suggested', handed(0, 2, 'b.png')],
    ['2 files fixed in `abc1234`', { handed: { commit: 'abc1234'.padEnd(40, '0'), files: 2 } }],
    [
      'the fix of `quality/lint` would change 2 files; 1 file is left out',
      { left: [{ path: 'x', reason: 'a fix may not change workflows' }] },
    ],
  ])('are one sentence: %s', (said, more) => {
    expect(fixesText(outcome(more))).toBe(said)
    const line = `🔧 ${said.charAt(0).toUpperCase()}${said.slice(1)}.`
    for (const text of [renderComment(outcome(more)), renderCheck(outcome(more)).summary, renderSummary(outcome(more))])
      expect(text).toContain(line)
  })

  test('are a patch where they are not suggested, in a fence that nothing in it ends', () => {
    expect(renderComment(outcome())).toContain('````diff\ndiff --git a/a.js b/a.js\n-a\n+```\n````')
    expect(renderComment(outcome())).toContain('… and of 1 more file; `fixes.patch` in the folder of the run')
    expect(renderComment(outcome(handed(1, 0, 'b.png')))).not.toContain('diff --git')
    expect(renderComment(outcome({ handed: { commit: 'a'.repeat(40), files: 2 } }))).not.toContain('diff --git')
  })

  test('say why they could not be handed over, and what mends it', () => {
    const published = [
      {
        effect: 'fixes',
        status: 'failed' as const,
        reason: 'the token may not do this',
        mend: 'add `contents: write`',
      },
    ]
    const text = renderComment(outcome({}, { published }))
    expect(text).toContain('`fixes` could not be posted: the token may not do this. **Next:** add `contents: write`')
    expect(renderSummary(outcome({}, { published })).match(/could not be posted/g)).toHaveLength(1)
  })

  test('lose their patches first where the outcome is too long', () => {
    const long = outcome({}, { notes: Array.from({ length: 40 }, () => 'x'.repeat(3000)) })
    const short = JSON.parse(renderOutcome(long, 20_000)) as Outcome
    expect(short.fixes?.files.map(({ path, patch }) => [path, patch])).toEqual([
      ['a.js', undefined],
      ['b.png', undefined],
    ])
  })

  test('of another run, such as that of a fork, are not shown at all', () => {
    const by = {
      sha: 'a'.repeat(40),
      pullRequest: 7,
      repository: 'stranger/shop',
      into: 'org/shop',
      url: 'https://github.com/org/shop/actions/runs/1',
      conclusion: 'success',
      altered: false,
    }
    const text = renderComment(vouched(outcome(), by))
    expect(text).not.toContain('🔧')
    expect(text).not.toContain('diff --git')
  })
})
