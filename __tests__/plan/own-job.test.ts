import { expect, test } from '@jest/globals'
import { ownJobNotes } from '../../src/plan/own-job.js'
import { planOf } from '../support/walk-many.js'

test('what only a job of its own has is told of each stage that asks for it', async () => {
  const { workflow, plan } = await planOf(`a: { environment: staging, steps: [{ run: x }] }
b:
  services: { db: { image: 'postgres:17' }, queue: { image: 'redis:8' } }
  container: node:24
  steps: [{ run: x }]
c: { runs-on: ubuntu-24.04, permissions: { packages: read }, steps: [{ run: x }] }
`)
  expect(ownJobNotes(workflow, plan)).toEqual([
    '`a` runs without the secrets and rules of the environment `staging`: only a job of its own has that (`wf sync`)',
    '`b` runs without the services `db`, `queue` and its container: only a job of its own has that (`wf sync`)',
  ])
})
