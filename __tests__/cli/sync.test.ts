import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { unifiedDiff } from '../../src/cli/diff.js'
import { sync } from '../../src/cli/sync.js'
import { MemoryFiles } from '../support/files.js'
import { CaptureTerminal, fakePorts } from '../support/ports.js'

const file = 'version: 1\nname: shop\non: { push: test }\nstages: { test: { steps: [{ run: npm test }] } }\n'
const source = '/repo/.github/wf.yml'
const target = '/repo/.github/workflows/wf.yml'
const action = `org/wf-action@${'a'.repeat(40)}`
const pinned = ['--action', `${action} # v1.2.3`]

async function call(args: string[], files = new MemoryFiles({ [source]: file }), colours = false) {
  const ports = fakePorts({ files, terminal: new CaptureTerminal(false, colours) })
  const code = await sync.run(args, { ports, cwd: '/repo' })
  return { code, out: ports.terminal.outText, err: ports.terminal.errText, files, text: files.readText(target) ?? '' }
}

/** A folder in which `wf sync` ran before, with files of it changed since. */
async function after(changes: Record<string, (text: string) => string> = {}): Promise<MemoryFiles> {
  const { files } = await call(pinned)
  for (const [path, change] of Object.entries(changes)) files.write(path, change(files.readText(path) ?? ''))
  return files
}

