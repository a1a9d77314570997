import { afterAll, expect, test } from '@jest/globals'
import { runIn } from '../support/real-run.js'
import { Scratch } from '../support/scratch.js'

const scratch = new Scratch('wf-step-cache-environment-')
afterAll(() => scratch.remove())

test('in a stage with an environment nothing is taken from the cache, unless the step says so', async () => {
  const folder = await scratch.repositoryWith(
    `deploy:
      environment: staging
      steps:
        made: { run: cat src/a.txt, cache: { inputs: [src/a.txt] } }
        known: { run: cat src/a.txt, cache: { inputs: [src/a.txt], in-environment: true } }
`,
    { '.gitignore': '.wf/\n', 'src/a.txt': '' },
  )
  await runIn(folder)
  const { step } = await runIn(folder)
  expect(step('deploy/made').cache).toBeUndefined()
  expect(step('deploy/known').cache).toMatchObject({ hit: true })
})
