import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { outcomeIn, wf } from '../support/command.js'
import type { Ended } from '../support/command.js'
import { Scratch } from '../support/scratch.js'

jest.setTimeout(30_000)

const scratch = new Scratch('wf-plugin-')
/** It takes its seven seconds while the other tests run. */
let deaf: Promise<Ended> | undefined
beforeAll(() => {
  const folder = scratch.folderWith('t: { steps: [{ id: p, plugin: ./p.mjs, timeout: 100ms }] }\n', {
    'p.mjs': 'export default { run: () => new Promise(() => setInterval(() => undefined, 1000)) }\n',
  })
  deaf = wf(['run'], folder)
})
afterAll(() => scratch.remove())

describe('a plug-in', () => {
  test('is a module of the repository, whose inputs are checked', async () => {
    const folder = scratch.folderWith(
      `t:
  steps:
    - { id: p, plugin: ./wf/add.mjs, with: { a: 1, b: "\${{ fromJSON('2') }}" } }
    - { assert: steps.p.outputs.sum == 3 }
    - { id: q, plugin: ./wf/add.mjs, with: { a: 1, b: two } }
`,
      {
        'wf/add.mjs': `import { basename } from 'node:path'
export default {
  inputs: { required: ['a', 'b'], properties: { a: { type: 'number' }, b: { type: 'number' } } },
  run({ with: { a, b }, workspace, log, setOutput }) {
    log(\`adding in \${basename(workspace)}\`)
    setOutput('sum', a + b)
    return { ok: true }
  },
}
`,
      },
    )
    const ended = await wf(['run'], folder)
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('[t/p] adding in 2\n')
    const steps = outcomeIn(folder).stages[0]?.instances[0]?.steps ?? []
    expect(steps.map(({ status }) => status)).toEqual(['success', 'success', 'failure'])
    expect(steps[2]?.reason).toBe('the inputs do not fit: `with.b` must be number')
  })

  test('that throws where nobody can catch it ends no run, and is never good', async () => {
    const folder = scratch.folderWith('t: { steps: [{ plugin: ./p.mjs }, { run: echo after }] }\n', {
      'p.mjs': `const astray = () => { throw new Error('astray') }
export default { run: () => new Promise((done) => { setTimeout(astray, 1); setTimeout(done, 50, { ok: true }) }) }
`,
    })
    const ended = await wf(['run'], folder)
    expect([ended.code, ended.stderr]).toEqual([70, expect.stringContaining('Error: astray')])
    expect(ended.stderr).toContain('after')
  })

  test('that does not stop when it is told to is left behind, and keeps nobody', async () => {
    const ended = await deaf
    expect(ended?.code).toBe(1)
    expect(ended?.stdout).toContain('took longer than 100ms')
  })
})
