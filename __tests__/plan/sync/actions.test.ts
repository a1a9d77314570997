import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { actionsOf, readAction } from '../../../src/plan/sync/actions.js'
import { readExisting } from '../../../src/plan/sync/own.js'
import type { SyncFrom } from '../../../src/plan/sync/sync.js'
import { path, step, sync } from './synced.js'

describe('versions of actions', () => {
  const text = `on: { push: a }\nstages: { a: ${step} }`
  const again = async (change: (text: string) => string, more: Partial<SyncFrom> = {}) => {
    const existing = readExisting(path, change((await sync(text)).text))
    return sync(text, { ...more, ...(existing.ok ? { existing: existing.value } : {}) })
  }

  test('ours is told to be pinned until it is', async () => {
    const loose = await sync(text)
    expect(loose.text).toContain('uses: org/wf-action@v1 # pin it: `wf sync --action OWNER/NAME@COMMIT`')
    expect(loose.warnings.map(({ message }) => message)).toEqual(['`org/wf-action@v1` may be other code tomorrow'])
    const uses = `org/wf-action@${'a'.repeat(40)}`
    const pinned = await sync(text, { action: { uses, note: 'v1.2.3' } })
    expect(pinned.text.match(/org\/wf-action.*/g)).toEqual(Array(3).fill(`${uses} # v1.2.3`))
    expect(pinned.warnings).toEqual([])
  })

  test('ours stays as the file has it', async () => {
    const uses = `org/fork@${'b'.repeat(40)}`
    expect((await again((all) => all.replaceAll(/org\/wf-action@v1.*/g, `${uses} # v2.0.0`))).text).toContain(
      `uses: ${uses} # v2.0.0`,
    )
    expect((await again((all) => all, { action: { uses } })).text).not.toContain('org/wf-action@v1')
  })

  test('a newer one of GitHub stays, an older one is renewed', async () => {
    const with_ = (version: string) => (all: string) =>
      all.replaceAll(/(actions\/checkout)@.*/g, `$1@${'c'.repeat(40)} # v${version}`)
    expect((await again(with_('7.1.0'))).text).toContain(`actions/checkout@${'c'.repeat(40)} # v7.1.0`)
    expect((await again(with_('6.9.9'))).text).not.toContain('c'.repeat(40))
    expect((await again(with_('7.0.1'))).text).not.toContain('c'.repeat(40))
  })
})

test.each([
  ['org/wf-action@v1', { uses: 'org/wf-action@v1' }],
  [' org/repo/sub/action@0123abc # v1.2.3 ', { uses: 'org/repo/sub/action@0123abc', note: 'v1.2.3' }],
  ['./', { uses: './' }],
])('an action is read from %j', (text, action) => {
  expect(readAction(text)).toEqual({ ok: true, value: action })
})

test.each([
  'org/wf-action',
  'wf-action@v1',
  'a b@c',
  "org/x@v1'",
  'org/x@v1\n- run: x',
  'org/x@${{ a }}',
  'org/x@v1 # a\n b',
])('no action is %j', (text) => {
  expect(readAction(text).ok).toBe(false)
})

test('the actions of others are those of the templates', () => {
  const template = readFileSync('templates/fork-safe/ci.yml', 'utf8')
  const { checkout, upload } = actionsOf('')
  for (const { uses, note } of [checkout, upload]) expect(template).toContain(`uses: ${uses} # ${note ?? ''}\n`)
})
