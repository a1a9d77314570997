import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Json } from '../../../src/base/json.js'
import { actionsOf } from '../../../src/plan/sync/actions.js'
import { readExisting } from '../../../src/plan/sync/own.js'
import { workflowData } from '../../../src/plan/sync/sync.js'
import { randomWorkflow } from '../../support/random-workflow.js'
import { workflow } from '../../support/workflows.js'
import { from, jobsOf, mistakes, ours, path, step, sync, usesOf, written } from './synced.js'

/** What the job that plans found out, as others are given it. */
const rules = '${{ needs.wf-plan.outputs.rules }}'

describe('the jobs of a workflow', () => {
  test('ask nobody again what the job that plans found out, which has the whole history where changes decide', async () => {
    const jobs = await jobsOf('on: { pull_request: test }\nstages: { test: { paths: src/, steps: [{ run: x }] } }')
    expect(jobs['wf-plan']?.outputs).toEqual({
      stages: '${{ steps.wf.outputs.stages }}',
      rules: '${{ steps.wf.outputs.rules }}',
    })
    expect(jobs['wf-plan']?.steps[0]?.with).toMatchObject({ 'fetch-depth': 0 })
    const given = { stages: '${{ needs.wf-plan.outputs.stages }}', rules }
    expect(ours(jobs['test'])?.with).toMatchObject(given)
    expect(ours(jobs['wf-verdict'])?.with).toMatchObject(given)
  })

  test('of shards are given the times that the job found out which plans', async () => {
    const jobs = await jobsOf('on: { pull_request: test }\nstages: { test: { shard: 2, steps: [{ run: x }] } }')
    expect(jobs['wf-plan']?.outputs?.['timings']).toBe('${{ steps.wf.outputs.timings }}')
    expect(ours(jobs['test'])?.with).toMatchObject({ timings: '${{ needs.wf-plan.outputs.timings }}' })
  })

  test('one plans, one for each stage with steps, one judges', async () => {
    const jobs = await jobsOf(
      `on: { pull_request: all-of-it }\nstages: { build: ${step}, test: { needs: build, name: Tests, steps: [{ run: x }] }, all-of-it: { needs: test } }`,
    )
    expect(Object.keys(jobs)).toEqual(['wf-plan', 'build', 'test', 'wf-verdict'])
    expect(jobs['wf-plan']).toMatchObject({
      name: 'plan',
      'runs-on': 'ubuntu-latest',
      permissions: { contents: 'read' },
      outputs: { stages: '${{ steps.wf.outputs.stages }}' },
    })
    expect(ours(jobs['wf-plan'])?.with).toEqual({ part: 'plan' })
    expect(jobs['test']).toMatchObject({
      name: 'Tests',
      needs: ['wf-plan', 'build'],
      if: "${{ !cancelled() && !failure() && contains(fromJSON(needs.wf-plan.outputs.stages), 'test') }}",
      'runs-on': 'ubuntu-latest',
    })
    expect(ours(jobs['test'])?.with).toEqual({ part: 'instance', instance: 'test', rules })
    expect(jobs['wf-verdict']).toMatchObject({
      name: 'verdict',
      needs: ['wf-plan', 'build', 'test'],
      if: '${{ always() }}',
      permissions: { contents: 'read', checks: 'write', 'pull-requests': 'write' },
    })
    expect(ours(jobs['wf-verdict'])?.with).toEqual({ part: 'verdict', jobs: '${{ toJSON(needs) }}', rules })
  })

  test('no job keeps credentials, and all check out what the one-job template does', async () => {
    const jobs = await jobsOf(`on: { push: a }\nstages: { a: ${step} }`)
    for (const job of Object.values(jobs))
      expect(job.steps[0]).toMatchObject({
        uses: expect.stringMatching(/^actions\/checkout@[0-9a-f]{40}$/),
        with: { 'persist-credentials': false },
      })
  })

  test('a stage behind milestones waits for the jobs of what they need', async () => {
    const jobs = await jobsOf(
      `on: { push: last }\nstages: { a: ${step}, b: ${step}, m: { needs: [a, b] }, n: { needs: [m, a] }, last: { needs: n, steps: [{ run: x }] } }`,
    )
    expect(jobs['last']?.needs).toEqual(['wf-plan', 'a', 'b'])
  })

  test('a stage that no event walks to has none', async () => {
    const jobs = await jobsOf(`on: { push: a }\nstages: { a: ${step}, laptop: ${step} }`)
    expect(Object.keys(jobs)).toEqual(['wf-plan', 'a', 'wf-verdict'])
  })

  test('only where pull requests are answered the last one may comment', async () => {
    const jobs = await jobsOf(`on: { push: a }\nstages: { a: ${step} }`)
    expect(jobs['wf-verdict']?.permissions).toEqual({ contents: 'read', checks: 'write' })
  })

  test('a history on a branch is kept by the last one', async () => {
    const { data, text } = await sync(`history: branch\non: { push: a }\nstages: { a: ${step} }`)
    expect(data.jobs['wf-verdict']?.permissions['contents']).toBe('write')
    expect(text).toContain('contents: write # to check out, and to keep the history')
  })

  test('a stage called as one of ours has another name, and one that a split stage would take', async () => {
    const numbers = Array.from({ length: 300 }, (_, i) => i).join(', ')
    const jobs = await jobsOf(
      `on: { push: all-of-it }\nstages: { wf-plan: ${step}, t-1: ${step}, t: { matrix: { n: [${numbers}] }, steps: [{ run: x }] }, all-of-it: { needs: [wf-plan, t-1, t] } }`,
    )
    expect(Object.keys(jobs)).toEqual(['wf-plan', 'wf-plan_', 't-1', 't-1_', 't-2', 'wf-verdict'])
    expect(jobs['wf-plan_']?.if).toContain("'wf-plan')")
    expect(ours(jobs['wf-plan_'])?.with).toMatchObject({ instance: 'wf-plan' })
  })

  test('a stage with a very long name has a short one', async () => {
    const long = 's'.repeat(150)
    const jobs = await jobsOf(`on: { push: ${long} }\nstages: { ${long}: ${step} }`)
    expect(Object.keys(jobs)[1]).toMatch(/^s{81}-[0-9a-f]{8}$/)
  })

  test('more than GitHub reads are a mistake, since it would start nothing and say nothing', async () => {
    const stages = (count: number): string => {
      const names = Array.from({ length: count }, (_, i) => `stage-${i}`)
      return `on: { push: last }\nstages: { ${names.map((name) => `${name}: ${step}`).join(', ')}, last: { needs: [${names.join(', ')}] } }`
    }
    expect(await mistakes(stages(400))).toEqual([])
    expect(await mistakes(stages(600))).toEqual([
      [undefined, expect.stringMatching(/^the workflow has 5\d\d KB, and GitHub starts none of more than 500$/)],
    ])
  })

  test('names that GitHub takes for one are a mistake', async () => {
    expect(await mistakes(`on: { push: a }\nstages: { a: ${step}, A: ${step} }`)).toEqual([
      [undefined, '`a` and `A` are one name to GitHub, under `stages`'],
    ])
    expect(
      await mistakes('on: { push: a }\nstages: { a: { matrix: { os: [x], OS: [y] }, steps: [{ run: x }] } }'),
    ).toEqual([[undefined, '`os` and `OS` are one name to GitHub, under `jobs.a.strategy.matrix.include`']])
  })
})

