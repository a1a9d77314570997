import { describe, expect, test } from '@jest/globals'
import { error } from '../../src/base/diagnostic.js'
import { readArguments, readPathOptions, pathOptions } from '../../src/cli/arguments.js'
import type { Command } from '../../src/cli/command.js'
import { plan } from '../../src/cli/plan.js'
import { run } from '../../src/cli/run.js'
import { validate } from '../../src/cli/validate.js'
import { MemoryFiles } from '../support/files.js'
import { fakePorts } from '../support/ports.js'
import { withBase } from '../support/base.js'
import { ScriptedGit } from '../support/git.js'
import { ScriptedProcesses } from '../support/processes.js'

const good =
  'version: 1\nname: shop\non: { pull_request: test }\ninputs: { size: { type: number, default: 1 } }\nstages:\n  build: { steps: [{ run: make }] }\n  test:\n    needs: build\n    matrix: { node: [20, 24] }\n    steps:\n      unit: { run: npm test, retry: { retries: 2 }, reports: junit.xml }\n      lint: { run: npm run lint, needs: unit, if: always() }\n    finally: [{ run: rm -f tmp }]\n'
const git = (): ScriptedGit => new ScriptedGit().on(/./, { code: 128 })

/** Calls a command in `/repo`, where the files are; answers its exit code and what it printed. */
async function call(
  command: Command,
  args: string[],
  files: Record<string, string> = { '/repo/.github/wf.yml': good },
  asked = git(),
) {
  const processes = new ScriptedProcesses({ environment: { PATH: '/bin', TOKEN: 'a-secret-value' } }).on(/./, {})
  const ports = fakePorts({ files: new MemoryFiles(files), git: asked, processes })
  const code = await command.run(args, { ports, cwd: '/repo' })
  return { code, out: ports.terminal.outText, err: ports.terminal.errText, processes, ports }
}

