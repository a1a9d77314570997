import { describe, expect, test } from '@jest/globals'
import { loadWorkflow } from '../../src/workflow/load.js'

const head = 'version: 1\nname: t\nstages:\n  s:\n    steps: [{ id: x, run: x }]\n'

async function stageOf(rest: string) {
  const loaded = await loadWorkflow('wf.yml', head + rest)
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '))
  return { stage: loaded.workflow.stages.get('s'), warnings: loaded.warnings.map(({ message }) => message) }
}

async function problems(rest: string): Promise<(string | undefined)[][]> {
  const loaded = await loadWorkflow('wf.yml', head + rest)
  return (loaded.ok ? loaded.warnings : loaded.problems).map(({ place, message, hint }) => [
    `${place?.line ?? ''}:${place?.column ?? ''} ${message}`,
    hint,
  ])
}

describe('keys of a stage that hold for a job of its own', () => {
  test('are kept as they are written', async () => {
    const { stage } = await stageOf(
      '    matrix: { os: [ubuntu-24.04], node: [20] }\n    runs-on: ${{ matrix.os }}\n    permissions: { packages: write }\n' +
        '    services: { db: { image: "postgres:17", ports: [5432], env: { POSTGRES_PASSWORD: x } } }\n' +
        '    concurrency: { group: "db-${{ github.ref }}", queue: max }\n    environment: staging\n' +
        "    setup: [{ uses: ./tools, with: { node-version: '${{ matrix.node }}' } }]\n",
    )
    expect(stage?.job).toEqual({
      runsOn: '${{ matrix.os }}',
      permissions: { packages: 'write' },
      services: { db: { image: 'postgres:17', ports: [5432], env: { POSTGRES_PASSWORD: 'x' } } },
      concurrency: { group: 'db-${{ github.ref }}', queue: 'max' },
      setup: [{ uses: './tools', with: { 'node-version': '${{ matrix.node }}' } }],
      environment: 'staging',
    })
  })

  test.each<[string, string, string, string | undefined]>([
    [
      'a context that no job has',
      '    runs-on: ${{ inputs.runner }}\n',
      '6:18 `inputs` is not known here',
      'what is known here: `github`, `matrix`, `secrets`, `vars`',
    ],
    [
      'an action by its tag',
      '    setup: [{ uses: actions/setup-node@v4 }]\n',
      '6:21 `actions/setup-node@v4` may be other code tomorrow',
      'write the commit of the version instead of its tag',
    ],
    [
      'a file outside of the repository',
      '    artifacts: [../dist]\n',
      '6:17 these files must lie inside the repository',
      'write the path from the folder of the repository',
    ],
    [
      'an exclusion that excludes nothing',
      "    paths: ['!docs/**']\n",
      '6:13 `!` takes out of what stands before it, and nothing does',
      'write first what it takes from: `[dist/, "!dist/**/*.map"]`',
    ],
    [
      'a dimension with the name of shards',
      '    shard: 2\n    matrix: { shard: [1] }\n',
      '7:15 the matrix has a dimension `shard` of its own',
      'call it something else: `matrix.shard` is the number of the shard',
    ],
  ])('%s', async (_, rest, message, hint) => {
    expect(await problems(rest)).toEqual([[message, hint]])
  })

  test('secrets of a stage are seen by all its steps', async () => {
    const { stage } = await stageOf('    secrets: [TOKEN]\n')
    expect(stage?.steps.map(({ secrets }) => secrets)).toEqual([['TOKEN']])
  })

  test('a shard is one more dimension of the matrix', async () => {
    const { stage } = await stageOf(
      '    shard: 2\n    matrix: { node: [20, 24] }\n    env: { N: "${{ matrix.shard }}" }\n',
    )
    expect(stage?.matrix).toEqual([
      { node: 20, shard: 1 },
      { node: 20, shard: 2 },
      { node: 24, shard: 1 },
      { node: 24, shard: 2 },
    ])
  })
})
