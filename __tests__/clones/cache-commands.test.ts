import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cache } from '../../src/cli/cache.js'
import type { Command } from '../../src/cli/command.js'
import { why } from '../../src/cli/why.js'
import { hostPorts } from '../../src/host/index.js'
import { CaptureTerminal } from '../support/ports.js'
import { change, runIn } from '../support/real-run.js'
import { Scratch } from '../support/scratch.js'
import { fakeRedis } from '../support/stores/redis.js'

/** `wf why` and `wf cache` over what real runs left. */
const scratch = new Scratch('wf-cache-commands-')
afterAll(() => scratch.remove())

const file = (cache: string): string => `version: 1
name: t
cache: ${cache}
stages:
  build:
    matrix: { node: [20, 24] }
    steps:
      join:
        run: mkdir -p out; cat src/a.txt > out/all.txt
        cache: { inputs: [src/], outputs: [out/all.txt] }
      other: { needs: join, run: echo x > out/other, cache: { inputs: [src/], outputs: [out/never] } }
      plain: { needs: join, run: 'true' }
  fails:
    needs: build
    steps:
      bad: { run: exit 3, cache: { inputs: [src/] } }
      after: { needs: bad, run: 'true', cache: { inputs: [src/] } }
`
const repository = (cache = '{}'): Promise<string> =>
  scratch.repositoryWith(undefined, {
    '.gitignore': 'out/\n.wf/\n',
    'src/a.txt': 'one\n',
    '.github/wf.yml': file(cache),
  })

async function call(command: Command, folder: string, ...args: string[]) {
  const terminal = new CaptureTerminal()
  const code = await command.run(args, { ports: { ...hostPorts(), terminal }, cwd: folder })
  return { code, out: terminal.outText.trimEnd(), err: terminal.errText }
}
const step = (id: string, node = 20): string => `build[node=${node}]/${id}`

describe('wf why', () => {
  let folder: string
  const runs: string[] = []
  const told = async (id: string, ...args: string[]): Promise<string[]> => {
    const { code, out, err } = await call(why, folder, id.includes('/') ? id : step(id), ...args)
    expect([code, err]).toEqual([0, ''])
    return out.split('\n').map((line) => line.trim())
  }
  beforeAll(async () => {
    folder = await repository()
    for (const text of ['one\n', 'two\n', 'two\n']) {
      change(folder, { 'src/a.txt': text })
      runs.push((await runIn(folder)).outcome.run.id)
    }
  })

  test('a hit, and what it saved', async () => {
    expect(await told('join')).toEqual([
      `${step('join')} in run ${runs[2]}, succeeded`,
      expect.stringMatching(/^it was taken from the cache, which saved \d+ms: all that decides about it is as it was$/),
    ])
  })

  test('a miss, why, and that its result was kept', async () => {
    expect(await told('join', '--run', runs[1] ?? '')).toEqual([
      `${step('join')} in run ${runs[1]}, succeeded`,
      'it ran, and was not taken from the cache:',
      'the file src/a.txt changed',
      expect.stringMatching(/^its result was kept \(.+\)$/),
    ])
  })

  test('why a result was not kept', async () => {
    expect(await told('other')).toContain('its result was not kept: it did not write out/never')
    expect(await told('fails/bad')).toContain('its result was not kept: only successes are')
  })

  test('why the cache was not asked', async () => {
    expect((await told('plain')).slice(1)).toEqual([
      'the cache was not asked:',
      expect.stringContaining('declares no `cache`'),
    ])
    expect((await told('fails/after')).slice(1, 2)).toEqual(['the cache was not asked:'])
    const { outcome } = await runIn(folder, { noCache: true })
    expect(await told('join', '--run', outcome.run.id)).toContain(
      'the run was asked for `--no-cache`, or `cache` was `off`',
    )
  })

  test('as JSON, for an attempt too', async () => {
    const { out } = await call(why, folder, `${step('join')}#1`, '--run', runs[1] ?? '', '--json')
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      run: runs[1],
      step: step('join'),
      answer: 'miss',
      why: ['the file src/a.txt changed'],
      kept: { bytes: expect.any(Number) },
    })
  })

  test('what is not there is told with what is meant', async () => {
    const asked = async (...args: string[]) => {
      const { code, err } = await call(why, folder, ...args)
      return `${code} ${err.replaceAll(/\s+/g, ' ')}`
    }
    expect(await asked('build[node=20]/jion')).toContain('2 error: the run has no step `build[node=20]/jion`')
    expect(await asked('build[node=20]/jion')).toContain('did you mean `build[node=20]/join`?')
    expect(await asked('build')).toContain('`build` is no step [no-step] hint: its steps are `build[node=20]/join`')
    expect(await asked(step('join'), '--run', 'x')).toContain(`there is no run \`x\``)
    expect(await asked()).toContain('say which step')
    expect(await asked('x', '--dir', 'src')).toContain('nothing was run here yet')
  })
})

