import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from '../../src/trigger/event.js'
import { change, runIn, shell } from '../support/real-run.js'
import { Scratch } from '../support/scratch.js'
import { fakeActionsCache } from '../support/stores/actions-cache.js'
import type { FakeActionsCache } from '../support/stores/actions-cache.js'
import { fakeRedis } from '../support/stores/redis.js'
import { fakeS3, s3Keys, s3Region } from '../support/stores/s3.js'
import { resultsIn, rewrite, spoil } from '../support/stores/stored.js'

/** The real engine over each store, as a job of GitHub runs it: what is found again by whom, and what a broken store changes. */
const scratch = new Scratch('wf-cache-stores-')
afterAll(() => scratch.remove())
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Two steps that count their runs beside the repository; the second fails where a file says so. */
async function repository(cache: string, files: Record<string, string> = {}): Promise<string> {
  const folder = await scratch.repositoryWith(undefined, {
    '.gitignore': 'out/\n.wf/\n.shared/\n',
    'src/a.txt': 'one\n',
    '.github/wf.yml': `version: 1
name: t
on: { push: build, pull_request: build, merge_group: build, schedule: build, workflow_dispatch: build }
cache: ${cache}
stages:
  build:
    steps:
      join:
        run: mkdir -p out; cat src/a.txt > out/all.txt; echo "told CANARY-$(cat src/a.txt)"; echo answer=CANARY-out >> $GITHUB_OUTPUT
        cache: { inputs: [src/], outputs: [out/] }
      after: { needs: join, run: test ! -e fail }
`,
    ...files,
  })
  shell(folder, 'git remote add origin "$PWD"; git fetch --quiet; git remote set-head origin main')
  return folder
}

const repo = { full_name: 'me/shop', default_branch: 'main' }
const push = (branch = 'main'): Event => ({
  name: 'push',
  payload: { ref: `refs/heads/${branch}`, repository: repo },
  ref: `refs/heads/${branch}`,
})
const pull = (number = 7): Event => ({
  name: 'pull_request',
  payload: {
    number,
    repository: repo,
    pull_request: { head: { ref: 'x', repo: { full_name: 'me/shop' } }, base: { ref: 'main' } },
  },
  ref: `refs/pull/${number}/merge`,
})

/** The event with the commits that are checked out. */
function at(folder: string, { payload, ...event }: Event): Event {
  const sha = shell(folder, 'git rev-parse HEAD').trim()
  const { pull_request: pull, merge_group: group, ...rest } = payload
  const both = (one: unknown): Record<string, unknown> => one as Record<string, Record<string, unknown>>
  const parts = {
    ...(pull
      ? {
          pull_request: {
            ...both(pull),
            head: { ...both(both(pull)['head']), sha },
            base: { ...both(both(pull)['base']), sha },
          },
        }
      : {}),
    ...(group ? { merge_group: { ...both(group), head_sha: sha, base_sha: sha } } : {}),
  }
  const of = { push: { after: sha, head_commit: { id: sha } } }[event.name as string] ?? {}
  return { ...event, payload: { ...rest, ...of, ...parts } as Event['payload'], sha }
}

/** What a job of this event says of the step: a hit, or why it ran. Nothing of an earlier job is on its machine. */
async function job(folder: string, event: Event | undefined, options: Parameters<typeof runIn>[1] = {}) {
  rmSync(join(folder, 'out'), { recursive: true, force: true })
  const ended = await runIn(folder, {
    ...(event ? { event: at(folder, event), onRunner: true } : {}),
    target: 'build',
    home: join(scratch.root, `home-${Math.random()}`),
    ...options,
  })
  const { cache } = ended.step('build/join')
  expect(readFileSync(join(folder, 'out/all.txt'), 'utf8')).toBe('one\n')
  return { ...ended, said: cache?.hit ? 'hit' : cache?.why }
}

const secrets = { AWS_ACCESS_KEY_ID: s3Keys.id, AWS_SECRET_ACCESS_KEY: s3Keys.secret, REDIS_PASSWORD: 'letmein-please' }
const none = ['nothing is stored of it yet']

/** Each store with its part of the workflow file. */
const stores = {
  folder: async () => ({ cache: '{ store: folder, folder: .shared }', options: {} }),
  s3: async () => {
    const fake = await fakeS3('bucket')
    closing.push(() => fake.close())
    const cache = `{ store: s3, s3: { bucket: bucket, endpoint: '${fake.url}', region: ${s3Region} } }`
    return { cache, options: { secrets } }
  },
  redis: async () => {
    const fake = await fakeRedis('letmein-please')
    closing.push(() => fake.close())
    return { cache: `{ store: redis, redis: { url: 'redis://127.0.0.1:${fake.port}/3' } }`, options: { secrets } }
  },
}

