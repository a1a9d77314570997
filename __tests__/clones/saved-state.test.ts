import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { restoreState, saveState } from '../../src/action/saved.js'
import type { Runner } from '../../src/action/runner.js'
import { hostPorts } from '../../src/host/index.js'
import { change, runIn } from '../support/real-run.js'
import { Scratch } from '../support/scratch.js'
import { fakeActionsCache } from '../support/stores/actions-cache.js'
import type { FakeActionsCache } from '../support/stores/actions-cache.js'

/** A job that GitHub runs again, on another machine: what its attempt before has done comes from the cache of GitHub Actions. */
const scratch = new Scratch('wf-saved-')
afterAll(() => scratch.remove())
let cache: FakeActionsCache
beforeEach(async () => {
  cache = await fakeActionsCache()
  rmSync(join(scratch.root, 'ok'), { force: true })
  rmSync(log(), { force: true })
})
afterEach(async () => cache.close())

const stages = `lint:
  steps: [{ run: 'echo lint >> ../ran.log' }]
build:
  steps: [{ run: 'echo build >> ../ran.log; touch built' }]
test:
  needs: build
  steps: [{ run: 'echo test >> ../ran.log; test -e built; test -e ../ok' }]
`

interface Machine {
  folder: string
  home: string
  said: string[]
  job: Parameters<typeof restoreState>[0]
}

/** A new machine with a new checkout. */
async function machine(
  attempt: number,
  more: Partial<Runner['cacheService']> & { job?: string } = {},
): Promise<Machine> {
  const folder = await scratch.repositoryWith(stages)
  const home = scratch.folderWith(undefined)
  const { job = 'ci null', ...service } = more
  const runner: Runner = {
    event: { name: 'push', payload: {} },
    workspace: folder,
    home,
    repository: 'org/tiny',
    stamp: { id: 100, attempt },
    site: 'https://github.com',
    api: 'https://api.github.com',
    proxied: false,
    cacheService: { url: cache.url, token: cache.token, reads: true, writes: true, ...service },
  }
  const inputs = { file: '.github/wf.yml', workingDirectory: '.', job }
  return { folder, home, said: [], job: { runner, ports: hostPorts(), inputs } }
}

const walk = async (on: Machine) => {
  const resume = await restoreState(on.job, (text) => on.said.push(text))
  const ended = await runIn(on.folder, { home: on.home, ...(resume ? { resume } : {}) })
  await saveState(on.job, ended.outcome, ended.folder, (text) => on.said.push(text))
  return ended
}
const log = (): string => join(scratch.root, 'ran.log')

test('what nothing needs that runs again is reused, and what steps left as files is made again', async () => {
  const first = await walk(await machine(1))
  expect(first.outcome.verdict).toBe('fail')
  expect(cache.entries.map(({ key }) => key.replace(/[0-9a-f]{16}/, '…'))).toEqual(['wf-state-100-…-1'])
  change(scratch.root, { ok: '' })
  const second = await walk(await machine(2))
  expect(second.outcome.verdict).toBe('pass')
  expect(readFileSync(log(), 'utf8').split('\n').filter(Boolean)).toHaveLength(5)
  expect(second.step('lint/1').reused).toBe(first.outcome.run.id)
  expect(second.step('build/1').reused).toBeUndefined()
  expect(cache.entries).toHaveLength(1)
  expect(cache.mistakes).toEqual([])
})

test('another leg of the matrix, another attempt, or a job that may not read takes nothing', async () => {
  await walk(await machine(1))
  expect(await restoreState((await machine(2, { job: 'ci {"node":20}' })).job, () => undefined)).toBeUndefined()
  expect(await restoreState((await machine(1)).job, () => undefined)).toBeUndefined()
  expect(await restoreState((await machine(2, { reads: false })).job, () => undefined)).toBeUndefined()
  expect(await restoreState((await machine(2)).job, () => undefined)).toEqual({ run: expect.any(String), fresh: true })
})

test.each(['garbage', 'other-bytes', 'reset', { status: 500 }] as const)(
  '%p: all runs again, and the verdict is the run’s own',
  async (fault) => {
    await walk(await machine(1))
    cache.fault = fault
    const on = await machine(2)
    const { outcome } = await walk(on)
    expect(outcome.resumed).toBeUndefined()
    expect(on.said.join('\n')).toContain('all runs again')
  },
)