describe('the job of a stage', () => {
  test('has the keys of the stage', async () => {
    const keys =
      'runs-on: [self-hosted, linux], permissions: { packages: write, contents: write }, environment: live, timeout: 90s, ' +
      "concurrency: { group: live, queue: max }, container: 'node:24', services: { db: { image: 'postgres:17', ports: ['5432:5432'] } }, " +
      "setup: [{ uses: ./tools, with: { node: '20' } }]"
    const { data, text } = await sync(`on: { push: a }\nstages: { a: { ${keys}, steps: [{ run: x }] } }`)
    expect(data.jobs['a']).toMatchObject({
      'runs-on': ['self-hosted', 'linux'],
      permissions: { contents: 'write', packages: 'write' },
      environment: 'live',
      'timeout-minutes': 12,
      concurrency: { group: 'live', queue: 'max' },
      container: 'node:24',
      services: { db: { image: 'postgres:17', ports: ['5432:5432'] } },
    })
    expect(data.jobs['a']?.steps[1]).toEqual({ uses: './tools', with: { node: '20' } })
    expect(text).toContain('packages: write # the stage asks for it')
  })

  test('leaves its journal whatever happened, as long as GitHub lets it be repeated', async () => {
    const jobs = await jobsOf(`on: { push: a }\nstages: { a: ${step} }`)
    expect(usesOf(jobs['a'])).toEqual(['actions/checkout', 'org/wf-action', 'actions/upload-artifact'])
    expect(jobs['a']?.steps[2]).toMatchObject({
      if: "${{ always() && steps.wf.outputs.hand-over != '' }}",
      with: {
        name: 'wf-journal-${{ steps.wf.outputs.hand-over }}-${{ github.run_attempt }}',
        path: '${{ runner.temp }}/wf/hand-over/journal/',
        'if-no-files-found': 'error',
        'retention-days': 30,
      },
    })
  })

  test('takes journals of all before, and files only of the stages that hand some over', async () => {
    const jobs = await jobsOf(
      'on: { push: last }\nstages: { a: { artifacts: dist/, steps: [{ run: x }] }, b: { artifacts: x, steps: [{ run: x }] }, ' +
        `c: ${step}, m: { needs: [a, c] }, d: { needs: m, steps: [{ run: x }] }, last: { needs: [d, b], steps: [{ run: x }] } }`,
    )
    const patterns = (id: string) =>
      jobs[id]?.steps.flatMap(({ uses, with: inputs }) => (uses.includes('/download-') ? [inputs?.['pattern']] : []))
    expect(patterns('a')).toEqual([])
    expect(patterns('d')).toEqual(['wf-journal-{a,c}-????????-*', 'wf-files-a-????????-*'])
    expect(patterns('last')).toEqual(['wf-journal-{a,b,c,d}-????????-*', 'wf-files-{a,b}-????????-*'])
    expect(patterns('wf-verdict')).toEqual(['wf-journal-*'])
    expect(usesOf(jobs['a'])?.filter((name) => name.includes('upload'))).toHaveLength(2)
    expect(jobs['a']?.steps.at(-1)?.with).toMatchObject({
      name: 'wf-files-${{ steps.wf.outputs.hand-over }}-${{ github.run_attempt }}',
      'if-no-files-found': 'ignore',
    })
  })

  test('has the secrets that its steps name, and those of the cache where it asks one', async () => {
    const jobs = await jobsOf(
      'cache: { store: redis, redis: { url: "redis://cache.example" }, sign: KEY }\non: { push: all-of-it }\n' +
        'stages: { a: { secrets: [ONE], steps: [{ run: x, secrets: [TWO] }], finally: [{ run: x }] }, ' +
        `b: { steps: [{ run: x, cache: { inputs: [x] } }] }, c: ${step}, all-of-it: { needs: [a, b, c] } }`,
    )
    expect(ours(jobs['a'])?.with?.['secrets']).toBe(
      '{ "ONE": ${{ toJSON(secrets.ONE) }}, "TWO": ${{ toJSON(secrets.TWO) }} }',
    )
    expect(ours(jobs['b'])?.with?.['secrets']).toBe(
      '{ "KEY": ${{ toJSON(secrets.KEY) }}, "REDIS_PASSWORD": ${{ toJSON(secrets.REDIS_PASSWORD) }} }',
    )
    expect(ours(jobs['c'])?.with).toEqual({ part: 'instance', instance: 'c', rules })
  })

  test('names the workflow file where it is not the usual one', async () => {
    const { data } = await sync(`on: { push: a }\nstages: { a: ${step} }`, { inputs: { file: 'ci/wf.yml' } })
    for (const job of Object.values(data.jobs)) expect(ours(job)?.with?.['file']).toBe('ci/wf.yml')
  })
})