describe('wf sync', () => {
  test('writes the workflow, and has nothing to do the second time', async () => {
    const first = await call(pinned)
    expect([first.code, first.out, first.err]).toEqual([
      0,
      '.github/workflows/wf.yml: 3 jobs, from .github/wf.yml\n',
      '',
    ])
    expect(first.text).toContain('# Made by `wf sync` from .github/wf.yml')
    const second = await call([], first.files)
    expect([second.code, second.out]).toEqual([0, '.github/workflows/wf.yml is in sync with .github/wf.yml\n'])
    expect(second.text).toBe(first.text)
  })

  test('says how our action is pinned while it is not', async () => {
    const { code, err } = await call([])
    expect(code).toBe(0)
    expect(err).toContain('warning: `org/wf-action@v1` may be other code tomorrow [unpinned]\n  hint: name the commit')
  })

  test('follows the workflow file, and keeps what users wrote', async () => {
    const files = await after({
      [source]: (text) =>
        text
          .replace('npm test }] }', 'npm test }] }, more: { needs: test, steps: [{ run: x }] }')
          .replace('push: test', 'push: more'),
      [target]: (text) =>
        `${text}\n  # wf:own jobs\n  mine:\n    runs-on: ubuntu-latest\n    steps: [{ run: "true" }]\n  # wf:end\n`.replace(
          '\n\n  # wf:own',
          '\n  # wf:own',
        ),
    })
    const { code, text } = await call([], files)
    expect(code).toBe(0)
    expect(text).toContain('\n  more:\n')
    expect(text).toMatch(
      /\n {2}# wf:own jobs\n {2}mine:\n {4}runs-on: ubuntu-latest\n {4}steps: \[\{ run: "true" \}\]\n {2}# wf:end\n$/,
    )
  })

  test('does not write over what somebody changed, and says where', async () => {
    const files = await after({ [target]: (text) => text.replace('name: verdict', 'name: mine') })
    const before = files.readText(target)
    const { code, err, text } = await call([], files)
    expect([code, text]).toEqual([2, before])
    expect(err).toMatch(
      /^\.github\/workflows\/wf\.yml:\d+:1: error: \.github\/workflows\/wf\.yml was changed since `wf sync` wrote it/,
    )
    expect(err).toContain('|     name: mine\n')
    expect(err).toContain('`--force` writes over it and keeps a copy')
  })

  test('does not write over what somebody else wrote', async () => {
    const { code, err, text } = await call([], new MemoryFiles({ [source]: file, [target]: 'name: mine\n' }))
    expect([code, text]).toEqual([2, 'name: mine\n'])
    expect(err).toContain('wf.yml:1:1: error: .github/workflows/wf.yml was not made by `wf sync` [not-synced]')
  })

  test('with --force it does, and what was there is kept, each time', async () => {
    const files = new MemoryFiles({ [source]: file, [target]: 'name: mine\n', [`${target}.bak`]: 'older' })
    const { code, out, text } = await call(['--force', ...pinned], files)
    expect(code).toBe(0)
    expect(out).toContain('what was there is kept in .github/workflows/wf.yml.2.bak\n')
    expect(text).toContain('Made by `wf sync`')
    expect([files.readText(`${target}.bak`), files.readText(`${target}.2.bak`)]).toEqual(['older', 'name: mine\n'])
  })

  test('refuses a part that has no place any more, with --force too', async () => {
    const files = await after({ [target]: (text) => `${text}  # wf:own steps\n  x: 1\n  # wf:end\n` })
    for (const args of [[], ['--force'], ['--check'], ['--stdout']]) {
      const { code, err } = await call(args, files)
      expect([code, err]).toEqual([2, expect.stringContaining('there is no place for a part `steps` [own-part]')])
    }
  })

  test('two workflow files do not write over each other, and one that was moved is followed', async () => {
    const files = await after({ '/repo/ci/wf.yml': () => file })
    const refused = await call(['--file', 'ci/wf.yml'], files)
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining('was made from .github/wf.yml, which is still there'),
    ])
    files.remove(source)
    const { code, text } = await call(['--file', 'ci/wf.yml'], files)
    expect(code).toBe(0)
    expect(text).toContain('with: { part: plan, file: ci/wf.yml }')
  })

  test('the workflow file is not where GitHub looks for its own', async () => {
    const { code, err } = await call(['--file', '.github/workflows/wf.yml'], new MemoryFiles({ [target]: file }))
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('the workflow file lies where its GitHub workflow belongs'),
    ])
  })

  test('a folder of its own, and a workflow file of another name', async () => {
    const files = new MemoryFiles({ '/repo/sub/.github/deploy.yml': file })
    const { code } = await call(['--dir', 'sub', '--file', '.github/deploy.yml'], files)
    expect(code).toBe(0)
    expect(files.readText('/repo/sub/.github/workflows/deploy.yml')).toContain('deploy-${{ github.run_id }}')
  })

  test.each<[string, string[], string]>([
    ['a mistake in the file', [], 'there is no stage `tset` to walk to'],
    ['no file', ['--file', 'none.yml'], 'there is no workflow file none.yml'],
    ['no folder', ['--dir', 'nowhere'], 'there is no folder nowhere'],
    ['an action that is none', ['--action', 'org/wf-action'], '`org/wf-action` is no action'],
    ['an unknown option', ['--chek'], 'did you mean `--check`?'],
  ])('%s ends with 2', async (_, args, message) => {
    const { code, err } = await call(args, new MemoryFiles({ [source]: file.replace('push: test', 'push: tset') }))
    expect([code, err]).toEqual([2, expect.stringContaining(message)])
  })

  test('a folder where the workflow belongs is told', async () => {
    const ports = fakePorts({ files: new MemoryFiles({ [source]: file, [`${target}/x`]: '' }) })
    expect(await sync.run([], { ports, cwd: '/repo' })).toBe(2)
    expect(ports.terminal.errText).toContain('.github/workflows/wf.yml is no file')
  })

  test('--stdout prints it and writes nothing', async () => {
    const { code, out, text, err } = await call(['--stdout'])
    expect([code, text]).toEqual([0, ''])
    expect(out).toMatch(/^# Made by `wf sync`/)
    expect(err).toContain('[unpinned]')
  })

  test('--json says what came of it', async () => {
    const { out, files } = await call([...pinned, '--json'])
    expect(JSON.parse(out)).toEqual({
      version: 1,
      file: '.github/workflows/wf.yml',
      from: '.github/wf.yml',
      state: 'written',
      jobs: 3,
      problems: [],
    })
    expect(JSON.parse((await call(['--json', '--check'], files)).out)).toMatchObject({ state: 'in-sync', diff: '' })
    files.write(target, 'x')
    expect(JSON.parse((await call(['--json'], files)).out)).toMatchObject({ problems: [{ code: 'not-synced' }] })
  })
})

