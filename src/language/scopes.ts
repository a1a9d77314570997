/**
 * Which contexts and status functions an expression may use, by where it stands. GitHub's own table of context availability,
 * with `run`, `evidence` and `attempt` beside it.
 */
export const scopes = {
  'workflow-env': { contexts: ['github', 'inputs', 'run'], status: false },
  'stage-if': { contexts: ['github', 'inputs', 'run', 'needs', 'env'], status: true },
  'stage-matrix': { contexts: ['github', 'inputs', 'run', 'needs'], status: false },
  stage: { contexts: ['github', 'inputs', 'run', 'needs', 'matrix', 'env'], status: false },
  'stage-outputs': { contexts: ['github', 'inputs', 'run', 'needs', 'matrix', 'env', 'steps'], status: false },
  'step-if': { contexts: ['github', 'inputs', 'run', 'needs', 'matrix', 'env', 'steps', 'evidence'], status: true },
  step: {
    contexts: ['github', 'inputs', 'run', 'needs', 'matrix', 'env', 'steps', 'secrets', 'evidence'],
    status: false,
  },
  job: { contexts: ['github', 'matrix', 'secrets', 'vars'], status: false },
  gate: { contexts: ['tests', 'coverage', 'findings', 'base', 'duration'], status: false },
  'retry-if': { contexts: ['github', 'inputs', 'run', 'needs', 'matrix', 'env', 'steps', 'attempt'], status: false },
} as const satisfies Record<string, { contexts: readonly Context[]; status: boolean }>

export type Scope = keyof typeof scopes

/** Every context with what it holds; the reference page prints this table. */
export const contexts = {
  github:
    'the event and the commit, with the names that GitHub uses: `event_name`, `event`, `sha`, `ref`, `ref_name`, `head_ref`, `base_ref`, `actor`, `repository`, `workspace` …',
  inputs: 'the typed inputs of the run',
  run: 'this run: `id`, `target`, `dirty`',
  needs: 'the stages that this one needs: `needs.build.result`, `needs.build.outputs.version`',
  matrix: 'the cell of the matrix that this instance is',
  env: 'the variables declared in the file so far, from outer to inner',
  steps: 'the steps before this one: `steps.id.outcome`, `steps.id.conclusion`, `steps.id.outputs.name`',
  secrets: 'the secrets that were passed in and that the step names in `secrets`',
  vars: "variables of the repository or the organisation; only in keys of a stage's own job, which GitHub reads",
  evidence: 'what reports said so far in this stage and in all that it needs; see [evidence](#evidence-in-expressions)',
  tests: 'in the `expression` of a gate, the test results that it judges: `tests.failed`',
  coverage: 'there, the coverage: `coverage.lines`, and of the change `coverage.patch` and `coverage.drop`',
  findings:
    'there, the findings that no waiver lets off: `findings.high`, and those that the base has not `findings.new.high`',
  base: 'there, what is compared: `base.known` says whether the lines of the change are known, `base.measured` whether the base was measured',
  duration: 'there, how long it took: `duration.seconds`',
  attempt:
    'the attempt that just failed: `number`, `exit-code`, `signal`, `timed-out`, `error-kind` (`exit`, `signal`, `timeout`, `error`, `outside`), `output` (the last lines that it printed)',
} as const
export type Context = keyof typeof contexts

/** What `evidence` holds, by its kind; the shares of coverage are percentages, and `failed` holds tests with an error too. */
export const evidenceFields = {
  tests: ['tests', 'passed', 'failed', 'errors', 'skipped', 'flaky', 'suites', 'duration_s'],
  coverage: ['lines', 'branches', 'lines_valid', 'lines_covered', 'branches_valid', 'branches_covered'],
  findings: [
    'total',
    'critical',
    'high',
    'medium',
    'low',
    'error',
    'warning',
    'note',
    'lint',
    'types',
    'secrets',
    'vulnerabilities',
  ],
} as const

/** What the expression of a gate sees. */
export const gateFields = {
  tests: evidenceFields.tests,
  coverage: [...evidenceFields.coverage, 'functions', 'patch', 'drop'],
  findings: [...evidenceFields.findings, 'new', 'known', 'waived'],
  base: ['known', 'measured'],
  duration: ['seconds'],
} as const

/** GitHub's status functions; only in `if`. */
export const statusFunctions = ['success', 'failure', 'always', 'cancelled'] as const