describe('wf plan', () => {
  test('shows the path as a tree', async () => {
    const { code, out } = await call(plan, [])
    expect(code).toBe(0)
    expect(out).toBe(
      [
        'shop: to test (.github/wf.yml)',
        '',
        'build',
        '└─ build/1 “make”  run',
        '',
        'test  needs build',
        '├─ test[node=20]',
        '│  ├─ test[node=20]/unit  run; up to 3 attempts; reports junit.xml',
        '│  ├─ test[node=20]/lint  run; after unit; if always()',
        '│  └─ test[node=20]/finally-1 “rm -f tmp”  run; finally',
        '└─ test[node=24]',
        '   ├─ test[node=24]/unit  run; up to 3 attempts; reports junit.xml',
        '   ├─ test[node=24]/lint  run; after unit; if always()',
        '   └─ test[node=24]/finally-1 “rm -f tmp”  run; finally',
        '   gates: (tests), (secrets), (vulnerabilities)',
        '',
        '(…): judged if there is evidence',
        '',
      ].join('\n'),
    )
  })

  test('as JSON it is the plan itself', async () => {
    const { out } = await call(plan, ['build', '--json'])
    expect(JSON.parse(out)).toMatchObject({ version: 1, target: 'build', stages: [{ id: 'build' }] })
  })

  test('tells what the file alters in the rules of its base, which judge', async () => {
    const gated = good.replace('    finally:', '    gates: { tests: { pass-rate: 90% } }\n    finally:')
    const base = gated
      .replace('90%', '99.5%')
      .replace('needs: build', 'needs: [build, lint]')
      .replace('stages:', 'stages:\n  lint: { steps: [{ run: x }], gates: { lint: {} } }')
    const files = { '/repo/.github/wf.yml': gated }
    const { out } = await call(plan, [], files, withBase(git(), base))
    expect(out.split('\n').slice(-6)).toEqual([
      '',
      'judged by the rules of main, which this change alters:',
      '  lint  the stage: on the path to test → none  weaker',
      '  test  gates.tests.pass-rate: 99.5% → 90%  weaker',
      '  lint  gates.lint fails: the stage `lint` was removed; the rules of main judge it',
      '',
    ])
    expect((await call(plan, ['--own-rules'], files, withBase(git(), base))).out).not.toContain('judged by')
    const gone = await call(plan, [], { '/repo/README.md': '' }, withBase(git(), base))
    expect(gone.out).toContain('this change removes the workflow file: the steps and rules are those of main')
  })

  test('refuses `--own-rules` for an event, which says whose rules judge', async () => {
    const files = { '/repo/.github/wf.yml': good, '/repo/e.json': '{"ref":"refs/heads/main","after":"a"}' }
    const { code, err } = await call(plan, ['--own-rules', '--event', 'e.json'], files)
    expect([code, err]).toEqual([2, expect.stringContaining('`--own-rules` is for runs without an event')])
  })

  test.each<[string, string[], string]>([
    [
      'an unknown target',
      ['tset'],
      'there is no stage `tset` to walk to [unknown-target]\n  hint: did you mean `test`?',
    ],
    ['an unknown option', ['--fiel', 'x'], 'unknown option `--fiel` [arguments]\n  hint: did you mean `--file`?'],
    [
      'a target as an option',
      ['--target', 'test'],
      'the target is no option [arguments]\n  hint: write `wf plan test`',
    ],
    ['the same in one word', ['--target=test'], 'the target is no option [arguments]\n  hint: write `wf plan test`'],
    ['two targets', ['a', 'b'], 'unexpected argument `b`'],
    ['an input that is none', ['--input', 'size'], '`--input size` is not NAME=VALUE'],
    [
      'an unknown input',
      ['--input', 'sise=2'],
      'there is no input `sise` [unknown-input]\n  hint: did you mean `size`?',
    ],
    ['an input of another type', ['--input', 'size=big'], 'the input `size` cannot be `big`'],
    ['a folder that is not there', ['--dir', 'nowhere'], 'there is no folder nowhere'],
    ['a file that is not there', ['--file', 'x.yml'], 'there is no workflow file x.yml'],
    ['an event that is not there', ['--event', 'e.json'], 'there is no event payload e.json'],
    ['an event name without its payload', ['--event-name', 'push'], '`--event-name` goes with `--event FILE`'],
    ['a base that git does not know', ['--base', 'nope'], 'git knows no commit `nope`'],
  ])('%s is told and ends with 2', async (_, args, message) => {
    const { code, err } = await call(plan, args)
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  test('a payload that is no JSON object, and one that tells no event', async () => {
    const files = { '/repo/.github/wf.yml': good, '/repo/a.json': '[1', '/repo/b.json': '{}' }
    expect((await call(plan, ['--event', 'a.json'], files)).err).toContain(
      'the event payload a.json is not a JSON object',
    )
    const { code, err } = await call(plan, ['--event', 'b.json'], files)
    expect([code, err]).toEqual([2, expect.stringContaining('does not tell its event')])
    expect((await call(plan, ['--event', 'b.json', '--event-name', 'pul_request'], files)).err).toContain(
      'did you mean `pull_request`?',
    )
  })
})

describe('wf validate', () => {
  const bad = { '/repo/.github/wf.yml': 'version: 1\nname: t\nstages: { s: { steps: [{ rnu: x, tiemout: 1s }] } }\n' }

  test('a valid file is said to be', async () => {
    expect(await call(validate, [])).toMatchObject({ code: 0, out: '.github/wf.yml: valid\n' })
  })

  test('text shows every mistake with its line', async () => {
    const { code, out } = await call(validate, [], bad)
    expect(code).toBe(2)
    expect(out).toContain('.github/wf.yml:3:26: error: unknown key `rnu` [unknown-key]\n')
    expect(out).toContain('hint: did you mean `timeout`?')
    expect(out.endsWith('2 mistakes\n')).toBe(true)
  })

  test('json, sarif and github say the same', async () => {
    const json = JSON.parse((await call(validate, ['--json'], bad)).out) as { problems: { place: { line: number } }[] }
    expect(json.problems.map((p) => p.place.line)).toEqual([3, 3])
    const sarif = JSON.parse((await call(validate, ['--format', 'sarif'], bad)).out) as {
      runs: { results: unknown[] }[]
    }
    expect(sarif.runs[0]?.results).toHaveLength(2)
    const { out } = await call(validate, ['--format', 'github'], bad)
    expect(out.split('\n')[0]).toBe(
      '::error file=.github/wf.yml,line=3,col=26,title=unknown-key::unknown key `rnu`%0Adid you mean `run`?',
    )
  })

  test('a file that is not there, and a format that is none', async () => {
    expect(await call(validate, ['nope.yml'])).toMatchObject({
      code: 2,
      out: expect.stringContaining('there is no workflow file nope.yml') as unknown as string,
    })
    expect(await call(validate, ['--format', 'xml'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no format `xml`') as unknown as string,
    })
  })
})

describe('wf run', () => {
  test('walks the path, tells how it went and where its files are', async () => {
    const { code, out, err, ports } = await call(run, ['build'])
    expect(code).toBe(0)
    expect(err).toContain('✓ build/1')
    expect(out).toMatch(/everything about this run: \.wf\/runs\/\S+\n$/)
    const files = Object.keys(ports.files.all()).map((path) => path.split('/').at(-1))
    expect(files).toEqual(
      expect.arrayContaining([
        'journal.jsonl',
        'outcome.json',
        'comment.md',
        'summary.md',
        'report.sarif',
        '.gitignore',
      ]),
    )
  })

  test('--json prints the outcome and nothing else', async () => {
    const { out, err } = await call(run, ['build', '--json'])
    expect(JSON.parse(out)).toMatchObject({ version: 1, verdict: 'pass', target: 'build' })
    expect(err).toBe('')
  })

  test('--quiet is quiet while it runs', async () => {
    expect((await call(run, ['build', '--quiet'])).err).toBe('')
  })

  test.each<[string, string[], string]>([
    ['a secret that is not set', ['--secret', 'NOPE'], 'the variable `NOPE` is not set'],
    ['a concurrency of none', ['--concurrency', '0'], '`--concurrency 0` is no number of steps'],
    ['a concurrency that is no number', ['--concurrency', 'all'], '`--concurrency all` is no number of steps'],
  ])('%s is told and nothing runs', async (_, args, message) => {
    const { code, err, processes } = await call(run, args)
    expect([code, processes.started.length]).toEqual([2, 0])
    expect(err).toContain(message)
  })

  test('mistakes are JSON too when JSON is asked for', async () => {
    const { code, out } = await call(run, ['nope', '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({ problems: [{ code: 'unknown-target' }] })
  })
})

describe('arguments', () => {
  test('the workflow file may be named from the folder', () => {
    const files = new MemoryFiles({ '/repo/app/x': '' })
    const parsed = readArguments(['--dir', 'app', '--file', 'ci.yml', '--input', 'a=b=c'], pathOptions, 1)
    expect(parsed.ok && readPathOptions(parsed.value.values, undefined, '/repo', files)).toEqual({
      ok: true,
      value: { folder: '/repo/app', file: 'ci.yml', inputs: { a: 'b=c' } },
    })
  })

  test('a missing value is a mistake of its own', () => {
    const parsed = readArguments(['--file'], pathOptions, 1)
    expect(parsed).toEqual({
      ok: false,
      problems: [error('arguments', expect.stringContaining('--file') as unknown as string)],
    })
  })
})
