import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { loadWorkflow } from '../../src/workflow/load.js'

const workflows = [...readFileSync('README.md', 'utf8').matchAll(/^```yaml\n([^]*?)^```$/gm)]
  .map(([, text = '']) => text)
  .filter((text) => text.includes('version: 1'))

test('the workflow file of the README is valid, and answers the events of its starter', async () => {
  expect(workflows).toHaveLength(1)
  const loaded = await loadWorkflow('wf.yml', workflows[0] ?? '')
  expect(loaded.ok ? Object.keys(loaded.workflow.on) : loaded.problems).toEqual(['pull_request', 'merge_group', 'push'])
})
