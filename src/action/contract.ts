/**
 * What the action takes and what it answers: the one registry. `action.yml` and the README's tables are generated from it, and nothing
 * else names an input or an output.
 */

export interface InputSpec {
  description: string
  /** As `action.yml` writes it; none is an empty text. */
  default?: string
}

export const inputs = {
  token: {
    description: 'The token that posts the check and the comment. Steps never see it, unless `secrets` names it.',
    default: '${{ github.token }}',
  },
  file: { description: 'The workflow file, from the working directory.', default: '.github/wf.yml' },
  'working-directory': {
    description: 'The folder of the checked-out repository, from the workspace.',
    default: '.',
  },
  target: { description: 'The stage to walk to. Without it, `on:` of the workflow file decides by the event.' },
  inputs: {
    description: 'Inputs of the workflow: lines of `name=value`, or a JSON object.',
  },
  secrets: {
    description:
      'Secrets for the steps that name them under `secrets:`: lines of `NAME=value`, `NAME<<END` … `END` for several lines, or a JSON object. All are masked first.',
  },
  concurrency: { description: 'How many steps run at once. Without it, the cores of the runner.' },
  fix: {
    description:
      'What becomes of what the `fix` commands of failing steps would change: `off`, `suggest` (remarks on the diff of the pull request; needs `pull-requests: write`) or `commit` (on its branch; needs `contents: write`). The verdict is that of the commit as it was pushed.',
    default: 'off',
  },
  resume: {
    description:
      'When GitHub runs this again ("Re-run failed jobs"), go on from what the attempt before has done. Needs the cache of GitHub Actions.',
    default: 'true',
  },
  job: {
    description: 'What tells this job apart from the others of its run, so that `resume` takes what is its own.',
    default: '${{ github.job }} ${{ toJSON(matrix) }}',
  },
  part: {
    description:
      'What this job does of a run that several jobs share, as `wf sync` writes it: `plan`, `instance`, `matrix` or `verdict`. Without it the job does all.',
  },
  instance: {
    description:
      'The address of the instance that `part: instance` runs, or the stage whose instances `part: matrix` finds out.',
  },
  stages: {
    description:
      'For the other parts: the output `stages` of `part: plan`, so that what the change touches is asked once.',
  },
  rules: {
    description: 'For the other parts: the output `rules` of `part: plan`, so that GitHub is asked for them once.',
  },
  timings: {
    description:
      'For `part: instance` of a stage with `shard`: the output `timings` of `part: plan`, so that all shards split the test files alike.',
  },
  jobs: {
    description:
      'For `part: verdict`: the jobs before it, by the expression `toJSON(needs)`; tells why one did not report.',
  },
  check: { description: 'Post a check run with annotations.', default: 'true' },
  comment: { description: 'Post one comment on the pull request, edited in place.', default: 'true' },
  summary: { description: 'Write the job summary.', default: 'true' },
  'upload-sarif': {
    description: 'Hand the findings to code scanning; needs `security-events: write`.',
    default: 'false',
  },
  'upload-codecov': {
    description: 'Send the coverage reports that the steps declare to Codecov.',
    default: 'false',
  },
  'codecov-token': {
    description:
      'The token for it; else `CODECOV_TOKEN` of the environment, else the job’s own identity where it has `id-token: write`, else none, which Codecov allows for forks of public repositories.',
  },
  'codecov-url': { description: 'The address of a Codecov of your own.' },
  artifact: {
    description: 'In a `workflow_run` workflow: the name of the artifact with the `outcome.json` of the run before.',
    default: 'wf',
  },
} as const satisfies Record<string, InputSpec>
export type InputName = keyof typeof inputs

export const outputs = {
  verdict:
    '`pass`, `warn`, `fail`, `no-data` or `cancelled`; `invalid` when the workflow file is wrong, `none` when it does not answer the event.',
  reason: 'One sentence: what decided.',
  target: 'The stage that was walked to.',
  folder: 'The folder with everything about this run: journal, logs, outcome, comment, summary, SARIF.',
  outcome: 'The path of `outcome.json`, the whole result as data.',
  'comment-file': 'The path of the comment as Markdown, posted or not.',
  sarif: 'The path of the findings as SARIF 2.1.0.',
  'check-url': 'Where the check is.',
  'comment-url': 'Where the comment is.',
  stages: 'Of `part: plan`: the stages that have something to run, as a JSON list.',
  rules: 'Of `part: plan`: the rules of the base, packed; an input of the other parts.',
  timings:
    'Of `part: plan`: how long test files took before, packed, where a stage has `shard`; an input of `part: instance`.',
  instances: 'Of `part: matrix`: the instances with their cells, as a JSON list for `matrix: { include: … }`.',
  'hand-over': 'Of `part: instance`: the name of what it hands to later jobs; absent where it did not begin.',
  tests: 'How many tests the reports hold.',
  'tests-passed': 'How many of them passed.',
  'tests-failed': 'How many of them failed or ended in an error.',
  'tests-flaky': 'How many passed only when they were run again.',
  'coverage-lines': 'The share of lines that are covered, in percent, with at most two decimals.',
  'coverage-patch': 'The same of the lines that the change adds, where they are known.',
  'coverage-branches': 'The same of branches.',
  findings: 'How many findings the reports hold.',
  'findings-new': 'How many of them the base does not have; only where a run of the base is known.',
  'findings-lint': 'How many of them are of linters.',
  'findings-types': 'How many of them are of type checkers.',
  'findings-secrets': 'How many of them are secrets.',
  'findings-vulnerabilities': 'How many of them are known vulnerabilities of dependencies.',
} as const satisfies Record<string, string>
export type OutputName = keyof typeof outputs
export type Outputs = Partial<Record<OutputName, string>>

/** The text of `action.yml`. */
export function actionYaml(): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
  const lines = [
    '# Made by scripts/generate.mjs from src/action/contract.ts.',
    "name: 'wf'",
    `description: ${quoted('One file says how a change travels from pull request to production; wf walks that path and judges the evidence.')}`,
    "author: 'the wf maintainers'",
    'branding:',
    '  icon: git-merge',
    '  color: green',
    'inputs:',
    ...Object.entries(inputs).flatMap(([name, spec]: [string, InputSpec]) => [
      `  ${name}:`,
      `    description: ${quoted(spec.description)}`,
      '    required: false',
      ...(spec.default === undefined ? [] : [`    default: ${quoted(spec.default)}`]),
    ]),
    'outputs:',
    ...Object.entries(outputs).flatMap(([name, description]) => [
      `  ${name}:`,
      `    description: ${quoted(description)}`,
    ]),
    'runs:',
    '  using: node24',
    '  main: dist/action/index.js',
  ]
  return `${lines.join('\n')}\n`
}
