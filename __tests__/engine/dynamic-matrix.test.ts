import { describe, expect, test } from '@jest/globals'
import { foldStages } from '../../src/journal/planned.js'
import { foldState } from '../../src/journal/state.js'
import { walk } from '../support/walk.js'
import type { Walked } from '../support/walk.js'

/** A stage that tells a text as its output `list`, and what comes after it. */
const planned = (rest: string): string => `plan:
  steps: [{ id: p, run: tell }]
  outputs: { list: '\${{ steps.p.outputs.list }}' }
${rest}`

/** Walks stages after one that told this text. */
const walkAfter = (told: string, rest: string): Promise<Walked> =>
  walk(planned(rest), {
    scripts: ({ memory }) => ({
      tell: { does: ({ env }) => memory.write(env['GITHUB_OUTPUT'] ?? '', `list<<END\n${told}\nEND\n`) },
    }),
  })

const whole = `t:
  needs: plan
  matrix: '\${{ fromJSON(needs.plan.outputs.list) }}'
  steps: [{ id: s, run: 'test \${{ toJSON(matrix) }}' }]`
const part = `t:
  needs: plan
  matrix: { part: '\${{ fromJSON(needs.plan.outputs.list) }}' }
  steps: [{ id: s, run: 'test \${{ matrix.part }}' }]
later: { needs: t, steps: [{ run: later }] }`

const instancesOf = ({ outcome }: Walked): string[] =>
  outcome.stages.find(({ id }) => id === 't')?.instances.map(({ address }) => address) ?? []
const stageOf = ({ outcome }: Walked) => outcome.stages.find(({ id }) => id === 't')

