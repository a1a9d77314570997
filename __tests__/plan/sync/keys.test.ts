import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { syncWorkflow } from '../../../src/plan/sync/sync.js'
import { workflow } from '../../support/workflows.js'

const image = {
  image: 'postgres:17',
  credentials: { username: 'me', password: '${{ secrets.REGISTRY }}' },
  env: { POSTGRES_PASSWORD: 'x' },
  ports: [5432, '8080:80'],
  volumes: ['data:/var/lib'],
  options: '--health-cmd pg_isready',
}
const permissions = {
  actions: 'read',
  attestations: 'write',
  checks: 'read',
  contents: 'write',
  deployments: 'write',
  discussions: 'read',
  'id-token': 'write',
  issues: 'write',
  models: 'read',
  packages: 'write',
  pages: 'write',
  'pull-requests': 'read',
  'security-events': 'write',
  statuses: 'none',
}

test('every key of a stage for its own job comes into that job as it is written', async () => {
  const keys = {
    'runs-on': { group: 'large', labels: ['linux', '${{ matrix.arch }}'] },
    permissions,
    container: image,
    services: { db: image },
    concurrency: { group: 'db-${{ github.ref }}', 'cancel-in-progress': false, queue: 'max' },
    environment: 'staging',
    setup: [{ name: 'tools', uses: './tools', with: { version: '${{ matrix.arch }}' }, env: { A: 'b' } }],
  }
  const stage = { ...keys, matrix: { arch: ['x64', 'arm64'] }, steps: [{ run: 'x' }] }
  const made = syncWorkflow(await workflow(`on: { pull_request: s }\nstages: { s: ${JSON.stringify(stage)} }\n`), {
    path: 'wf.yml',
    inputs: {},
  })
  if (!made.ok) throw new Error(made.problems.map(({ message }) => message).join('; '))
  const { s } = (parse(made.value.text) as { jobs: Record<string, { steps: { uses?: string }[] }> }).jobs
  const { setup, ...own } = keys
  expect(s).toMatchObject(own)
  expect(s?.steps).toContainEqual(setup[0])
})
