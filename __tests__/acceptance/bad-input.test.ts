import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Outcome } from '../../src/journal/outcome.js'
import { command, git, outcomeIn, wf } from '../support/command.js'
import type { Ended } from '../support/command.js'
import { junit } from '../support/samples.js'
import { endOf, isAlive, Scratch, start } from '../support/scratch.js'

jest.setTimeout(30_000)

const scratch = new Scratch('wf-bad-input-')
const { root } = scratch
const folderWith = scratch.folderWith.bind(scratch)
const repositoryWith = scratch.repositoryWith.bind(scratch)

/** It takes its five seconds while the other tests run. */
let stubborn: { folder: string; ended: Promise<Ended> } | undefined
beforeAll(() => {
  const script = "trap '' INT TERM; echo $$ > pid; while :; do sleep 0.05; done"
  const folder = folderWith(`t: { steps: [{ id: s, run: ${JSON.stringify(script)}, timeout: 100ms }] }\n`)
  stubborn = { folder, ended: run(folder) }
})
afterAll(() => {
  disk?.remove()
  scratch.remove()
})

const run = (folder: string, ...args: string[]): Promise<Ended> => wf(['run', ...args], folder)
const stepIn = (outcome: Outcome, address: string) =>
  outcome.stages
    .flatMap((s) => s.instances)
    .flatMap((i) => i.steps)
    .find((step) => step.address === address)

/** Nothing of ours: a mistake is told without a stack. */
const hasNoStack = ({ stdout, stderr }: Ended): boolean => !/\n\s+at |please report/.test(stdout + stderr)

