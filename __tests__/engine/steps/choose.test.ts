import { describe, expect, test } from '@jest/globals'
import { walk } from '../../support/walk.js'

describe('choose', () => {
  const text = `t:
  steps:
    - { id: first, run: first, continue-on-error: true }
    - id: c
      choose:
        - { if: "steps.first.outcome == 'failure'", run: one }
        - { if: always(), assert: "1 == 1" }
      default: { run: other }
    - id: d
      choose: [{ if: "github.ref_name == 'x'", run: two }]
      default: { run: fallback }
    - id: n
      choose: [{ if: "'' == 'x'", run: three }]`

  test('runs the first branch that holds, else the default, else nothing', async () => {
    const done = await walk(text, { scripts: { first: { code: 1 } } })
    expect(done.started.map(({ script }) => script)).toEqual(['first', 'one', 'fallback'])
    expect(done.live.get('t/c')).toBe("branch 1: steps.first.outcome == 'failure'\n")
    expect(done.live.get('t/d')).toBe('no branch holds: the default\n')
    expect(done.live.get('t/n')).toBe('no branch holds, and there is no default\n')
    const other = await walk(text)
    expect(other.live.get('t/c')).toBe('branch 2: always()\n')
  })

  test('fails as its branch does', async () => {
    const done = await walk('t: { steps: [{ id: c, choose: [{ if: always(), run: bad }] }] }', {
      scripts: { bad: { code: 4 } },
    })
    expect(done.step('t/c').reason).toBe('exit 4')
  })
})