describe('a matrix', () => {
  test('has a job for each instance, by its address, with values of their types', async () => {
    const jobs = await jobsOf(
      `on: { push: t }\nstages: { t: { matrix: { node: [20, '20', true] }, runs-on: '\${{ matrix.node }}', steps: [{ run: x }] } }`,
    )
    expect(jobs['t']).toMatchObject({ name: 't', 'runs-on': '${{ matrix.node }}' })
    expect(jobs['t']?.strategy).toEqual({
      'fail-fast': false,
      matrix: {
        include: [
          { instance: 't[node=20]', node: 20 },
          { instance: 't[node="20"]', node: '20' },
          { instance: 't[node=true]', node: true },
        ],
      },
    })
    expect(ours(jobs['t'])?.with).toEqual({ part: 'instance', instance: '${{ matrix.instance }}', rules })
  })

  test('larger than GitHub takes is split, and who needs the stage waits for all parts', async () => {
    const numbers = Array.from({ length: 600 }, (_, i) => i).join(', ')
    const jobs = await jobsOf(
      `on: { push: last }\nstages: { t: { matrix: { n: [${numbers}] }, steps: [{ run: x }] }, last: { needs: t, steps: [{ run: x }] } }`,
    )
    expect(Object.keys(jobs)).toEqual(['wf-plan', 't-1', 't-2', 't-3', 'last', 'wf-verdict'])
    expect(jobs['t-3']).toMatchObject({ name: 't 3 of 3', needs: ['wf-plan'] })
    const rows = ['t-1', 't-2', 't-3'].map((id) => jobs[id]?.strategy?.matrix.include as Json[])
    expect(rows.map((part) => part.length)).toEqual([256, 256, 88])
    expect(rows.flat()[599]).toEqual({ instance: 't[n=599]', n: 599 })
    expect(jobs['last']?.needs).toEqual(['wf-plan', 't-1', 't-2', 't-3'])
    expect(jobs['wf-verdict']?.needs).toEqual(['wf-plan', 't-1', 't-2', 't-3', 'last'])
  })

  test('with expressions is asked for in a job before, and may be empty', async () => {
    const jobs = await jobsOf(
      "on: { push: last }\nstages: { a: { outputs: { n: '[1]' }, steps: [{ run: x }] }, " +
        "t: { needs: a, matrix: { n: '${{ fromJSON(needs.a.outputs.n) }}' }, steps: [{ run: x }] }, last: { needs: t, steps: [{ run: x }] } }",
    )
    expect(Object.keys(jobs)).toEqual(['wf-plan', 'a', 't-matrix', 't', 'last', 'wf-verdict'])
    expect(jobs['t-matrix']).toMatchObject({
      needs: ['wf-plan', 'a'],
      if: "${{ !cancelled() && !failure() && contains(fromJSON(needs.wf-plan.outputs.stages), 't') }}",
      outputs: { instances: '${{ steps.wf.outputs.instances }}' },
    })
    expect(ours(jobs['t-matrix'])?.with).toEqual({ part: 'matrix', instance: 't', rules })
    expect(jobs['t']?.needs).toEqual(['wf-plan', 'a', 't-matrix'])
    expect(jobs['t']?.if).toMatch(/ && needs\.t-matrix\.outputs\.instances != '\[\]' \}\}$/)
    expect(jobs['t']?.strategy?.matrix.include).toBe('${{ fromJSON(needs.t-matrix.outputs.instances) }}')
    expect(jobs['last']?.needs).toEqual(['wf-plan', 't'])
    // Its output may be larger than what a process can be given.
    expect(jobs['wf-verdict']?.needs).toEqual(['wf-plan', 'a', 't', 'last'])
  })

  test('with a dimension that would hide the address is a mistake', async () => {
    const text = '\nstages:\n  t:\n    matrix: { Instance: [1] }\n    steps: [{ run: x }]\n'
    expect(await mistakes(`on: { push: t }${text}`)).toEqual([
      [5, 'the matrix of `t` has a dimension `instance`'],
      [undefined, '`instance` and `Instance` are one name to GitHub, under `jobs.t.strategy.matrix.include`'],
    ])
  })
})