describe('wf sync --check', () => {
  test('ends with 0 where nothing differs, also with the line ends of Windows, and writes nothing', async () => {
    const files = await after({ [target]: (text) => text.replaceAll('\n', '\r\n') })
    const before = files.all()
    const { code, out } = await call(['--check'], files)
    expect([code, out]).toEqual([0, '.github/workflows/wf.yml is in sync with .github/wf.yml\n'])
    expect(files.all()).toEqual(before)
  })

  test('ends with 1 on drift, with what differs', async () => {
    const files = await after({
      [source]: (text) =>
        text.replace('stages:', 'inputs: {}\nstages:').replace('push: test', 'push: test, merge_group: test'),
    })
    const { code, out } = await call(['--check'], files)
    expect(code).toBe(1)
    const lines = out.split('\n')
    expect(lines.slice(0, 2)).toEqual(['--- .github/workflows/wf.yml', '+++ what .github/wf.yml gives'])
    expect(lines).toContain('+  merge_group: { types: [checks_requested] }')
    expect(lines.filter((line) => line.startsWith('-'))).toHaveLength(2)
    expect(out).toContain('\n\n.github/workflows/wf.yml is not in sync with .github/wf.yml: run `wf sync`\n')
    expect(out).not.toContain('\u001B')
    expect((await call(['--check'], files, true)).out).toContain('\u001B[32m+  merge_group')
  })

  test.each<[string, MemoryFiles, string]>([
    ['is not there', new MemoryFiles({ [source]: file }), 'there is no .github/workflows/wf.yml: run `wf sync`\n'],
    [
      'is of somebody else',
      new MemoryFiles({ [source]: file, [target]: 'x: 1\n' }),
      '.github/workflows/wf.yml was not made by `wf sync`: move it, or write over it by `wf sync --force`, which keeps a copy\n',
    ],
  ])('ends with 1 where it %s', async (_, files, message) => {
    const { code, out } = await call(['--check'], files)
    expect([code, out]).toEqual([1, expect.stringContaining(message)])
  })

  test('ends with 1 where somebody changed it', async () => {
    const files = await after({ [target]: (text) => text.replace('name: verdict', 'name: mine') })
    const { code, out } = await call(['--check'], files)
    expect(code).toBe(1)
    expect(out).toContain('-    name: mine\n+    name: verdict\n')
    expect(out).toContain('was changed since `wf sync` wrote it')
  })
})

describe('the difference of two texts', () => {
  test('is empty for equal ones, and has three lines around what differs', () => {
    const old = Array.from({ length: 20 }, (_, i) => `${i}\n`).join('')
    expect(unifiedDiff(old, old)).toEqual([])
    const now = old.replace('\n3\n', '\nthree\n').replace('\n18\n', '\n')
    expect(unifiedDiff(old, now).join('\n')).toBe(
      '@@ -1,7 +1,7 @@\n 0\n 1\n 2\n-3\n+three\n 4\n 5\n 6\n@@ -16,5 +16,4 @@\n 15\n 16\n 17\n-18\n 19',
    )
    expect(unifiedDiff('', 'a\n')).toEqual(['@@ -0,0 +1,1 @@', '+a'])
  })

  test('leads from one to the other, however much differs', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 })
    fc.assert(
      fc.property(lines, lines, (old, now) => {
        const text = (all: string[]): string => all.map((line) => `${line}\n`).join('')
        expect(applied(old, unifiedDiff(text(old), text(now)))).toEqual(now)
      }),
    )
    const long = Array.from({ length: 3000 }, (_, i) => `${i}`)
    const other = long.map((line) => `x${line}`)
    expect(applied(long, unifiedDiff(long.join('\n'), other.join('\n')))).toEqual(other)
  })

  /** What a patch makes of a text. */
  function applied(old: readonly string[], patch: readonly string[]): string[] {
    const made: string[] = []
    let at = 0
    for (const line of patch) {
      const [, start, count] = /^@@ -(\d+),(\d+)/.exec(line) ?? []
      if (start !== undefined) {
        const from = count === '0' ? Number(start) : Number(start) - 1
        made.push(...old.slice(at, from))
        at = from
      } else if (line.startsWith('+')) made.push(line.slice(1))
      else {
        if (line.startsWith(' ')) made.push(line.slice(1))
        expect(old[at++]).toBe(line.slice(1))
      }
    }
    return [...made, ...old.slice(at)]
  }
})