describe('the workflow file', () => {
  const workflow = (content: string | Uint8Array) => folderWith(undefined, { '.github/wf.yml': content })
  const refused = async (folder: string, ...parts: string[]): Promise<string> => {
    const ended = await run(folder)
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    for (const part of parts) expect(ended.stderr).toContain(part)
    expect(hasNoStack(ended)).toBe(true)
    expect(existsSync(join(folder, '.wf'))).toBe(false)
    return ended.stderr
  }

  test('that is not there', async () => {
    await refused(folderWith(undefined), 'there is no workflow file .github/wf.yml', 'hint: ')
  })

  test('that is a folder', async () => {
    await refused(folderWith(undefined, { '.github/wf.yml/x': '' }), '.github/wf.yml is no file')
  })

  test('that is empty', async () => {
    await refused(workflow(''), '.github/wf.yml:1:1: error: ')
  })

  test('that is not YAML', async () => {
    await refused(workflow('version: 1\nname: [unclosed\nstages: }{\n'), '.github/wf.yml:', 'error: ')
  })

  test('of bytes that are no text', async () => {
    await refused(workflow(Uint8Array.from({ length: 2000 }, (_, i) => (i * 7) % 256)), '.github/wf.yml:')
  })

  test('of 2 MB', async () => {
    await refused(workflow(`version: 1\nname: big\nstages:\n${'  s: {}\n'.repeat(300_000)}`), 'too-large')
  })

  test('with an alias bomb', async () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`)
    await refused(workflow(`l0: &l0 [x, x]\n${levels.join('\n')}\nversion: 1\n`), 'error: ')
  })

  test('with a cycle', async () => {
    const text =
      'a: { needs: c, steps: [{ run: x }] }\nb: { needs: a, steps: [{ run: x }] }\nc: { needs: b, steps: [{ run: x }] }\n'
    await refused(folderWith(text), '.github/wf.yml:4:', 'the stages need each other in a circle: a → c → b → a')
  })

  test('with two mistakes on one line', async () => {
    const told = await refused(
      folderWith('a: { nedes: b, setps: [{ run: x }] }\nb: { steps: [{ run: x }] }\n'),
      'did you mean `needs`?',
      'did you mean `steps`?',
    )
    expect(told).toMatch(/wf\.yml:4:8: .*\n[^]*wf\.yml:4:18: /)
    expect(told).toContain('2 mistakes')
  })
})

describe('a report', () => {
  const reporting = 't: { steps: [{ id: s, run: ./make.sh, reports: r.xml }] }\n'
  const good = junit({ a: 'passed' })
  const reasonOf = async (folder: string): Promise<string> => {
    const ended = await run(folder)
    expect(ended.code).toBe(1)
    expect(hasNoStack(ended)).toBe(true)
    const outcome = outcomeIn(folder)
    expect(outcome.verdict).toBe('fail')
    const reason = stepIn(outcome, 't/s')?.reason ?? ''
    expect(ended.stdout).toContain(reason.slice(0, 60))
    return reason
  }
  const script = (text: string): Record<string, string> => ({ 'make.sh': `#!/bin/sh\n${text}\n` })
  const withScript = async (text: string, more: Record<string, string | Uint8Array> = {}): Promise<string> => {
    const folder = await repositoryWith(reporting.replace('./make.sh', 'sh make.sh'), { ...script(text), ...more })
    return folder
  }

  test('that is stale: it was there, and the step did not write it', async () => {
    const folder = await withScript('true')
    writeFileSync(join(folder, 'r.xml'), good)
    expect(await reasonOf(folder)).toBe('report r.xml: the step did not write it')
    expect(existsSync(join(folder, 'r.xml'))).toBe(false)
  })

  test('that is stale and committed', async () => {
    const folder = await withScript('true', { 'r.xml': good })
    expect(await reasonOf(folder)).toContain('report r.xml: it is stale')
    expect(existsSync(join(folder, 'r.xml'))).toBe(true)
  })

  test('that is a directory', async () => {
    expect(await reasonOf(await withScript('mkdir r.xml'))).toBe('report r.xml: it is a folder')
  })

  test('that is a symlink out of the workspace', async () => {
    const secret = join(root, 'outside.xml')
    writeFileSync(secret, good)
    expect(await reasonOf(await withScript(`ln -s ${secret} r.xml`))).toBe(
      'report r.xml: it is a link that leads out of the repository',
    )
    const folder = await withScript('true')
    symlinkSync(root, join(folder, 'r.xml'))
    expect(await reasonOf(folder)).toBe('report r.xml: the step did not write it')
    expect(readFileSync(secret, 'utf8')).toBe(good)
  })

  test('that is truncated', async () => {
    expect(await reasonOf(await withScript(`printf '%s' '${good.slice(0, -30)}' > r.xml`))).toMatch(/^report r\.xml: /)
  })

  test('that is binary', async () => {
    expect(await reasonOf(await withScript('head -c 5000 /dev/urandom > r.xml'))).toMatch(/^report r\.xml: /)
  })

  test('of 0 bytes', async () => {
    expect(await reasonOf(await withScript(': > r.xml'))).toBe('report r.xml: is empty (0 bytes)')
  })

  test('in no known format', async () => {
    expect(await reasonOf(await withScript('echo hello > r.xml'))).toBe('report r.xml: is of no known format')
  })

  test('that is clean, while the step exits with 1', async () => {
    const folder = await withScript(`printf '%s' '${good}' > r.xml; exit 1`)
    expect(await reasonOf(folder)).toBe('exit 1, and no report explains it')
  })

  test('with failures, while the step exits with 0', async () => {
    const bad = junit({ a: 'passed', 'b $(touch pwned)': 'failed' })
    const folder = await withScript(`cat > r.xml <<'EOF'\n${bad}\nEOF`)
    const ended = await run(folder)
    expect(ended.code).toBe(1)
    expect(outcomeIn(folder)).toMatchObject({ verdict: 'fail', reason: 'gate not met: tests of t' })
    expect(stepIn(outcomeIn(folder), 't/s')?.status).toBe('success')
    expect(existsSync(join(folder, 'pwned'))).toBe(false)
  })
})

describe('a step', () => {
  const step = (script: string, more = ''): string =>
    `t: { steps: [{ id: s, run: ${JSON.stringify(script)}${more} }] }\n`

  test('that prints 200 MB: all of it is in the log, none of it in memory', async () => {
    const folder = folderWith(
      step('yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -c 200000000; exit 3'),
    )
    const peak = join(root, 'peak')
    const watch = `import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(${JSON.stringify(peak)},String(process.resourceUsage().maxRSS)))`
    const node = ['--import', `data:text/javascript,${encodeURIComponent(watch)}`, command, 'run']
    const child = spawn(process.execPath, node, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    let told = 0
    child.stderr.on('data', (chunk: Uint8Array) => (told += chunk.length))
    const ended = await endOf(child, ['stdout'])
    expect(ended.code).toBe(1)
    expect(told).toBeGreaterThan(200_000_000)
    expect(ended.stdout).toContain('0123456789')
    const outcome = outcomeIn(folder)
    const log = join(folder, '.wf', 'runs', outcome.run.id, stepIn(outcome, 't/s')?.log ?? '')
    expect(readdirSync(dirname(log))).toEqual(['s.1.log'])
    expect(execFileSync('wc', ['-c', log], { encoding: 'utf8' })).toMatch(/^200000000 /)
    expect(Number(readFileSync(peak, 'utf8')) / 1024).toBeLessThan(250)
    rmSync(folder, { recursive: true })
  })

  test('that prints one line of 20 MB', async () => {
    const folder = folderWith(step("head -c 20000000 /dev/zero | tr '\\0' x; exit 1"))
    const ended = await run(folder)
    expect(ended.code).toBe(1)
    expect(Math.max(...ended.stderr.split('\n').map((line) => line.length))).toBeLessThan(100_000)
  })

  test('that prints `::set-output` and `##[error]` lines: no output is set, no command is passed on', async () => {
    const lines = [
      '::set-output name=evil::1',
      '::error file=a::boo',
      '  ::add-mask::x',
      '##[error]boo',
      'x ##[group]y',
      '\\r::stop-commands::t',
    ]
    const folder = folderWith(
      `t:\n  steps:\n    - { id: s, run: "printf '${lines.join('\\n')}\\n'; printf '${lines.join('\\n')}\\n' >&2" }\n    - { if: "steps.s.outputs.evil == ''", run: "printf '${lines.join('\\n')}\\n'; exit 1" }\n`,
    )
    for (const args of [[], ['--quiet'], ['--verbose']]) {
      const ended = await run(folder, ...args)
      expect(ended.code).toBe(1)
      for (const line of `${ended.stdout}\n${ended.stderr}`.split(/\r?\n|\r/)) {
        expect(line.trimStart().startsWith('::')).toBe(false)
        expect(line.includes('##[')).toBe(false)
      }
      expect(stepIn(outcomeIn(folder), 't/2')?.status).toBe('failure')
    }
  })

  test('that ignores SIGINT and SIGTERM is killed after its time', async () => {
    const { folder = '', ended } = stubborn ?? {}
    expect((await ended)?.code).toBe(1)
    expect(stepIn(outcomeIn(folder), 't/s')).toMatchObject({ status: 'failure', reason: 'took longer than 100ms' })
    expect(isAlive(Number(readFileSync(join(folder, 'pid'), 'utf8')))).toBe(false)
  })

  test('that forks a daemon: the run ends, and what stays in its group goes', async () => {
    const folder = folderWith(
      step(
        'sleep 300 & echo $! > group; setsid sh -c "echo \\$\\$ > daemon; exec sleep 300" & while [ ! -s daemon ]; do :; done; echo started',
      ),
    )
    const ended = await run(folder)
    const [group, daemon] = ['group', 'daemon'].map((name) => Number(readFileSync(join(folder, name), 'utf8')))
    expect(ended.code).toBe(0)
    expect(ended.stderr).toContain('started')
    expect(isAlive(group ?? 0)).toBe(false)
    // A process that left its group on purpose cannot be found again; only the test knows it.
    if (daemon) process.kill(daemon, 'SIGKILL')
  })

  test('that ends by a signal', async () => {
    const folder = folderWith(step('kill -SEGV $$'))
    expect((await run(folder)).code).toBe(1)
    expect(stepIn(outcomeIn(folder), 't/s')?.reason).toBe('killed by SIGSEGV')
  })

  test('that names outputs with newlines', async () => {
    const folder = folderWith(
      `t: { on-failure: continue, steps: { s: { run: "printf 'a\\nb=1\\n' >> $GITHUB_OUTPUT" }, p: { plugin: ./p.mjs } } }\n`,
      { 'p.mjs': `export default { run({ setOutput }) { setOutput('a\\nb', '1'); return { ok: true } } }\n` },
    )
    expect((await run(folder)).code).toBe(1)
    const outcome = outcomeIn(folder)
    expect(stepIn(outcome, 't/s')?.reason).toMatch(/^line 1 of \$GITHUB_OUTPUT is neither `name=value` nor/)
    expect(stepIn(outcome, 't/p')?.reason).toBe('"a\\nb" is no name of an output')
  })

  test('that has more to say than an argument may hold', async () => {
    const folder = folderWith(step(`: ${'x'.repeat(200_000)}\necho done`))
    const ended = await run(folder)
    expect([ended.code, ended.stderr.includes('[t/s] done')]).toEqual([0, true])
  })
})

describe('names from outside', () => {
  test('a branch named `$(touch pwned)` runs nothing', async () => {
    const name = '$(touch${IFS}pwned)`touch${IFS}pwned`;touch${IFS}pwned'
    const text =
      't: { steps: [{ id: s, run: "echo \\"$BRANCH $GITHUB_REF_NAME\\"", env: { BRANCH: "${{ github.ref_name }}" } }] }\n'
    const folder = await repositoryWith(text, { '.gitignore': 'event.json\n' })
    await git(folder, 'switch', '--quiet', '--create', name)
    const ended = await run(folder)
    expect(ended.code).toBe(0)
    expect(ended.stderr).toContain(`[t/s] ${name} ${name}`)
    const payload = { number: 1, pull_request: { head: { ref: '$(touch pwned)', sha: 'a' }, base: { ref: 'main' } } }
    writeFileSync(join(folder, 'event.json'), JSON.stringify(payload))
    const asked = await run(folder, 't', '--event', 'event.json', '--base', '$(touch pwned)')
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('git knows no commit `$(touch pwned)`')])
    await git(folder, 'remote', 'add', 'origin', folder)
    expect((await run(folder, 't', '--event', 'event.json')).code).toBe(0)
    const inScript = folderWith('t: { steps: [{ run: "echo ${{ github.head_ref }}" }] }\n')
    const refused = await run(inScript)
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('stranger')])
    expect(readdirSync(folder).sort()).toEqual(['.git', '.github', '.gitignore', '.wf', 'event.json'])
  })

  test('an event payload that is missing, a folder, not JSON, no object or of no event', async () => {
    const folder = folderWith('t: { steps: [{ run: "true" }] }\n', {
      'broken.json': '{"ref": ',
      'list.json': '[]',
      'other.json': '{"action": "starred"}',
      'dir/x': '',
    })
    const told = async (...args: string[]): Promise<string> => {
      const ended = await run(folder, ...args)
      expect([ended.code, hasNoStack(ended)]).toEqual([2, true])
      return ended.stderr
    }
    expect(await told('--event', 'none.json')).toContain('there is no event payload none.json')
    expect(await told('--event', 'dir')).toContain('there is no event payload dir')
    expect(await told('--event', 'broken.json')).toContain('the event payload broken.json is not a JSON object')
    expect(await told('--event', 'list.json')).toContain('the event payload list.json is not a JSON object')
    expect(await told('--event', 'other.json')).toContain('does not tell its event')
    expect(await told('--event', 'other.json', '--event-name', 'pussh')).toContain('did you mean `push`?')
  })
})

