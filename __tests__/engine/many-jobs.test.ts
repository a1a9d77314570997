import { describe, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.js'
import { handOverName } from '../../src/handover/head.js'
import { openPack, writePack } from '../../src/handover/pack.js'
import type { JournalEvent } from '../../src/journal/events.js'
import { renderComment, renderSummary, renderTerminal } from '../../src/publish/render.js'
import { MemoryFiles } from '../support/files.js'
import { eslint, junit } from '../support/samples.js'
import { walk } from '../support/walk.js'
import type { Packs, Scripts, WorkspaceFiles } from '../support/walk.js'
import { walkMany } from '../support/walk-many.js'

const shop = `build:
  steps:
    - { id: make, run: make }
  outputs: { version: '\${{ steps.make.outputs.version }}' }
  artifacts: dist/
test:
  needs: build
  matrix: { node: [20, 24] }
  on-failure: continue
  steps:
    unit: { run: 'unit \${{ matrix.node }}', reports: unit.xml }
  gates: { tests: { pass-rate: 75% } }
quality:
  needs: build
  steps:
    lint: { run: lint, reports: { stdout: eslint-json } }
  gates: { lint: { issues: 1 } }
review: { needs: [test, quality], gates: { tests: {} } }
`

/** Node 20 passes three tests, node 24 one of two. */
const scripts = (files: WorkspaceFiles): Scripts => ({
  make: ({ env }) => {
    files.write('dist/app', 'built')
    files.memory.write(env['GITHUB_OUTPUT'] ?? '', 'version=1.2.3\n')
    return {}
  },
  'unit 20': () => {
    files.write('unit.xml', junit({ a: 'passed', b: 'passed', c: 'passed' }))
    return { code: files.read('dist/app') === 'built' ? 0 : 1 }
  },
  'unit 24': () => {
    files.write('unit.xml', junit({ a: 'passed', d: 'failed' }))
    return { code: 1 }
  },
  lint: { code: 1, stdout: eslint(1) },
})

/** What does not depend on the machine: its clock, and the name of the run. */
const plain = (text: string): string =>
  text.replaceAll(/\d{8}-\d{6}-[0-9a-f]+/g, 'RUN').replaceAll(/\b\d+(?:\.\d+)?\s?(?:ms|s)\b/g, 'TIME')

const isPack = (kind: string, stage: string, instance = stage) => `${kind}/${handOverName(stage, instance)}.pack`

describe('a run that several jobs share', () => {
  test('says what one job says, byte for byte where nothing depends on the machine', async () => {
    const one = await walk(shop, { scripts, target: 'review' })
    const { verdict } = await walkMany(shop, { scripts, target: 'review' })
    expect(one.outcome.verdict).toBe('fail')
    expect(plain(renderComment(verdict.outcome))).toBe(plain(renderComment(one.outcome)))
    expect(plain(renderSummary(verdict.outcome))).toBe(plain(renderSummary(one.outcome)))
    expect(verdict.outcome.verdicts).toEqual(one.outcome.verdicts)
    expect(verdict.outcome.evidence).toEqual(one.outcome.evidence)
    expect(verdict.exit).toBe(one.exit)
  })

  test('hands files and outputs to the jobs that need them, and logs to the last one', async () => {
    const text = shop.replace('run: lint,', "run: 'lint ${{ needs.build.outputs.version }}',")
    const printing = (files: WorkspaceFiles): Scripts => ({
      ...scripts(files),
      'lint 1.2.3': { code: 1, stdout: eslint(1), stderr: 'looked at dist\n' },
    })
    const { jobs, verdict } = await walkMany(text, { scripts: printing })
    expect(jobs.get('test[node=20]')?.status['test[node=20]/unit']).toBe('success')
    expect(jobs.get('quality')?.started.map(({ script }) => script)).toEqual(['lint 1.2.3'])
    const { log = '' } = verdict.step('quality/lint')
    expect(verdict.read(`.wf/runs/${verdict.outcome.run.id}/${log}`)).toContain('looked at dist\n')
    expect(verdict.started).toEqual([])
  })

  test('a job runs its own instance and nothing else', async () => {
    const { jobs } = await walkMany(shop, { scripts })
    expect([...jobs].map(([address, { started }]) => [address, started.map(({ script }) => script)])).toEqual([
      ['build', ['make']],
      ['test[node=20]', ['unit 20']],
      ['test[node=24]', ['unit 24']],
      ['quality', ['lint']],
    ])
  })

  test('the gates of one instance judge in its job, those of several in the last one', async () => {
    const { jobs, results } = await walkMany(shop.replace('issues: 1', 'issues: 0'), { scripts })
    expect(jobs.get('quality')?.outcome.verdicts.map(({ gate, status }) => [gate, status])).toContainEqual([
      'lint',
      'fail',
    ])
    expect(jobs.get('test[node=24]')?.outcome.verdicts).toEqual([])
    expect(results).toEqual({ build: 'success', test: 'success', quality: 'failure' })
  })

  test('a gate that is not met stops what needs its stage, as in one job', async () => {
    const text = `${shop.replace('75%', '100%')}after: { needs: test, steps: [{ run: deploy }] }\n`
    const one = await walk(text, { scripts })
    const { jobs, verdict } = await walkMany(text, { scripts })
    expect(jobs.get('after')?.started).toEqual([])
    expect(jobs.get('after')?.exit).toBe(0)
    expect(verdict.status).toEqual(one.status)
    expect(verdict.status['after']).toBe('skipped')
  })

  test('a matrix from an output is found out by a job of its own', async () => {
    const text = `plan:
  steps: [{ id: list, run: list }]
  outputs: { parts: '\${{ steps.list.outputs.parts }}' }
work:
  needs: plan
  matrix: { part: '\${{ fromJSON(needs.plan.outputs.parts) }}' }
  steps: [{ run: 'work \${{ matrix.part }}' }]
`
    const list = (files: WorkspaceFiles): Scripts => ({
      list: ({ env }) => {
        files.memory.write(env['GITHUB_OUTPUT'] ?? '', 'parts=["a","b"]\n')
        return {}
      },
    })
    const { jobs, verdict } = await walkMany(text, { scripts: list })
    expect([...jobs.keys()]).toEqual(['plan', 'work[part=a]', 'work[part=b]'])
    expect(verdict.status).toEqual((await walk(text, { scripts: list })).status)
  })

  test('what a forgotten hand-over lacks is named, with the stage that made it', async () => {
    const text = shop.replace('  artifacts: dist/\n', '')
    const { jobs } = await walkMany(text, {
      tracked: ['.github/wf.yml'],
      scripts: (files) => ({
        ...scripts(files),
        'unit 20': () => ({ code: 1, stderr: 'cannot open dist/app: no such file\n' }),
      }),
      with: (ports) => ports.git.on(/^ls-files --others --directory/, { stdout: 'dist/\0' }),
    })
    expect(jobs.get('test[node=20]')?.outcome.stages[0]?.instances[0]?.reason).toBe(
      '`dist/` is not here, and `build` made it: write `artifacts: [dist/]` on `build`',
    )
  })

  test('an artifact that was not written fails its stage, in one job too', async () => {
    const done = await walk(shop, { scripts: { make: {} } })
    const reason = 'it did not write `dist/`, which stands in its `artifacts`'
    expect(done.status['build']).toBe('failure')
    expect(done.outcome.stages[0]?.instances[0]?.reason).toBe(reason)
    expect(renderTerminal(done.outcome, { colours: false, columns: 120 })).toContain(reason)
    expect(renderComment(done.outcome)).toContain('it did not write `dist/`')
  })
})

type Event = JournalEvent

/** The pack of a journal with other events in it, whole in itself. */
async function reforged(pack: Uint8Array | undefined, forge: (event: Event) => unknown): Promise<Uint8Array> {
  const files = new MemoryFiles({})
  files.write('/pack', pack ?? '')
  const opened = await openPack(files, '/pack')
  if ('reason' in opened) throw new Error(opened.reason)
  const contents = new Map<string, string>()
  for (const entry of opened.entries) {
    const parts: Uint8Array[] = []
    await opened.next((piece) => parts.push(piece))
    contents.set(entry.path, Buffer.concat(parts).toString('utf8'))
  }
  await opened.close()
  let previous = '0'.repeat(64)
  const lines = (contents.get('journal.jsonl') ?? '').split('\n').filter(Boolean)
  const forged = lines.map((line) => {
    const { event, ...rest } = JSON.parse(line) as { event: Event }
    const text = JSON.stringify({ ...rest, previous, event: forge(event) })
    previous = sha256(text)
    return `${text}\n`
  })
  contents.set('journal.jsonl', forged.join(''))
  const entries = opened.entries.flatMap((entry) =>
    entry.kind === 'file' ? [{ kind: 'file' as const, path: entry.path, executable: false }] : [],
  )
  const contentOf = ({ path }: { path: string }) => ({ bytes: Buffer.from(contents.get(path) ?? '') })
  const written = await writePack(files, '/forged', { head: opened.head, entries, contentOf })
  if ('reason' in written) throw new Error(written.reason)
  return files.readBytes('/forged') ?? new Uint8Array()
}

describe('what goes wrong between jobs', () => {
  test.each([
    ['failure', 'failure', 'test[node=24] never reported: its job failed before it could'],
    ['success', 'failure', 'test[node=24] never reported: its job ended well, and what it handed over is missing'],
    ['cancelled', 'cancelled', 'its job was cancelled'],
  ] as const)('a machine that is lost is never green: %s', async (fate, status, reason) => {
    const { verdict } = await walkMany(shop, { scripts, target: 'review' }, { lost: { 'test[node=24]': fate } })
    const instance = verdict.outcome.stages
      .flatMap(({ instances }) => instances)
      .find((one) => one.address === 'test[node=24]')
    expect(instance).toMatchObject({ status, reason })
    expect(verdict.outcome.verdict).toBe(fate === 'cancelled' ? 'cancelled' : 'fail')
  })

  const file = isPack('journal', 'test', 'test[node=20]')
  const cut = (packs: Packs): Packs => ({ ...packs, [file]: packs[file]?.subarray(0, -9) ?? new Uint8Array() })
  const altered = (packs: Packs): Packs => {
    const bytes = Uint8Array.from(packs[file] ?? [])
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
    return { ...packs, [file]: bytes }
  }
  const forged = (packs: Packs): Packs => ({
    ...packs,
    [file]: packs[isPack('journal', 'quality')] ?? new Uint8Array(),
  })
  const without = (packs: Packs): Packs => Object.fromEntries(Object.entries(packs).filter(([name]) => name !== file))

  test.each([
    ['cut off', cut],
    ['altered', altered],
    ['of another instance under its name', forged],
    ['missing', without],
  ])('a hand-over that is %s does not count', async (_, arriving) => {
    const { verdict } = await walkMany(shop, { scripts, target: 'review' }, { arriving })
    const instance = verdict.outcome.stages
      .flatMap(({ instances }) => instances)
      .find((one) => one.address === 'test[node=20]')
    expect(instance?.status).toBe('failure')
    expect(verdict.outcome.verdict).toBe('fail')
  })

  test.each([
    ['a report that is none', (event: Event) => (event.type === 'report.read' ? { ...event, report: null } : event)],
    [
      'a status that there is not',
      (event: Event) => (event.type === 'step.finished' ? { ...event, status: '<b>' } : event),
    ],
    ['no beginning', (event: Event) => (event.type === 'run.started' ? { type: 'note', message: '' } : event)],
  ])('a journal with %s does not count, whoever signed it', async (_, forge) => {
    const arriving = async (packs: Packs): Promise<Packs> => ({ ...packs, [file]: await reforged(packs[file], forge) })
    const { verdict } = await walkMany(shop, { scripts, target: 'review' }, { arriving })
    const instance = verdict.outcome.stages
      .flatMap(({ instances }) => instances)
      .find((one) => one.address === 'test[node=20]')
    expect(instance).toMatchObject({ status: 'failure', reason: 'the journal of test[node=20] is none that wf writes' })
  })

  test('a hand-over of another run, commit or plan does not count', async () => {
    const { verdict: other } = await walkMany(shop.replace('75%', '70%'), { scripts })
    expect(other.outcome.verdict).toBeDefined()
    const first = await walk(shop, { scripts, part: { part: 'instance', of: 'build' } })
    const last = await walk(shop.replace('id: make', 'id: made').replace('steps.make', 'steps.made'), {
      scripts,
      part: { part: 'verdict', packs: first.left, jobs: { build: 'success' } },
    })
    expect(last.status['build']).toBe('failure')
    expect(last.outcome.notes.join('\n')).toMatch(/build/)
  })

  test('the order in which hand-overs arrive decides nothing', async () => {
    const { verdict } = await walkMany(shop, { scripts })
    const turned = await walkMany(
      shop,
      { scripts },
      { arriving: (packs) => Object.fromEntries(Object.entries(packs).toReversed()) },
    )
    expect(turned.verdict.events.filter(({ type }) => type !== 'note')).toEqual(
      verdict.events.filter(({ type }) => type !== 'note'),
    )
  })

  test('of several attempts of a run the last one counts', async () => {
    const bad = await walk(shop, {
      scripts: (files) => ({ ...scripts(files), make: { code: 1 } }),
      part: { part: 'instance', of: 'build' },
    })
    const good = await walk(shop, { scripts, part: { part: 'instance', of: 'build', attempt: 2 } })
    const name = isPack('journal', 'build')
    const second = good.left[name] ?? new Uint8Array()
    const files = isPack('files', 'build')
    const last = await walk(shop, {
      scripts,
      part: {
        part: 'verdict',
        attempt: 2,
        packs: {
          [name]: bad.left[name] ?? new Uint8Array(),
          [`again/${name}`]: second,
          [files]: good.left[files] ?? new Uint8Array(),
        },
        jobs: {},
      },
    })
    expect(last.status['build']).toBe('success')
  })

  test('an instance that the plan has not is a mistake that is told', async () => {
    await expect(walk(shop, { scripts, part: { part: 'instance', of: 'test[node=22]' } })).rejects.toThrow(
      'the plan has no instance `test[node=22]`',
    )
  })
})

describe('what the last job sees otherwise than the jobs did', () => {
  const text = `build:
  steps: [{ run: make }]
  artifacts: dist/
deploy:
  needs: build
  if: hashFiles('dist/**') != ''
  steps: [{ run: deploy }]
  outputs: { hash: "\${{ hashFiles('dist/**') }}" }
after: { needs: deploy, if: needs.deploy.outputs.hash != '', steps: [{ run: after }] }
`
  const made =
    (code: number) =>
    (files: WorkspaceFiles): Scripts => ({
      make: () => {
        files.write('dist/app', 'built')
        return {}
      },
      deploy: { code },
    })

  test.each([0, 1])('files that only they had do not change what became of them: exit %i', async (code) => {
    const one = await walk(text, { scripts: made(code) })
    const { verdict } = await walkMany(text, { scripts: made(code) })
    expect(verdict.status).toEqual(one.status)
    expect(verdict.outcome.verdict).toBe(one.outcome.verdict)
  })

  test('a job that failed is no success, whatever it handed over before', async () => {
    const good = await walk(shop, { scripts, target: 'build', part: { part: 'instance', of: 'build' } })
    const jobs = { build: 'failure', test: 'skipped', quality: 'skipped' }
    const last = await walk(shop, { scripts, target: 'build', part: { part: 'verdict', packs: good.left, jobs } })
    expect([last.status['build'], last.outcome.stages[0]?.reason]).toEqual([
      'failure',
      'its job failed on GitHub: see its log',
    ])
    expect(last.outcome.verdict).toBe('fail')
  })

  test('what was cut off in an earlier attempt is no success', async () => {
    const cut = await walk('a: { steps: [{ run: x }] }', {
      scripts: { x: { hangs: true } },
      cancelAt: 10,
      part: { part: 'instance', of: 'a' },
    })
    const packs = cut.left
    const last = await walk('a: { steps: [{ run: x }] }', { part: { part: 'verdict', attempt: 2, packs, jobs: {} } })
    expect(last.outcome.verdict).toBe('cancelled')
    expect(last.exit).toBe(130)
  })

  test('all machines call the run alike', async () => {
    const { jobs } = await walkMany('a: { steps: [{ run: x }] }\nb: { needs: a, steps: [{ run: y }] }')
    const ids = [...jobs.values()].flatMap(({ started }) => started.map(({ env }) => env['WF_RUN_ID']))
    expect(ids).toEqual(['7', '7'])
  })

  test('an output that held a secret is empty in other jobs, not its masked rest', async () => {
    const secret = 'hunter2-hunter2'
    const { jobs } = await walkMany(
      `a:
  steps: [{ id: x, run: x, secrets: [KEY] }]
  outputs: { key: '\${{ steps.x.outputs.key }}', other: '\${{ steps.x.outputs.other }}' }
b: { needs: a, env: { GOT: '\${{ needs.a.outputs.key }}|\${{ needs.a.outputs.other }}' }, steps: [{ run: y }] }
`,
      {
        secrets: { KEY: secret },
        scripts: (files) => ({
          x: ({ env }) => {
            files.memory.write(env['GITHUB_OUTPUT'] ?? '', `key=pre-${secret}\nother=plain\n`)
            return {}
          },
        }),
      },
    )
    expect(jobs.get('b')?.started.map(({ env }) => env['GOT'])).toEqual(['|plain'])
  })
})