describe.each(Object.keys(stores) as (keyof typeof stores)[])('%s, which all runs share', (kind) => {
  test('a hit on another machine, and the default branch believes no pull request', async () => {
    const { cache, options } = await stores[kind]()
    const folder = await repository(cache)
    expect((await job(folder, pull(7), options)).said).toEqual(none)
    expect((await job(folder, pull(7), options)).said).toBe('hit')
    expect((await job(folder, pull(8), options)).said).toEqual(none)
    expect((await job(folder, push('main'), options)).said).toEqual(none)
    expect((await job(folder, push('feature'), options)).said).toBe('hit')
    expect((await job(folder, pull(9), options)).said).toBe('hit')
    // A clone on a laptop knows the repository by its address.
    shell(folder, 'git remote set-url origin https://example.invalid/me/shop.git')
    expect((await job(folder, undefined, options)).said).toBe('hit')
  })
})

describe('whose results are believed', () => {
  const shared = '{ store: folder, folder: .shared }'
  const scopes = async (folder: string): Promise<string[]> =>
    (await resultsIn(join(folder, '.shared')))
      .flatMap(({ name }) => /[0-9a-f]{64}-[0-9a-f]{32}-(.+)$/.exec(name)?.[1] ?? [])
      .sort()

  test.each<[string, Event, RegExp]>([
    ['a push to the default branch', push(), /^trusted$/],
    ['a tag', { ...push(), ref: 'refs/tags/v1', payload: { ref: 'refs/tags/v1', repository: repo } }, /^trusted$/],
    ['another branch', push('feature'), /^branch-[0-9a-f]{12}$/],
    ['a pull request', pull(), /^pull-7$/],
    ['a push where the default branch is not known', { ...push(), payload: { ref: 'refs/heads/main' } }, /^branch-/],
    ['a schedule', { name: 'schedule', payload: { schedule: '0 0 * * *' }, ref: 'refs/heads/main' }, /^trusted$/],
    [
      'a call on another branch',
      {
        name: 'workflow_dispatch',
        payload: { inputs: {}, workflow: 'w', repository: repo },
        ref: 'refs/heads/feature',
      },
      /^branch-/,
    ],
    [
      'a merge group of the default branch',
      {
        name: 'merge_group',
        payload: {
          merge_group: { base_ref: 'refs/heads/main', head_ref: 'refs/heads/gh-readonly-queue/main/pr-7' },
          repository: repo,
        },
        ref: 'refs/heads/gh-readonly-queue/main/pr-7',
      },
      /^trusted$/,
    ],
  ])('%s', async (_, event, expected) => {
    const folder = await repository(shared)
    await job(folder, event)
    expect(await scopes(folder)).toEqual([expect.stringMatching(expected)])
  })

  test('on a laptop, whatever event it is given', async () => {
    const folder = await repository(shared)
    await job(folder, push(), { onRunner: false })
    expect(await scopes(folder)).toEqual(['local'])
    expect((await job(folder, push())).said).toEqual(none)
  })

  test('nobody’s, where git tracks files in the folder: a change could bring its own', async () => {
    const folder = await repository(shared)
    await job(folder, undefined)
    shell(folder, 'git add --force .shared')
    const { said, outcome } = await job(folder, undefined)
    expect(said).toEqual([
      'the cache (folder) fails: git tracks files in .shared, so that a change could bring results of its own',
    ])
    expect(outcome.verdict).toBe('pass')
  })

  test('an entry of a pull request under the name of the default branch is found out', async () => {
    const folder = await repository('{ store: folder, folder: .shared, sign: CACHE_KEY }')
    const options = { secrets: { CACHE_KEY: 'a key of ours' } }
    await job(folder, pull(), options)
    rewrite(join(folder, '.shared'), (record) => [
      record,
      { ...record, name: record.name.replace(/pull-7$/, 'trusted') },
    ])
    expect((await job(folder, push(), options)).said).toEqual(['the entry is not one of trusted'])
  })
})

