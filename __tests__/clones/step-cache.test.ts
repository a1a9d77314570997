import { afterAll, describe, expect, test } from '@jest/globals'
import {
  chmodSync,
  lstatSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { change, runIn, shell } from '../support/real-run.js'
import { Scratch } from '../support/scratch.js'
import { removeFrom, resultsIn, segmentsIn, spoil } from '../support/stores/stored.js'

/** The real engine with the folder cache, in real repositories: each wrong hit that leading tools give, and what else must hold. */
const scratch = new Scratch('wf-step-cache-')
afterAll(() => scratch.remove())

/** A repository with one stage; every step counts its runs in a file beside the repository. */
const repository = (steps: string, files: Record<string, string> = {}): Promise<string> =>
  scratch.repositoryWith(`build:\n  steps:\n${steps.replaceAll(/^(?=.)/gm, '    ')}`, {
    '.gitignore': 'out/\n.wf/\n',
    'src/a.txt': 'one\n',
    'src/b.txt': 'two\n',
    ...files,
  })

const caches = 'cache: { inputs: [src/], outputs: [out/] }'
const joined = `join:\n  run: mkdir -p out; cat src/a.txt src/b.txt > out/all.txt\n  ${caches}\n`
const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8')
const hitOf = async (folder: string, address: string, options = {}): Promise<true | string[]> => {
  const { cache } = (await runIn(folder, options)).step(address)
  if (!cache) throw new Error('the step did not ask the cache')
  return cache.hit ? true : cache.why
}

describe('the eight wrong hits', () => {
  test('1. the order of arguments is swapped', async () => {
    const folder = await repository(joined)
    await runIn(folder)
    const file = read(folder, '.github/wf.yml')
    change(folder, { '.github/wf.yml': file.replace('src/a.txt src/b.txt', 'src/b.txt src/a.txt') })
    expect(await hitOf(folder, 'build/join')).toEqual(['its script changed'])
    expect(read(folder, 'out/all.txt')).toBe('two\none\n')
  })

  test('2. an input changed that a step before writes', async () => {
    const folder = await repository(`make:
  run: mkdir -p out; cp made.txt out/made.txt
use:
  needs: make
  run: cp out/made.txt out/used.txt
  cache: { inputs: [out/made.txt], outputs: [out/used.txt] }
`)
    change(folder, { 'made.txt': 'first' })
    await runIn(folder)
    change(folder, { 'made.txt': 'other' })
    expect(await hitOf(folder, 'build/use')).toEqual(['the file out/made.txt changed'])
    expect(read(folder, 'out/used.txt')).toBe('other')
  })

  test('3. only the mode of a file changed', async () => {
    const folder = await repository(
      `look:\n  run: mkdir -p out; if [ -x src/a.txt ]; then echo yes; else echo no; fi > out/x\n  ${caches}\n`,
    )
    await runIn(folder)
    expect(read(folder, 'out/x')).toBe('no\n')
    chmodSync(join(folder, 'src/a.txt'), 0o755)
    expect(await hitOf(folder, 'build/look')).toEqual(['the mode of the file src/a.txt changed'])
    expect(read(folder, 'out/x')).toBe('yes\n')
  })

  test('3a. also where git is told to look at no modes', async () => {
    const folder = await repository(`look:\n  run: mkdir -p out; ls -l src/a.txt | cut -c4 > out/x\n  ${caches}\n`)
    shell(folder, 'git config core.fileMode false')
    await runIn(folder)
    chmodSync(join(folder, 'src/a.txt'), 0o755)
    expect(await hitOf(folder, 'build/look')).not.toBe(true)
    expect(read(folder, 'out/x')).toBe('x\n')
  })

  test('4. an output was altered, with the same size and times', async () => {
    const folder = await repository(joined)
    await runIn(folder)
    const path = join(folder, 'out/all.txt')
    const { atime, mtime } = statSync(path)
    writeFileSync(path, 'ONE\ntwo\n')
    utimesSync(path, atime, mtime)
    expect(await hitOf(folder, 'build/join')).toBe(true)
    expect(read(folder, 'out/all.txt')).toBe('one\ntwo\n')
  })

  test('5. only the command or a variable changed', async () => {
    const steps = `say:
  run: mkdir -p out; echo "$WORD $OTHER" > out/said
  env: { WORD: '\${{ inputs.word }}' }
  cache: { inputs: [src/], outputs: [out/], env: [OTHER] }
`
    const folder = await repository(steps)
    const file = read(folder, '.github/wf.yml')
    change(folder, { '.github/wf.yml': `${file}\ninputs: { word: { type: string, default: hello } }\n` })
    const inputs = { word: 'bye' }
    await runIn(folder)
    expect(await hitOf(folder, 'build/say', { inputs })).toEqual(['the variable WORD changed'])
    expect(read(folder, 'out/said')).toBe('bye \n')
    process.env['OTHER'] = 'machine'
    try {
      expect(await hitOf(folder, 'build/say', { inputs })).toEqual(['the variable OTHER is new'])
    } finally {
      delete process.env['OTHER']
    }
    expect(read(folder, 'out/said')).toBe('bye machine\n')
    change(folder, { '.github/wf.yml': read(folder, '.github/wf.yml').replace('echo', 'printf "%s" >/dev/null; echo') })
    expect(await hitOf(folder, 'build/say', { inputs })).toContain('its script changed')
  })

  test('6. what was stored is gone or damaged, but a trace of it is there', async () => {
    const folder = await repository(joined)
    await runIn(folder)
    const store = join(folder, '.wf/cache')
    const again = async (): Promise<true | string[]> => {
      rmSync(join(folder, 'out'), { recursive: true })
      const hit = await hitOf(folder, 'build/join')
      expect(read(folder, 'out/all.txt')).toBe('one\ntwo\n')
      return hit
    }
    await removeFrom(store, await resultsIn(store))
    expect(await again()).toEqual(['its entry is gone'])
    for (const change of [
      (bytes: Buffer) => (bytes.write('X', bytes.length - 2), bytes),
      (bytes: Buffer) => (bytes.write('X', 100), bytes),
      (bytes: Buffer) => bytes.subarray(0, 450),
      (bytes: Buffer) => bytes.subarray(0, 0),
    ]) {
      spoil(store, change)
      expect(await again()).toEqual(['the entry is damaged'])
      expect(await again()).toBe(true)
    }
    for (const path of segmentsIn(store)) truncateSync(path, statSync(path).size - 20)
    expect(await again()).toEqual(['its entry is gone'])
    for (const path of segmentsIn(store)) truncateSync(path, 0)
    expect(await again()).toEqual(['nothing is stored of it yet'])
  })

  test('6a. also what is so large that it is a file of its own', async () => {
    const folder = await repository(
      `large:\n  run: mkdir -p out; head -c 99999 /dev/zero > out/all; cat src/a.txt >> out/all\n  ${caches}\n`,
    )
    await runIn(folder)
    const [name = ''] = (await resultsIn(join(folder, '.wf/cache'))).map((entry) => entry.name)
    const path = join(folder, '.wf/cache', name.slice(0, 2), name)
    const again = async (): Promise<true | string[]> => {
      rmSync(join(folder, 'out'), { recursive: true })
      const hit = await hitOf(folder, 'build/large')
      expect(read(folder, 'out/all')).toMatch(/\0{9}one\n$/)
      return hit
    }
    expect(await again()).toBe(true)
    const bytes = readFileSync(path)
    rmSync(path)
    expect(await again()).toEqual(['its entry is gone'])
    bytes.write('X', bytes.length - 2)
    for (const other of [bytes, bytes.subarray(0, 900), '']) {
      writeFileSync(path, other)
      expect(await again()).toEqual(['the entry is damaged'])
    }
  })

  test('7. a failed step is not stored, nor one that succeeded when it was tried again', async () => {
    const folder = await repository(`fails:
  run: mkdir -p out; echo bad > out/x; exit 3
  ${caches}
`)
    expect((await runIn(folder)).outcome.verdict).toBe('fail')
    expect(await hitOf(folder, 'build/fails')).toEqual(['nothing is stored of it yet'])
    const flaky = await repository(`flaky:
  run: mkdir -p out; test -e out/tried || { touch out/tried; exit 1; }
  retry: { retries: 1, delay: 1ms }
  ${caches}
`)
    const { cache } = (await runIn(flaky)).step('build/flaky')
    expect(cache).toMatchObject({ hit: false, left: 'it did not succeed at its first attempt' })
  })

  test('8. a step that was killed half-way is not taken for done', async () => {
    const folder = await repository(`slow:
  run: mkdir -p out; echo half > out/x; kill -9 $$
  ${caches}
`)
    expect((await runIn(folder)).step('build/slow').status).toBe('failure')
    expect(await hitOf(folder, 'build/slow')).toEqual(['nothing is stored of it yet'])
  })
})

test('a hit restores files, modes, links, outputs, variables, the log and the evidence', async () => {
  const steps = `all:
  run: |
    mkdir -p out/deep; echo x > out/deep/x; chmod +x out/deep/x; ln -s deep/x out/link
    echo "answer=42" >> $GITHUB_OUTPUT; echo "LEFT=here" >> $GITHUB_ENV; echo told; echo '# sum' >> $GITHUB_STEP_SUMMARY
    printf '<testsuite name="s"><testcase name="t" classname="c" time="1"/></testsuite>' > report.xml
  reports: report.xml
  cache: { inputs: [src/], outputs: [out/] }
after:
  needs: all
  run: test "$LEFT" = here; test "\${{ steps.all.outputs.answer }}" = 42
`
  const folder = await repository(steps)
  await runIn(folder)
  rmSync(join(folder, 'out'), { recursive: true })
  rmSync(join(folder, 'report.xml'))
  const printed: string[] = []
  const second = await runIn(folder, { watch: { live: (_step, _stream, text) => void printed.push(text) } })
  expect(second.step('build/all').cache).toMatchObject({ hit: true })
  expect(second.outcome.verdict).toBe('pass')
  expect(read(folder, 'out/link')).toBe('x\n')
  expect(lstatSync(join(folder, 'out/link')).isSymbolicLink()).toBe(true)
  expect(statSync(join(folder, 'out/deep/x')).mode & 0o111).toBe(0o111)
  expect(printed.join('')).toContain('told')
  expect(read(folder, join('.wf/runs', second.outcome.run.id, second.step('build/all').log ?? ''))).toBe('told\n')
  expect(second.step('build/all').summary).toContain('# sum')
  expect(second.outcome.verdicts.find(({ gate }) => gate === 'tests')?.status).toBe('pass')
})

test('an output that stays the same stops the cascade', async () => {
  const folder = await repository(`first:
  run: mkdir -p out; head -c 3 src/a.txt > out/first
  ${caches.replace('out/', 'out/first')}
then:
  needs: first
  run: cp out/first out/then
  cache: { inputs: [out/first], outputs: [out/then] }
`)
  await runIn(folder)
  change(folder, { 'src/a.txt': 'one more line\n' })
  const { step } = await runIn(folder)
  expect(step('build/first').cache).toMatchObject({ hit: false, why: ['the file src/a.txt changed'] })
  expect(step('build/then').cache).toMatchObject({ hit: true })
})

test('files that the step would not have left are taken away when git ignores them, and left when it does not', async () => {
  const folder = await repository(joined)
  await runIn(folder)
  change(folder, { 'src/a.txt': 'changed\n' })
  await runIn(folder)
  change(folder, { 'src/a.txt': 'one\n', 'out/stale.txt': 'of another run' })
  expect(await hitOf(folder, 'build/join')).toBe(true)
  expect(readdirSync(join(folder, 'out'))).toEqual(['all.txt'])
  change(folder, { '.gitignore': '.wf/\n', 'out/mine.txt': 'precious' })
  expect(await hitOf(folder, 'build/join')).toBe(true)
  expect(read(folder, 'out/mine.txt')).toBe('precious')
})

test('a step whose results are kept sees only the variables that it is known by', async () => {
  process.env['SECRET_OF_MACHINE'] = 'x'
  try {
    const folder = await repository(
      `see:\n  run: mkdir -p out; echo "[$SECRET_OF_MACHINE]" > out/x; test -n "$PATH"\n  ${caches}\n`,
    )
    await runIn(folder)
    expect(read(folder, 'out/x')).toBe('[]\n')
  } finally {
    delete process.env['SECRET_OF_MACHINE']
  }
})

test('an input that changes while the step runs keeps its result from being stored', async () => {
  const folder = await repository(
    `touchy:\n  run: mkdir -p out; cat src/a.txt > out/x; echo more >> src/b.txt\n  ${caches}\n`,
  )
  const { cache } = (await runIn(folder)).step('build/touchy')
  expect(cache).toMatchObject({ left: 'src/b.txt changed while it ran' })
})

test('a step that does not write what it declares is not stored', async () => {
  const folder = await repository('lazy:\n  run: "true"\n  cache: { inputs: [src/], outputs: [out/x] }\n')
  expect((await runIn(folder)).step('build/lazy').cache).toMatchObject({ left: 'it did not write out/x' })
})

test('a path that leads out of the repository is refused, before and after evaluation', async () => {
  const folder = await repository(`out:
  run: 'true'
  env: { AT: '../elsewhere' }
  cache: { inputs: ['\${{ env.AT }}/x'] }
`)
  expect((await runIn(folder)).step('build/out')).toMatchObject({
    status: 'failure',
    reason: 'a path of its `cache` leads out of the repository: ../elsewhere/x',
  })
  change(folder, { '.github/wf.yml': read(folder, '.github/wf.yml').replace('${{ env.AT }}', '..') })
  await expect(runIn(folder)).rejects.toThrow('files of the cache must lie inside the repository')
})

test('what holds a secret is not stored', async () => {
  const folder = await repository(`tell:
  run: echo "token=$TOKEN" >> $GITHUB_OUTPUT
  secrets: [TOKEN]
  cache: { inputs: [src/] }
`)
  const { step } = await runIn(folder, { secrets: { TOKEN: 'a-very-secret-value' } })
  expect(step('build/tell').cache).toMatchObject({ left: 'what it told holds a secret' })
})

test('a key of the user’s own decides too', async () => {
  const folder = await repository(
    `say:\n  run: mkdir -p out; echo x > out/x\n  cache: { inputs: [src/], outputs: [out/], key: '\${{ inputs.era }}' }\n`,
  )
  const file = read(folder, '.github/wf.yml')
  change(folder, { '.github/wf.yml': `${file}\ninputs: { era: { type: string, default: one } }\n` })
  await runIn(folder)
  expect(await hitOf(folder, 'build/say')).toBe(true)
  expect(await hitOf(folder, 'build/say', { inputs: { era: 'two' } })).toEqual(['its key changed'])
})

test('a result counts for the time that is given', async () => {
  const folder = await repository(`old:\n  run: "true"\n  cache: { inputs: [src/], ttl: 1h }\n`)
  await runIn(folder)
  expect(await hitOf(folder, 'build/old')).toBe(true)
  const file = read(folder, '.github/wf.yml')
  change(folder, { '.github/wf.yml': file.replace('1h', '1ms') })
  expect(await hitOf(folder, 'build/old')).toEqual(['it is older than its ttl of 1ms'])
})

test('`--no-cache` neither takes nor keeps, and `cache: off` asks nothing', async () => {
  const folder = await repository(joined)
  expect((await runIn(folder, { noCache: true })).step('build/join').cache).toBeUndefined()
  expect(await hitOf(folder, 'build/join')).toEqual(['nothing is stored of it yet'])
  change(folder, { '.github/wf.yml': `${read(folder, '.github/wf.yml')}\ncache: 'off'\n` })
  expect((await runIn(folder)).step('build/join').cache).toBeUndefined()
})

test.each([40_000, 90_000])(
  'of entries of %i bytes those go that were used longest ago when the folder is full',
  async (size) => {
    const folder = await repository(`big:\n  run: mkdir -p out; head -c ${size} /dev/urandom > out/x\n  ${caches}\n`)
    const most = 2.5 * size
    change(folder, { '.github/wf.yml': `${read(folder, '.github/wf.yml')}\ncache: { max-size: ${most / 1000}KB }\n` })
    for (const text of ['1', '2', '3', '4']) {
      change(folder, { 'src/a.txt': text })
      await runIn(folder)
    }
    expect(await resultsIn(join(folder, '.wf/cache'))).toHaveLength(2)
    const files = readdirSync(join(folder, '.wf/cache'), { recursive: true, withFileTypes: true })
    const sizes = files.map((entry) => (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0))
    expect(sizes.reduce((sum, one) => sum + one, 0)).toBeLessThan(most)
    expect(await hitOf(folder, 'build/big')).toBe(true)
  },
)

test('a cache that cannot be written is told, and the run goes on', async () => {
  const folder = await repository(joined)
  change(folder, { '.wf/cache': 'a file in its place' })
  const { outcome } = await runIn(folder)
  expect(outcome.verdict).toBe('pass')
  expect(outcome.notes.filter((note) => note.startsWith('the cache (folder) fails'))).toHaveLength(1)
})
