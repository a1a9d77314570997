import { describe, expect, test } from '@jest/globals'
import type { JournalEvent, JournalLine, ShardAssigned } from '../../src/journal/events.js'
import { foldFileSeconds, splitApart, splitIn } from '../../src/journal/shards.js'

const linesOf = (...events: JournalEvent[]): JournalLine[] =>
  events.map((event, seq) => ({ version: 1, seq, at: 0, previous: '', event }))
const assigned = (shard: number, files: string[], more: Partial<ShardAssigned> = {}): ShardAssigned => ({
  type: 'shard.assigned',
  stage: 'test',
  instance: `test[shard=${shard}]`,
  shard,
  shards: 2,
  files,
  split: 'one',
  ...more,
})
/** What a step reports of the times of files. */
const reported = (step: string, attempt: number, times: Record<string, number>): JournalEvent => {
  const cases = Object.entries(times).map(([file, duration_s]) => ({
    name: `${file} works`,
    file,
    duration_s,
    status: 'passed' as const,
  }))
  const counts = { tests: cases.length, passed: cases.length, failed: 0, errors: 0, skipped: 0, flaky: 0, suites: 1 }
  const evidence = { kind: 'tests' as const, ...counts, duration_s: 0, cases, cases_omitted: 0 }
  return { type: 'report.read', step, attempt, report: { path: 'r.xml', evidence, problems: [] } as never }
}

describe('what the files of shards took', () => {
  const seconds = (...events: JournalEvent[]): unknown =>
    Object.fromEntries([...foldFileSeconds(linesOf(...events))].map(([stage, all]) => [stage, Object.fromEntries(all)]))

  test('is told by the reports of all instances, files of others left out', () => {
    expect(
      seconds(
        assigned(1, ['a.js']),
        reported('test[shard=1]/unit', 1, { 'a.js': 2, 'other.js': 9 }),
        assigned(2, ['b.js']),
        reported('test[shard=2]/unit', 1, { 'b.js': 3 }),
        reported('build/unit', 1, { 'a.js': 100 }),
      ),
    ).toEqual({ test: { 'a.js': 2, 'b.js': 3 } })
  })

  test('is what the last attempt took that ran them, of all steps of an instance together', () => {
    expect(
      seconds(
        assigned(1, ['a.js', 'b.js']),
        reported('test[shard=1]/unit', 1, { 'a.js': 9, 'b.js': 3 }),
        reported('test[shard=1]/unit', 2, { 'a.js': 2 }),
        reported('test[shard=1]/e2e', 1, { 'a.js': 5 }),
      ),
    ).toEqual({ test: { 'a.js': 7, 'b.js': 3 } })
  })

  test('is the mean of the combinations of a matrix', () => {
    expect(
      seconds(
        assigned(1, ['a.js'], { instance: 'test[node=20,shard=1]' }),
        reported('test[node=20,shard=1]/unit', 1, { 'a.js': 2 }),
        assigned(1, ['a.js'], { instance: 'test[node=24,shard=1]' }),
        reported('test[node=24,shard=1]/unit', 1, { 'a.js': 4 }),
      ),
    ).toEqual({ test: { 'a.js': 3 } })
  })

  test('is unknown where the reports do not tell of files, and no matter where there are no shards', () => {
    expect(seconds(assigned(1, ['a.js']), reported('test[shard=1]/unit', 1, { 'x.js': 1 }))).toEqual({ test: {} })
    expect(seconds(reported('test/unit', 1, { 'a.js': 1 }))).toEqual({})
  })
})

describe('instances of a stage', () => {
  const whole = linesOf(assigned(1, ['a.js']), assigned(2, ['b.js']))

  test('agree where they tell one split, whatever those of another stage tell', () => {
    expect(splitApart(whole, 'test')).toBeUndefined()
    expect(
      splitApart(linesOf(assigned(1, []), assigned(2, [], { stage: 'e2e', split: 'two' })), 'test'),
    ).toBeUndefined()
  })

  test('that tell another split are named', () => {
    expect(splitApart(linesOf(assigned(1, ['a.js']), assigned(2, ['b.js'], { split: 'two' })), 'test')).toMatch(
      /^test\[shard=1\] and test\[shard=2\] split the test files differently/,
    )
  })

  test('tell the whole split when each shard is known, of as many shards as are asked for', () => {
    expect(splitIn(whole, { stage: 'test', shards: 2 })).toEqual([['a.js'], ['b.js']])
    expect(splitIn(whole, { stage: 'test', shards: 3 })).toBeUndefined()
    expect(splitIn(whole.slice(1), { stage: 'test', shards: 2 })).toBeUndefined()
  })
})