describe('signed and encrypted', () => {
  const signed = '{ store: folder, folder: .shared, sign: CACHE_KEY }'
  const sealed = '{ store: folder, folder: .shared, encrypt: CACHE_SECRET }'
  const all = (folder: string): string[] =>
    readdirSync(join(folder, '.shared'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))

  test('what another key signed, or none, is not believed', async () => {
    const folder = await repository(signed)
    const options = (key: string) => ({ secrets: { CACHE_KEY: key } })
    await job(folder, push(), options('the first key'))
    expect((await job(folder, push(), options('the first key'))).said).toBe('hit')
    expect((await job(folder, push(), options('another key'))).said).toEqual(['the entry is not signed with this key'])
  })

  test('without the secret nothing is cached, and it is said', async () => {
    const folder = await repository(signed)
    const { outcome, said, folder: run } = await job(folder, push())
    expect([said, outcome.verdict]).toEqual([undefined, 'pass'])
    expect(readFileSync(join(run, 'journal.jsonl'), 'utf8').split('\n')[0]).toContain('run.started')
    expect(outcome.notes).toContain(
      'nothing is cached: `cache.sign` names CACHE_KEY, and there is no secret or variable of this name',
    )
    expect(existsSync(join(folder, '.shared'))).toBe(false)
  })

  test('nothing of a step can be read in an encrypted store', async () => {
    const folder = await repository(sealed, { 'src/secretname.txt': 'CANARY-in' })
    const options = { secrets: { CACHE_SECRET: 'a secret of ours' } }
    await job(folder, push(), options)
    change(folder, { 'src/secretname.txt': 'CANARY-other' })
    expect((await job(folder, push(), options)).said).toEqual(['the file src/secretname.txt changed'])
    expect((await job(folder, push(), options)).said).toBe('hit')
    const contents = all(folder).map((path) => readFileSync(path, 'latin1'))
    expect((await resultsIn(join(folder, '.shared'))).length).toBe(2)
    for (const text of contents) expect(text).not.toMatch(/CANARY|secretname|out\/all|join|one\n/)
    expect((await job(folder, push(), { secrets: { CACHE_SECRET: 'some other secret' } })).said).toEqual([
      'the entry is damaged',
    ])
  })

  test.each(['encrypted', 'plain'] as const)('what lies in any store is %s as it was asked', async (how) => {
    const [actions, s3, redis] = [await fakeActionsCache(), await fakeS3('bucket'), await fakeRedis('letmein-please')]
    closing.push(
      () => actions.close(),
      () => s3.close(),
      () => redis.close(),
    )
    const more = how === 'encrypted' ? ', encrypt: CACHE_SECRET' : ''
    const options = {
      secrets: { ...secrets, CACHE_SECRET: 'a secret of ours' },
      cacheService: { url: actions.url, token: actions.token, reads: true, writes: true },
    }
    for (const cache of [
      `{ store: github${more} }`,
      `{ store: s3, s3: { bucket: bucket, endpoint: '${s3.url}', region: ${s3Region} }${more} }`,
      `{ store: redis, redis: { url: 'redis://127.0.0.1:${redis.port}' }${more} }`,
    ]) {
      const folder = await repository(cache)
      await job(folder, push(), options)
      expect((await job(folder, push(), options)).said).toBe('hit')
    }
    for (const kept of [actions.entries, [...s3.objects.values()], [...redis.values.values()]]) {
      const text = kept.map(({ bytes }) => bytes.toString('latin1')).join('')
      expect(/CANARY|src\/a\.txt|out\/all|build\/join/.test(text)).toBe(how === 'plain')
    }
  })

  test.each([0, 99_999])('an encrypted entry with %i bytes more that was tampered with is damaged', async (more) => {
    const folder = await repository(sealed, { 'src/more.txt': 'x'.repeat(more) })
    const store = join(folder, '.shared')
    shell(folder, `sed -i 's,; echo answer,; cat src/more.txt > out/more; echo answer,' .github/wf.yml`)
    const options = { secrets: { CACHE_SECRET: 'a secret of ours' } }
    for (const at of [3, 20, 60, -20, -1]) {
      await job(folder, push(), options)
      const tamper = (bytes: Buffer): Buffer => {
        const i = at < 0 ? bytes.length + at : at
        bytes[i] = (bytes[i] ?? 0) ^ 1
        return bytes
      }
      spoil(store, tamper)
      for (const path of all(folder)) if (!path.includes('segments')) writeFileSync(path, tamper(readFileSync(path)))
      expect((await job(folder, push(), options)).said).toEqual(['the entry is damaged'])
    }
  })
})