describe('wf cache', () => {
  test('lists, prunes and clears what runs stored', async () => {
    const folder = await repository('{ max-age: 7d }')
    await runIn(folder)
    expect((await call(cache, folder, 'list')).out.split('\n')).toEqual([
      expect.stringMatching(/^2 results and 2 manifests, .+, in \.wf\/cache \(folder\)$/),
      expect.stringMatching(
        /^ {2}build\[node=\d+\]\/join {2}(?:\d+ bytes|[\d.]+ KB) {2}used (?:just now|\S.*) {2}local$/,
      ),
      expect.stringMatching(
        /^ {2}build\[node=\d+\]\/join {2}(?:\d+ bytes|[\d.]+ KB) {2}used (?:just now|\S.*) {2}local$/,
      ),
    ])
    const { out } = await call(cache, folder, 'list', '--step', step('join'), '--json')
    const listed = JSON.parse(out) as { entries: { step: string; bytes: number }[]; bytes: number }
    expect(listed).toMatchObject({ version: 1, action: 'list', store: 'folder', where: '.wf/cache' })
    expect(listed.entries.map((entry) => entry.step)).toEqual([step('join'), step('join')])
    expect(listed.bytes).toBe(listed.entries.reduce((sum, { bytes }) => sum + bytes, 0))
    expect((await call(cache, folder, 'prune')).out).toBe('taken out: nothing in .wf/cache (folder)')
    expect((await call(cache, folder, 'clear', '--step', step('join', 24))).out).toMatch(
      /^taken out: 1 result and 1 manifest, /,
    )
    expect((await call(cache, folder, 'list')).out).toMatch(/^1 result and 1 manifest, /)
    expect((await runIn(folder)).step(step('join', 24)).cache).toMatchObject({ hit: false })
    expect((await call(cache, folder, 'clear')).out).toMatch(/^taken out: 2 results and 2 manifests, /)
    expect((await call(cache, folder, 'list')).out).toBe('nothing in .wf/cache (folder)')
  })

  test('takes out what the limits of the file do not allow', async () => {
    const folder = await repository('{ max-size: 100GB }')
    await runIn(folder)
    change(folder, { '.github/wf.yml': file('{ max-size: 1KB }') })
    expect((await call(cache, folder, 'prune')).out).toMatch(/^taken out: .+, [0-9.]+ (KB|bytes), in /)
  })

  test('shows what is stored of steps that are no more', async () => {
    const folder = await repository()
    await runIn(folder)
    change(folder, { '.github/wf.yml': file('{}').replaceAll('join', 'merge') })
    expect((await call(cache, folder, 'list')).out).toContain('(a step that the file does not have)')
  })

  test('works on any store', async () => {
    const fake = await fakeRedis('letmein-please')
    const folder = await repository(
      `{ store: redis, redis: { url: 'redis://127.0.0.1:${fake.port}', password: WF_TEST_PASS } }`,
    )
    process.env['WF_TEST_PASS'] = 'letmein-please'
    try {
      await runIn(folder)
      expect((await call(cache, folder, 'list')).out).toMatch(
        /^2 results and 2 manifests, .+, in redis at 127\.0\.0\.1:\d+ \(redis\)/,
      )
      await call(cache, folder, 'clear')
      expect(fake.values.size).toBe(0)
      fake.fault = 'reset'
      await expect(call(cache, folder, 'list')).rejects.toThrow('closed the connection')
    } finally {
      delete process.env['WF_TEST_PASS']
      await fake.close()
    }
  })

  test('what cannot be done is told', async () => {
    const folder = await repository('github')
    const said = async (...args: string[]) => {
      const { code, err } = await call(cache, folder, ...args)
      return `${code} ${err}`
    }
    expect(await said('list')).toContain('2 error: GitHub keeps the cache of Actions and prunes it itself')
    expect(await said('lst')).toContain('`wf cache lst` is none of its commands')
    expect(await said()).toContain('say what to do with the cache')
    expect(await said('list', '--step', 'build[node=20]/jion')).toContain('did you mean `build[node=20]/join`?')
    change(folder, { '.github/wf.yml': file('off') })
    expect(await said('list')).toContain('the file says `cache: off`')
    change(folder, { '.github/wf.yml': file('{ sign: NOT_THERE_KEY }') })
    expect(await said('list')).toContain('`cache.sign` names NOT_THERE_KEY')
  })
})