describe("a matrix from an earlier stage's output", () => {
  test('gives a dimension its values, beside others that stand in the file', async () => {
    const done = await walkAfter(
      '["a","b c"]',
      `t:
  needs: plan
  matrix: { part: '\${{ fromJSON(needs.plan.outputs.list) }}', node: [20, 24], exclude: [{ part: a, node: 20 }] }
  steps: [{ run: 'test \${{ matrix.part }} \${{ matrix.node }}' }]`,
    )
    expect(done.started.map(({ script }) => script)).toEqual(['tell', 'test a 24', 'test b c 20', 'test b c 24'])
    expect(instancesOf(done)).toEqual(['t[part=a,node=24]', 't[part=b c,node=20]', 't[part=b c,node=24]'])
    expect(done.exit).toBe(0)
  })

  test('gives the whole of it, with include and exclude by the rules of GitHub', async () => {
    const list = {
      os: ['x', 'y'],
      node: [20, 24],
      exclude: [{ os: 'y', node: 20 }],
      include: [{ os: 'x', fast: true }],
    }
    const done = await walkAfter(JSON.stringify(list), whole)
    expect(instancesOf(done)).toEqual(['t[os=x,node=20,fast=true]', 't[os=x,node=24,fast=true]', 't[os=y,node=24]'])
  })

  test('gives the combinations of include alone', async () => {
    const done = await walkAfter(
      '[{"name":"one","n":1},{"name":"two","n":2}]',
      `t:
  needs: plan
  matrix: { include: '\${{ fromJSON(needs.plan.outputs.list) }}' }
  steps: [{ run: 'test \${{ matrix.name }}' }]`,
    )
    expect(instancesOf(done)).toEqual(['t[name=one,n=1]', 't[name=two,n=2]'])
  })

  test('takes an expression for a single value', async () => {
    const done = await walkAfter(
      'beta',
      `t:
  needs: plan
  matrix: { channel: [stable, '\${{ needs.plan.outputs.list }}'] }
  steps: [{ run: 'test \${{ matrix.channel }}' }]`,
    )
    expect(instancesOf(done)).toEqual(['t[channel=stable]', 't[channel=beta]'])
  })

  test('is told in the journal, from which outcome and state follow', async () => {
    const done = await walkAfter('["a"]', part)
    const event = done.events.find(({ type }) => type === 'stage.planned')
    expect(event).toMatchObject({ stage: 't', instances: [{ address: 't[part=a]', matrix: { part: 'a' } }] })
    expect(
      foldState(done.lines)
        ?.planned.get('t')
        ?.map(({ address }) => address),
    ).toEqual(['t[part=a]'])
    expect(foldStages(done.lines).flatMap((stage) => stage.instances.map(({ address }) => address))).toEqual([
      'plan',
      't[part=a]',
      'later',
    ])
    expect(done.step('t[part=a]/s')).toMatchObject({ status: 'success', attempts: 1 })
  })

  test('without a value skips the stage, and says why', async () => {
    const done = await walkAfter('[]', part)
    const reason = 'its matrix is empty: `${{ fromJSON(needs.plan.outputs.list) }}`'
    expect(stageOf(done)).toMatchObject({ status: 'skipped', reason, instances: [] })
    expect(done.status['later']).toBe('skipped')
  })

  const no = (what: string): string => `its matrix cannot be used: ${what}`
  const many = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
  test.each([
    ['no JSON', 'not json', whole, 'fromJSON'],
    ['a list', '[1]', whole, no('it is a list and no mapping of lists')],
    ['a text', '"x"', whole, no('it is the text "x" and no mapping of lists')],
    ['a name that is none', '{"a b":[1]}', whole, no('"a b" is no name of a dimension')],
    ['a number for a list', '{"a":1}', whole, no('`a` is `1` and no list')],
    ['a mapping for a value', '[{}]', part, no('`part` holds a mapping; a value is a text, a number, true or false')],
    ['null for a value', '[null]', part, no('`part` holds null; a value is a text, a number, true or false')],
    ['a number for a combination', '{"include":[1]}', whole, no('`include` holds `1`, not combinations')],
    [
      'a bad combination',
      '{"include":[{"a/b":1}]}',
      whole,
      no('`include` holds "a/b", which is no name of a dimension'),
    ],
    ['a line break', '["a\\nb"]', part, no('`part` holds a text with control characters: "a\\nb"')],
    ['text that runs backwards', '["\u202Eexe"]', part, 'a text with control characters'],
    [
      'a long text',
      `["${'x'.repeat(2000)}"]`,
      part,
      no('`part` holds a text of 2000 characters; at most 1000 are read'),
    ],
    ['too many', JSON.stringify(many(2001)), part, no('it has 2001 combinations; at most 2000 run')],
    [
      'far too many',
      JSON.stringify({ a: many(300), b: many(300) }),
      whole,
      no('it has 90000 combinations; at most 2000 run'),
    ],
  ])('that is none fails the stage with the reason: %s', async (_, told, stages, reason) => {
    const done = await walkAfter(told, stages)
    expect(stageOf(done)).toMatchObject({ status: 'failure', instances: [] })
    expect(stageOf(done)?.reason).toContain(reason)
    expect(done.exit).toBe(1)
  })

  test('of hostile texts leaves addresses apart and every log in its folder', async () => {
    const texts = ['../../../etc/x', 'a]/s', 'a', '1', '"1"', '__proto__', '%0A::error::x', "'; rm -rf /"]
    const done = await walkAfter(JSON.stringify([...texts, 1]), part.replace('test ${{ matrix.part }}', 'same'))
    const addresses = instancesOf(done)
    expect(new Set(addresses).size).toBe(texts.length + 1)
    const logs = done.outcome.stages.flatMap((s) => s.instances.flatMap((i) => i.steps.flatMap(({ log }) => log ?? [])))
    expect(logs.every((log) => /^logs\/[A-Za-z0-9_.=,[\]~-]+\/[A-Za-z0-9_.=,[\]~-]+\/\w+\.\d\.log$/.test(log))).toBe(
      true,
    )
    expect(done.exit).toBe(0)
  })

  test('fails what failed in one instance, by its address, and gates judge all of them', async () => {
    const done = await walk(planned(part), {
      scripts: ({ memory }) => ({
        tell: { does: ({ env }) => memory.write(env['GITHUB_OUTPUT'] ?? '', 'list=["good","bad","never"]\n') },
        'test bad': { code: 3 },
      }),
    })
    expect(done.status).toMatchObject({
      't[part=good]': 'success',
      't[part=bad]': 'failure',
      't[part=never]': 'skipped',
      t: 'failure',
    })
    expect(done.outcome.reason).toContain('t[part=bad]/s')
  })
})

describe('a matrix with expressions in the file', () => {
  const mistake = (matrix: string): Promise<unknown> =>
    walk(planned(`t: { needs: plan, matrix: ${matrix}, steps: [{ run: x }] }`))

  test('names only stages and outputs that there are', async () => {
    await expect(mistake("'${{ fromJSON(needs.plan.outputs.lost) }}'")).rejects.toThrow(
      /`plan` has no output `lost`|no output of stage/,
    )
    await expect(mistake("{ a: '${{ fromJSON(needs.other.outputs.x) }}' }")).rejects.toThrow('needed stage')
    await expect(mistake("{ a: '${{ steps.x.outputs.y }}' }")).rejects.toThrow('`steps` is not known here')
  })

  test('holds nothing that a stranger can write, since it may stand in scripts', async () => {
    await expect(mistake("{ a: ['${{ github.event.pull_request.title }}'] }")).rejects.toThrow("a stranger's text")
    await expect(mistake("'${{ fromJSON(github.head_ref) }}'")).rejects.toThrow(
      'values of a matrix may stand in scripts',
    )
  })

  test('is one expression where it stands for a list', async () => {
    await expect(mistake("'a ${{ needs.plan.outputs.list }}'")).rejects.toThrow('a list for a matrix is one expression')
    await expect(mistake('{ a: b }')).rejects.toThrow('`a` is a list, or an expression for one')
    await expect(mistake('some')).rejects.toThrow('a list, or an expression for one')
  })
})