describe('the cache of GitHub Actions', () => {
  const service = (fake: FakeActionsCache, more = {}) => ({
    cacheService: { url: fake.url, token: fake.token, reads: true, writes: true, ...more },
  })
  const open = async (): Promise<FakeActionsCache> => {
    const fake = await fakeActionsCache()
    closing.push(() => fake.close())
    return fake
  }

  test('is used on a runner without a word in the file: one pack and one index, although a step failed', async () => {
    const fake = await open()
    const folder = await repository('{ max-age: 7d }', { fail: '' })
    const first = await job(folder, push(), service(fake))
    expect([first.said, first.outcome.verdict]).toEqual([none, 'fail'])
    expect(fake.entries.map(({ key }) => key.replace(/^wf-cache-.*-(pack|index)-.*$/, '$1'))).toEqual(['pack', 'index'])
    rmSync(join(folder, 'fail'))
    const second = await job(folder, push(), service(fake))
    expect([second.said, second.outcome.verdict, fake.entries.length]).toEqual(['hit', 'pass', 2])
    expect(fake.mistakes).toEqual([])
  })

  test('a pull request finds what the default branch stored, and not the other way about', async () => {
    const fake = await open()
    const folder = await repository('github')
    fake.scope = 'refs/pull/7/merge'
    await job(folder, pull(), service(fake))
    fake.scope = 'refs/heads/main'
    expect((await job(folder, push(), service(fake))).said).toEqual(none)
    fake.scope = 'refs/pull/8/merge'
    expect((await job(folder, pull(8), service(fake))).said).toBe('hit')
  })

  test('what GitHub takes for the default branch’s and is not trusted is not believed', async () => {
    const fake = await open()
    const folder = await repository('github')
    await job(folder, { ...push(), payload: { ref: 'refs/heads/main' } }, service(fake))
    expect((await job(folder, push(), service(fake))).said).toEqual(['the entry is not one of trusted'])
    expect((await job(folder, push(), service(fake))).said).toBe('hit')
  })

  test('a pull request finds what the branch stored that it goes to', async () => {
    const fake = await open()
    const folder = await repository('github')
    await job(folder, push('develop'), service(fake))
    const event = pull()
    Object.assign(event.payload['pull_request'] as object, { base: { ref: 'develop' } })
    expect((await job(folder, event, service(fake))).said).toBe('hit')
    expect((await job(folder, pull(8), service(fake))).said).not.toBe('hit')
  })

  test('an index outlives the packs that GitHub took away', async () => {
    const fake = await open()
    const folder = await repository('github')
    await job(folder, push(), service(fake))
    fake.entries = fake.entries.filter(({ key }) => key.includes('index'))
    expect((await job(folder, push(), service(fake))).said).toEqual(none)
    expect((await job(folder, push(), service(fake))).said).toBe('hit')
  })

  test('a job that may only read stores nothing, and says so', async () => {
    const fake = await open()
    const folder = await repository('github')
    const { step } = await job(folder, push(), service(fake, { writes: false }))
    expect(step('build/join').cache).toMatchObject({ left: 'this job may not write to the cache' })
    expect(fake.entries).toEqual([])
  })

  test('elsewhere it is off, and that is noted once', async () => {
    const folder = await repository('github')
    const { outcome, said } = await job(folder, undefined)
    expect([said, outcome.verdict]).toEqual([undefined, 'pass'])
    expect(outcome.notes).toContain(
      'nothing is cached: the cache of GitHub Actions is there only for the action, in a job on GitHub without a proxy',
    )
  })

  test.each(['reset', 'garbage', 'other-bytes', { status: 507 }, { status: 429 }] as const)(
    'with %j the run goes on, and its verdict is that of its steps',
    async (fault) => {
      const fake = await open()
      const folder = await repository('github')
      await job(folder, push(), service(fake))
      fake.fault = fault
      const { outcome, said } = await job(folder, push(), service(fake))
      expect([outcome.verdict, said === 'hit']).toEqual(['pass', false])
      expect(fake.asked.length).toBeLessThan(30)
    },
  )
})

test('a store that nobody listens at is told, and the run goes on', async () => {
  const folder = await repository(`{ store: redis, redis: { url: 'redis://127.0.0.1:1' }, timeout: 5s }`)
  const { outcome, said } = await job(folder, push())
  expect(outcome.verdict).toBe('pass')
  expect(said).toEqual(['the cache (redis) fails: 127.0.0.1 refused the connection'])
  expect(outcome.notes.filter((note) => note.includes('redis'))).toEqual([
    'the cache (redis) fails: 127.0.0.1 refused the connection',
  ])
})
