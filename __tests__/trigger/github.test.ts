import { afterEach, expect, test } from '@jest/globals'
import { startFakeGitHub } from '../../src/fake-github/index.js'
import type { FakeGitHub } from '../../src/fake-github/index.js'
import { hostGitHub } from '../../src/host/github.js'
import { compareOnGitHub, protectedBranches, textOnGitHub, tipOnGitHub } from '../../src/trigger/github.js'

const [first, second, other] = ['1'.repeat(40), '2'.repeat(40), '3'.repeat(40)]
const text = 'version: 1\nname: Schön\n'

let github: FakeGitHub | undefined
afterEach(async () => {
  await github?.close()
  github = undefined
})

async function open(permissions: Record<string, 'read'> = { contents: 'read' }) {
  github = await startFakeGitHub({
    tokens: { ghs_reader: { login: 'github-actions[bot]', permissions } },
    repositories: {
      'org/shop': {
        private: true,
        default_branch: 'main',
        commits: {
          [first]: { files: { 'apps/shop/.github/wf.yml': text } },
          [second]: { parents: [first] },
          [other]: { parents: [first] },
        },
        branches: {
          main: { sha: second, protected: true },
          'release/1': { sha: other, protected: true },
          topic: first,
        },
      },
    },
  })
  const port = hostGitHub({ api: github.url, token: 'ghs_reader', repository: 'org/shop', second: 1 })
  return { port, fake: github }
}

test('GitHub is asked as its description says, and its answers are understood', async () => {
  const { port, fake } = await open()
  expect(await tipOnGitHub(port, 'release/1')).toEqual({ ok: true, value: other })
  expect(await tipOnGitHub(port, 'gone')).toMatchObject({ ok: false })
  expect(await textOnGitHub(port, second, 'apps/shop/.github/wf.yml')).toEqual({ ok: true, value: text })
  expect(await textOnGitHub(port, second, '.github/wf.yml')).toEqual({ ok: true, value: null })
  expect(await compareOnGitHub(port, first, second)).toEqual({ ok: true, value: { shared: first, lies: true } })
  expect(await compareOnGitHub(port, other, second)).toEqual({ ok: true, value: { shared: first, lies: false } })
  expect(await protectedBranches(port)).toEqual({
    ok: true,
    value: [
      { name: 'main', sha: second },
      { name: 'release/1', sha: other },
    ],
  })
  expect(fake.mistakes).toEqual([])
})

test('a token that may not look into a private repository learns nothing, not that a file is missing', async () => {
  const { port } = await open({})
  expect(await textOnGitHub(port, second, '.github/wf.yml')).toMatchObject({ ok: false })
  expect(await protectedBranches(port)).toMatchObject({ ok: false })
})
