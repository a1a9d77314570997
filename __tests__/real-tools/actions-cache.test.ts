import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { endOf, Scratch } from '../support/scratch.js'
import { fakeActionsCache } from '../support/stores/actions-cache.js'
import type { FakeActionsCache } from '../support/stores/actions-cache.js'
import { describeWith, tool } from '../support/tools.js'

/** GitHub's own client of the cache against our fake of it: what it asks is what the fake takes, so that the fake may judge ours. */
describeWith('actions-cache')('the fake of the Actions cache, asked by GitHub’s own client', () => {
  const scratch = new Scratch('wf-actions-cache-')
  let fake: FakeActionsCache
  beforeAll(async () => void (fake = await fakeActionsCache()))
  afterAll(async () => {
    await fake.close()
    scratch.remove()
  })

  /** What a line of the client's says, in a folder of its own. */
  async function ask(line: string, files: Record<string, string> = {}): Promise<string> {
    const folder = scratch.folderWith(undefined, files)
    mkdirSync(join(folder, 'temp'))
    const client = pathToFileURL(tool('actions-cache')).href
    const script = `import * as cache from '${client}'; console.log('said ' + JSON.stringify(${line} ?? null))`
    writeFileSync(join(folder, 'ask.mjs'), script)
    const env = {
      PATH: process.env['PATH'] ?? '',
      RUNNER_TEMP: join(folder, 'temp'),
      GITHUB_WORKSPACE: folder,
      GITHUB_SERVER_URL: 'https://github.com',
      ACTIONS_CACHE_SERVICE_V2: 'true',
      ACTIONS_RESULTS_URL: fake.url,
      ACTIONS_RUNTIME_TOKEN: fake.token,
    }
    const { code, stdout, stderr } = await endOf(spawn(process.execPath, ['ask.mjs'], { cwd: folder, env }))
    expect([code, stderr]).toEqual([0, ''])
    if (line.includes('restore') && stdout.includes('said "'))
      expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('kept')
    return (
      stdout
        .split('\n')
        .findLast((one) => one.startsWith('said '))
        ?.slice(5) ?? stdout
    )
  }

  test('saves and restores, by key and by the newest of a prefix', async () => {
    expect(await ask(`await cache.restoreCache(['out.txt'], 'k-1', ['k-'])`)).toBe('null')
    expect(Number(await ask(`await cache.saveCache(['out.txt'], 'k-1')`, { 'out.txt': 'kept' }))).toBeGreaterThan(0)
    expect(Number(await ask(`await cache.saveCache(['out.txt'], 'k-2')`, { 'out.txt': 'kept' }))).toBeGreaterThan(0)
    expect(await ask(`await cache.restoreCache(['out.txt'], 'k-1', ['k-'])`)).toBe('"k-1"')
    expect(await ask(`await cache.restoreCache(['out.txt'], 'k-3', ['k-'])`)).toBe('"k-2"')
    expect(fake.entries.map(({ key }) => key)).toEqual(['k-1', 'k-2'])
    expect(fake.mistakes).toEqual([])
  })
})
