import { describe, expect, test } from '@jest/globals'
import { loadWorkflow } from '../../src/workflow/load.js'
import { told } from '../support/mistakes.js'

const file = (history: string): string => `version: 1
name: t
${history}
stages: { s: { steps: [{ run: 'true' }] } }
`
const read = async (history: string): Promise<unknown> => {
  const loaded = await loadWorkflow('wf.yml', file(history))
  return loaded.ok ? loaded.workflow.history : loaded.problems.map(({ message }) => message)
}
const day = 86_400_000

describe('history in the file', () => {
  test('is a word, or says more', async () => {
    const usual = { keep: 90 * day, entries: 1000 }
    expect(await read('')).toEqual(usual)
    expect(await read('history: branch')).toEqual({ store: 'branch', ...usual })
    expect(await read('history: off')).toEqual({ store: 'off', ...usual })
    expect(await read('history: { keep: 30d }')).toEqual({ keep: 30 * day, entries: 1000 })
    expect(await read('history: { store: branch, entries: 10 }')).toEqual({ store: 'branch', ...usual, entries: 10 })
    // Who names a folder wants one.
    expect(await read('history: { folder: ./.wf-history }')).toEqual({
      store: 'folder',
      folder: '.wf-history',
      ...usual,
    })
  })

  test('is kept in a folder of the repository, where it asks for one', async () => {
    for (const folder of ['../x', '/tmp/x', '.', '.git/x', '.GIT', 'C:/x', 'a/../..', 'a\\b'])
      expect([folder, await told(file(`history: { folder: '${folder}' }`))]).toEqual([
        folder,
        ['3:20 outside the folder of the history lies inside the repository, and not in `.git`'],
      ])
    expect(await told(file('history: { store: branch, folder: x }'))).toEqual([
      '3:27 not-here `folder` belongs to `store: folder`',
    ])
  })

  test('is told what it cannot be', async () => {
    expect(await told(file('history: cache'))).toHaveLength(1)
    expect(await told(file('history: { entries: 0 }'))).toHaveLength(1)
    expect(await told(file('history: { keep: forever }'))).toHaveLength(1)
  })
})
