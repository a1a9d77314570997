import { describe, expect, test } from '@jest/globals'
import type { ShardAssigned } from '../../src/journal/events.js'
import { walk } from '../support/walk.js'
import type { Packs, Walk, Walked } from '../support/walk.js'

const stage = (more: string): string => `test: { ${more}, steps: [{ id: unit, run: unit }] }`
const tests = ['t/a.test.js', 't/b.test.js', 't/c.test.js', 't/d.test.js', 't/e.test.js']
const tree = Object.fromEntries(['src/main.js', ...tests].map((name) => [name, '']))

/** Walks a sharded stage, and tells by address what each of its instances ran. */
async function walkShards(text: string, options: Walk = {}): Promise<Walked & { lists: Record<string, string> }> {
  const lists: Record<string, string> = {}
  const done = await walk(text, {
    files: tree,
    tracked: Object.keys(tree),
    scripts: ({ memory }) => ({
      unit: {
        does: ({ env }) => {
          lists[env['WF_INSTANCE'] ?? ''] = memory.readText(env['WF_SHARD_FILES'] ?? '/none') ?? 'no list'
        },
      },
    }),
    ...options,
  })
  return { ...done, lists }
}
const assigned = ({ events }: Walked): ShardAssigned[] => events.filter((event) => event.type === 'shard.assigned')
const reasonOf = ({ outcome }: Walked, address: string): string | undefined =>
  outcome.stages.flatMap(({ instances }) => instances).find((one) => one.address === address)?.reason

describe('the instances of a stage with shards', () => {
  test('share the test files that git tracks, each with its list in a file', async () => {
    const done = await walkShards(stage('shard: 2'), { files: { ...tree, 't/new.test.js': '' } })
    expect(done.lists).toEqual({
      'test[shard=1]': 't/a.test.js\nt/c.test.js\nt/e.test.js\n',
      'test[shard=2]': 't/b.test.js\nt/d.test.js\n',
    })
    expect(done.started.map(({ env }) => [env['WF_SHARD'], env['WF_SHARDS']])).toEqual([
      ['1', '2'],
      ['2', '2'],
    ])
    expect(done.exit).toBe(0)
  })

  test('share what the globs name, of all files where there is no repository', async () => {
    const globs = "files: ['t/*', '!t/e*', 'src/*.js']"
    const done = await walk(stage(`shard: { total: 2, ${globs} }`), { files: tree })
    expect(assigned(done).map(({ files }) => files)).toEqual([
      ['src/main.js', 't/b.test.js', 't/d.test.js'],
      ['t/a.test.js', 't/c.test.js'],
    ])
  })

  test('leave out what is tracked and was taken away', async () => {
    const done = await walkShards(stage('shard: 2'), { tracked: [...Object.keys(tree), 't/gone.test.js'] })
    expect(assigned(done).flatMap(({ files }) => files)).not.toContain('t/gone.test.js')
  })

  test('split alike for each combination of the matrix', async () => {
    const done = await walkShards(stage('matrix: { node: [20, 24] }, shard: 2'))
    expect(done.lists['test[node=24,shard=2]']).toBe(done.lists['test[node=20,shard=2]'])
    expect(Object.keys(done.lists)).toHaveLength(4)
    expect(new Set(assigned(done).map(({ split }) => split)).size).toBe(1)
  })

  test('see their list in a clean environment and in a step whose result is kept', async () => {
    const clean = await walkShards(stage('shard: 2, env: clean'))
    expect(clean.lists['test[shard=1]']).toContain('t/a.test.js')
    const cached = 'test: { shard: 2, steps: [{ id: unit, run: unit, cache: { inputs: [src/**] } }] }'
    expect((await walkShards(cached)).lists['test[shard=1]']).toContain('t/a.test.js')
  })

  test('have nothing to do without a file, and that is a success', async () => {
    const done = await walkShards(stage('shard: 7'))
    expect(done.status).toMatchObject({ test: 'success', 'test[shard=5]': 'success', 'test[shard=6]': 'success' })
    expect(reasonOf(done, 'test[shard=6]')).toBe('no files for this shard')
    expect(done.started).toHaveLength(5)
    expect(done.exit).toBe(0)
  })

  test('without a file are no lack of evidence where each instance is judged', async () => {
    const text = `test:
  shard: 6
  steps: [{ id: unit, run: unit, reports: report.xml }]
  gates: { tests: { pass-rate: 100%, per-instance: true } }`
    const done = await walkShards(text, {
      scripts: (files) => ({
        unit: {
          does: () => files.write('report.xml', '<testsuite name="s"><testcase name="a" time="1"/></testsuite>'),
        },
      }),
    })
    expect(done.exit).toBe(0)
  })

  test('fail where the globs match nothing, and say so', async () => {
    const done = await walkShards(stage("shard: { total: 2, files: 'spec/**' }"))
    expect(done.exit).toBe(1)
    expect(reasonOf(done, 'test[shard=1]')).toBe('the globs of `shard` match no file: spec/**')
    expect(done.started).toEqual([])
  })

  test('fail for a name that no list of lines can hold', async () => {
    const files = { ...tree, 't/x\ny.test.js': '' }
    const done = await walkShards(stage('shard: 2'), { files, tracked: Object.keys(files) })
    expect(reasonOf(done, 'test[shard=1]')).toBe('a list of files cannot hold "t/x\\ny.test.js": rename it')
  })

  test('are given no name that a program would take for an option', async () => {
    const files = { '--config=x.test.js': '' }
    const done = await walkShards(stage('shard: 2'), { files, tracked: Object.keys(files) })
    expect(done.lists['test[shard=1]']).toBe('./--config=x.test.js\n')
  })
})

describe('several machines', () => {
  const text = `${stage('shard: 2')}\nlater: { needs: test, steps: [{ run: later }] }`
  const instance = (of: string, more: Walk = {}): Promise<Walked> =>
    walkShards(text, { part: { part: 'instance', of }, ...more })
  const verdict = (...from: readonly Walked[]): Promise<Walked> =>
    walkShards(text, { part: { part: 'verdict', packs: Object.assign({}, ...from.map(({ left }) => left)) as Packs } })

  test('split the files as one does', async () => {
    const parts = [await instance('test[shard=1]'), await instance('test[shard=2]')]
    const whole = await walkShards(text)
    expect(parts.flatMap(assigned)).toEqual(assigned(whole))
    const later = await instance('later', {
      part: { part: 'instance', of: 'later', packs: Object.assign({}, ...parts.map(({ left }) => left)) as Packs },
    })
    expect((await verdict(...parts, later)).outcome.verdict).toBe('pass')
  })

  test('that split them differently have not run them all, whatever each of them says', async () => {
    const other = { files: { ...tree, 't/0.test.js': '' }, tracked: [...Object.keys(tree), 't/0.test.js'] }
    const parts = [await instance('test[shard=1]'), await instance('test[shard=2]', other)]
    const done = await verdict(...parts)
    expect(done.status['test']).toBe('failure')
    expect(done.outcome.stages.find(({ id }) => id === 'test')?.reason).toBe(
      'test[shard=1] and test[shard=2] split the test files differently, so that some may have run nowhere: run all of `test` again (on GitHub: re-run all jobs)',
    )
    expect(done.outcome.verdict).toBe('fail')
  })
})
