import { afterAll, expect, test } from '@jest/globals'
import { change, runIn, shell } from '../support/real-run.js'
import { Scratch } from '../support/scratch.js'

const scratch = new Scratch('wf-step-cache-left-')
afterAll(() => scratch.remove())

test('a step is run again when one before it left nothing and now leaves something, and is known again without it', async () => {
  const folder = await scratch.repositoryWith(
    `build:
      steps:
        first:
          run: if [ -s src/a.txt ]; then echo "version=$(cat src/a.txt)" >> "$GITHUB_OUTPUT"; fi
          cache: { inputs: [src/a.txt] }
        then:
          needs: first
          run: mkdir -p out; cp src/b.txt out/then
          cache: { inputs: [src/b.txt], outputs: [out/then] }
`,
    { '.gitignore': 'out/\n.wf/\n', 'src/a.txt': '', 'src/b.txt': 'two\n' },
  )
  const cacheOf = async () => (await runIn(folder)).step('build/then').cache
  await runIn(folder)
  expect(await cacheOf()).toMatchObject({ hit: true })
  change(folder, { 'src/a.txt': 'one' })
  expect(await cacheOf()).toMatchObject({ hit: false, why: ['what build/first left is new'] })
  expect(await cacheOf()).toMatchObject({ hit: true })
  change(folder, { 'src/a.txt': '' })
  expect(await cacheOf()).toMatchObject({ hit: true })
})

test('a run that goes on from another one knows by what the reused steps left', async () => {
  const folder = await scratch.repositoryWith(
    `build:
      steps:
        first:
          run: mkdir -p out; cp src/a.txt out/first
          cache: { inputs: [src/a.txt], outputs: [out/first] }
        then:
          needs: first
          run: test -e ok; cp out/first out/then
          cache: { inputs: [src/b.txt], outputs: [out/then] }
`,
    { '.gitignore': 'out/\n.wf/\nok\n', 'src/a.txt': '', 'src/b.txt': 'two\n' },
  )
  for (const content of ['one', 'two']) {
    change(folder, { 'src/a.txt': content })
    expect((await runIn(folder)).outcome.verdict).toBe('fail')
    change(folder, { ok: '' })
    const { outcome, step } = await runIn(folder, { resume: { run: 'last', fresh: false } })
    expect(outcome.verdict).toBe('pass')
    expect(step('build/first').reused).toBeDefined()
    expect(shell(folder, 'cat out/then')).toBe(content)
    change(folder, { ok: null })
  }
})
