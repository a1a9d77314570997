/**
 * The names of the language that the product itself needs while it runs. The definitions beside this file take them from here; only
 * the generator loads the definitions.
 */

/** The events that can start a run, under GitHub's names. */
export const eventNames = [
  'pull_request',
  'merge_group',
  'push',
  'schedule',
  'workflow_dispatch',
  'issue_comment',
  'repository_dispatch',
  'workflow_run',
  'release',
] as const
export type EventName = (typeof eventNames)[number]

export const stepKinds = ['run', 'assert', 'template', 'webhook', 'choose', 'plugin'] as const
export type StepKindName = (typeof stepKinds)[number]

/** The ways in which an attempt fails, as `retry` asks for them. */
export const errorKinds = ['exit', 'signal', 'timeout', 'error', 'outside'] as const
export type ErrorKind = (typeof errorKinds)[number]

export const shells = ['bash', 'sh', 'pwsh', 'python', 'node'] as const
export type Shell = (typeof shells)[number]

/** How bad a finding is: linters say `error`, `warning`, `note`, scanners the others. */
export const severityNames = ['critical', 'high', 'medium', 'low', 'error', 'warning', 'note'] as const
export type SeverityName = (typeof severityNames)[number]

/** The declared type of an output; without a declaration it is a string. */
export const outputTypes = ['string', 'number', 'boolean', 'json'] as const
export type OutputType = (typeof outputTypes)[number]

export const gateNames = [
  'tests',
  'coverage',
  'lint',
  'types',
  'secrets',
  'vulnerabilities',
  'benchmarks',
  'conventions',
  'dependencies',
  'contracts',
  'duration',
  'expression',
] as const
export type GateName = (typeof gateNames)[number]

/** The gates that judge findings, which a waiver can let off. */
export const waivedGates = [
  'lint',
  'types',
  'secrets',
  'vulnerabilities',
  'conventions',
  'dependencies',
  'contracts',
] as const
export type WaivedGate = (typeof waivedGates)[number]

/**
 * What a gate demands where the file does not say. Tests, secrets and vulnerabilities are judged even when no gate is written, and
 * each threshold that is left out has its default, as with `each`; the others take theirs only when written as `{}`.
 */
export const gateDefaults: Record<
  GateName,
  { always: boolean; each?: true; thresholds: Record<string, string | number | Record<string, string | number>> }
> = {
  tests: { always: true, thresholds: { 'pass-rate': '100%' } },
  coverage: { always: false, thresholds: { lines: { default: '50%', staging: '70%', production: '80%' } } },
  lint: { always: false, thresholds: { issues: 0 } },
  types: { always: false, thresholds: { errors: 0 } },
  secrets: { always: true, thresholds: { any: 0 } },
  vulnerabilities: { always: true, thresholds: { critical: 0, high: 0, medium: 5 } },
  benchmarks: { always: false, each: true, thresholds: { slower: '10%', 'minimum-samples': 5 } },
  conventions: { always: false, each: true, thresholds: { errors: 0 } },
  dependencies: { always: false, each: true, thresholds: { errors: 0 } },
  contracts: { always: false, each: true, thresholds: { errors: 0 } },
  duration: { always: false, thresholds: {} },
  expression: { always: false, thresholds: {} },
}
