import { expect, test } from '@jest/globals'
import { walk } from '../support/walk.js'

const steps = `s: { steps: [{ id: a, run: a, secrets: [TOKEN] }, { id: b, run: b, secrets: [KEY] }] }`
const notes = async (secrets: Record<string, string>) => (await walk(steps, { secrets })).outcome.notes

test('a secret that a step names and nobody hands over is told, and one that no step names', async () => {
  expect(await notes({ TOKEN: 'abcdefgh', OTHER: 'abcdefgh' })).toEqual([
    '`s/b` names the secret `KEY`, which was not handed over: give it by `--secret NAME`',
    'no step names the secret `OTHER` that was handed over',
  ])
  expect(await notes({ TOKEN: 'abcdefgh', KEY: 'abcdefgh' })).toEqual([])
})