/** Whether a folder of our own with a few KB can be had: only root may mount one. */
function smallDisk(): { folder: string; remove: () => void } | undefined {
  const folder = join(root, 'disk')
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', folder], { stdio: 'ignore' })
    return { folder, remove: () => void execFileSync('umount', ['-l', folder]) }
  } catch {
    return undefined
  }
}
const disk = smallDisk()

;(disk ? test : test.skip)('a full disk under .wf/ ends the run with the reason, and leaves no process', async () => {
  const folder = folderWith(
    `t: { steps: { serve: { run: "echo $$ > pid; sleep 300" }, fill: { run: "while [ ! -s pid ]; do :; done; yes | head -c 1000000" } } }\n`,
  )
  symlinkSync(disk?.folder ?? '', join(folder, '.wf'))
  const ended = await run(folder)
  expect(ended.code).toBe(3)
  expect(ended.stderr).toMatch(/wf: no space left on the device while writing .*\.wf\/runs\//)
  expect(hasNoStack(ended)).toBe(true)
  expect(isAlive(Number(readFileSync(join(folder, 'pid'), 'utf8')))).toBe(false)
})

describe('Ctrl-C', () => {
  const text = `t:
  steps:
    - { id: work, run: "trap 'echo told >> seen; exit 0' INT; echo working; while :; do sleep 0.05; done" }
    - { id: later, run: "echo later >> seen" }
  finally: [{ id: end, run: "echo ending; sleep 0.3; echo end >> seen" }]
after: { needs: t, if: always(), steps: [{ run: "echo after >> seen" }] }
`
  const seen = (folder: string): string => readFileSync(join(folder, 'seen'), 'utf8')

  test('once ends the run with all that must still run', async () => {
    const folder = folderWith(text)
    const child = start(folder)
    await child.printed('working')
    child.process.kill('SIGINT')
    const ended = await child.ended
    expect(ended.code).toBe(130)
    expect(ended.stderr).toContain('ending the run; once more to kill everything')
    expect(seen(folder)).toBe('told\nend\nafter\n')
    expect(outcomeIn(folder)).toMatchObject({ verdict: 'cancelled' })
  })

  test('twice kills everything at once', async () => {
    const folder = folderWith(
      `t: { steps: [{ run: "trap 'echo stubborn' INT TERM; echo $$ > pid; echo working; while :; do sleep 0.05 || :; done" }], finally: [{ run: "echo end >> seen" }] }\n`,
    )
    const child = start(folder)
    await child.printed('working')
    child.process.kill('SIGINT')
    await child.printed('stubborn')
    child.process.kill('SIGINT')
    const ended = await child.ended
    expect(ended.code).toBe(130)
    expect(existsSync(join(folder, 'seen'))).toBe(false)
    expect(isAlive(Number(readFileSync(join(folder, 'pid'), 'utf8')))).toBe(false)
    expect(outcomeIn(folder)).toMatchObject({ verdict: 'cancelled' })
  })
})