describe('runs at the same time', () => {
  const group = async (on: string) => (await sync(`on: ${on}\nstages: { a: ${step} }`)).data['concurrency']

  test('of one pull request end the older one, and no other', async () => {
    expect(await group('{ pull_request: a, push: a }')).toEqual({
      group: "wf-${{ github.event_name == 'pull_request' && github.ref || github.run_id }}",
      'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
    })
    expect(await group('{ push: a }')).toEqual({ group: 'wf-${{ github.run_id }}', 'cancel-in-progress': false })
  })

  test('for a label do not end those for a change', async () => {
    expect(await group('{ pull_request: { types: [opened, labeled], target: a } }')).toMatchObject({
      group: expect.stringContaining("&& format('{0}-{1}', github.ref, github.event.action) ||"),
    })
  })
})

describe('parts of users', () => {
  const text = `on: { push: a }\nstages: { a: ${step} }`
  const withParts = async (parts: string) => {
    const existing = readExisting(path, `${(await sync(text)).text}${parts}`)
    if (!existing.ok) throw new Error('these parts cannot be read')
    return { existing: existing.value }
  }

  test('stand at their places, wherever they stood', async () => {
    const parts = [
      '  # wf:own jobs',
      '  mine:',
      '    runs-on: ubuntu-latest',
      '    steps: [{ run: "true" }]',
      '  # wf:end',
      '  # wf:own triggers',
      '  workflow_call: {}',
      '  # wf:end',
      '      # wf:own verdict-permissions',
      '      security-events: write',
      '      # wf:end',
      '          # wf:own verdict-with',
      '          upload-sarif: true',
      '          # wf:end',
      '      # wf:own verdict-steps',
      '      - run: echo "$VERDICT"',
      "        env: { VERDICT: '${{ steps.wf.outputs.verdict }}' }",
      '      # wf:end',
      '',
    ].join('\n')
    const { text: made, data } = await sync(text, await withParts(parts))
    expect(data['on']).toEqual({ push: {}, workflow_call: {} })
    expect(Object.keys(data.jobs)).toEqual(['wf-plan', 'a', 'wf-verdict', 'mine'])
    expect(data.jobs['wf-verdict']?.permissions).toMatchObject({ 'security-events': 'write' })
    expect(ours(data.jobs['wf-verdict'])?.with).toMatchObject({ part: 'verdict', 'upload-sarif': true })
    expect(data.jobs['wf-verdict']?.steps.at(-1)).toMatchObject({ run: 'echo "$VERDICT"' })
    const existing = readExisting(path, made)
    expect(existing.ok && existing.value.asWritten).toBe(true)
    expect(existing.ok && (await sync(text, { existing: existing.value })).text).toBe(made)
  })

  test('are indented as their place asks, wherever they were written', async () => {
    const parts = [
      '# wf:own verdict-steps',
      '- run: echo',
      '  env: { A: b }',
      '# wf:end',
      '# wf:own verdict-with',
      '          upload-sarif: true',
      '# wf:end',
      '',
    ]
    const { text: made, data } = await sync(text, await withParts(parts.join('\n')))
    expect(data.jobs['wf-verdict']?.steps.at(-1)).toEqual({ run: 'echo', env: { A: 'b' } })
    expect(ours(data.jobs['wf-verdict'])?.with).toMatchObject({ 'upload-sarif': true })
    const existing = readExisting(path, made)
    expect(existing.ok && (await sync(text, { existing: existing.value })).text).toBe(made)
  })

  test.each<[string, string[], string]>([
    [
      'a job that is there already',
      ['  # wf:own jobs', '  a: { runs-on: x }', '  # wf:end'],
      '`a` stands twice, first in line 23',
    ],
    ['text that is no member', ['# wf:own verdict-with', 'more', '# wf:end'], 'not YAML here'],
    ['no YAML', ['  # wf:own jobs', '  mine: [', '  # wf:end'], '`[` is not closed'],
  ])('are refused with %s', async (_, lines, message) => {
    const [told] = await mistakes(text, await withParts(`${lines.join('\n')}\n`))
    expect(told?.[1]).toEqual(expect.stringContaining(message))
  })
})

test('what is written of any workflow reads as the data that it was made of, and its jobs wait for each other without a circle', async () => {
  await fc.assert(
    fc.asyncProperty(randomWorkflow, async ({ text, target }) => {
      const names = [...text.matchAll(/^ {2}(s\d+):/gm)].map(([, name]) => name)
      const targets = target === undefined ? names : [target]
      const on = `on: { push: [${targets.map((name) => `{ branches: [${name}], target: ${name} }`).join(', ')}] }\n`
      const file = await workflow(on + text.replace(/^version.*\nname.*\n/, ''))
      const { text: made, data } = written(file)
      expect(data).toEqual(workflowData(file, actionsOf(made), from()).data)
      const seen = new Set<string>()
      for (const [id, { needs = [] }] of Object.entries(data.jobs)) {
        expect(needs.filter((need) => !seen.has(need))).toEqual([])
        seen.add(id)
      }
      const planned = [...file.stages.values()].filter(({ steps }) => steps.length)
      if (target === undefined)
        expect([...seen].sort()).toEqual(['wf-plan', 'wf-verdict', ...planned.map(({ id }) => id)].sort())
    }),
    { numRuns: 100 },
  )
})
