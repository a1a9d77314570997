/**
 * What to say to somebody who writes a word of GitHub Actions that means nothing here, or one of ours that does not work yet.
 * By the mapping in which it was written.
 */
const notYet = (what: string): string => `${what} does not work yet in this version; leave it out`

export const foreignWords: Record<'workflow' | 'stage' | 'step' | 'report' | 'gates', Record<string, string>> = {
  workflow: {
    jobs: 'write `stages:`; a stage is what a job is on GitHub',
    defaults: 'write `shell` and `working-directory` on the stage',
    concurrency: 'write it on the stage: each has a job of its own with `wf sync`',
    permissions: 'write them on the stage: each has a job of its own with `wf sync`',
    environments: notYet('`environments`'),
    secrets: 'a step names the secrets that it may see in its own `secrets:`',
    'timeout-minutes': 'write `timeout: 20m`',
    'run-name': 'the name of a run is the `name` of the workflow with its target',
    '<<': 'merge keys are not read; repeat the keys, or use an alias for the whole value',
  },
  stage: {
    uses: 'a stage has `steps`; reusable workflows call wf, not the other way round',
    strategy: 'write `matrix:` on the stage itself, and `on-failure: fail-fast` or `continue`',
    'fail-fast': 'write `on-failure: fail-fast` or `on-failure: continue`',
    'timeout-minutes': 'write `timeout: 20m`',
    'continue-on-error': 'write `continue-on-error: true` on the step, or `off` or other thresholds for the gate',
    admit: notYet('`admit`'),
    cache: notYet('`cache`'),
    'max-parallel':
      'instances share the workspace, so they run one after another; for fewer steps at once write `pool: { name: few, size: 2 }`',
    run: 'a command stands in a step: `steps: [{ run: … }]`',
    '<<': 'merge keys are not read; repeat the keys, or use an alias for the whole value',
  },
  step: {
    uses: 'steps are commands, not actions: write `run:` with the tool itself, and use the action in the job that calls wf',
    with: '`with` belongs to `plugin:`; a command takes its values from `env`',
    'timeout-minutes': 'write `timeout: 20m`',
    cache: notYet('`cache`'),
    agent: notYet('`agent`'),
    matrix: '`matrix` stands on the stage',
    gates: '`gates` stand on the stage',
    '<<': 'merge keys are not read; repeat the keys, or use an alias for the whole value',
  },
  report: { map: notYet('`map`') },
  gates: {
    baseline: notYet('`baseline`'),
    licences: notYet('`licences`'),
  },
}
