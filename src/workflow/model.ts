import type { Place } from '../base/diagnostic.js'
import type { Json } from '../base/json.js'
import type { ErrorKind, EventName, GateName, OutputType, Shell, WaivedGate } from '../language/names.js'
import type { Format } from '../language/formats.js'
import type { PermissionName } from '../language/job.js'
import type { Cell } from '../language/workflow.js'
import type { Amount } from './amount.js'
import type { ConventionRules } from './conventions.js'
import type { ContractRules } from './contracts.js'
import type { DependencyRules } from './dependencies.js'
import type { CustomReport } from './custom-spec.js'
import type { Template } from './expression/template.js'

declare const checked: unique symbol

/** A workflow in which everything that can be known before a run has been checked; only the loader makes one. */
export type Workflow = WorkflowContent & { readonly [checked]: true }

export interface WorkflowContent {
  /** The file's path as the user knows it. */
  path: string
  name: string
  on: Partial<Record<EventName, Rule[]>>
  inputs: Record<string, Input>
  env: EnvLayer[]
  history: HistorySetting
  cache: CacheSetting
  limits: Limits
  waivers: Waiver[]
  /** In the order of the file. */
  stages: Map<string, Stage>
}

/** What steps of all stages have in common, by name, and how long all may take. */
export interface Limits {
  /** Milliseconds that all stages may take. */
  timeout?: number
  /** How many steps of a pool work at once. */
  pools: ReadonlyMap<string, number>
  breakers: ReadonlyMap<string, BreakerLimits>
}

/** So many failures in a row open a breaker, for so many milliseconds. */
export interface BreakerLimits {
  failures: number
  open: number
}

/** Where what runs measured is kept, and how much of it. */
export interface HistorySetting {
  /** Left out: the folder on a laptop; a runner reads the branch and writes nowhere. */
  store?: 'branch' | 'folder' | 'off'
  /** From the folder of the repository, with slashes. */
  folder?: string
  /** Milliseconds. */
  keep: number
  entries: number
}

/** Where results of steps are kept, and how much of them. */
export interface CacheSetting {
  /** Left out: GitHub's own on a runner that has it, else the folder. */
  store?: 'folder' | 'github' | 's3' | 'redis' | 'off'
  /** From the folder of the repository, with slashes. */
  folder?: string
  s3?: { bucket: string; region?: string; endpoint?: string; prefix?: string }
  redis?: { url: string; password?: string; prefix?: string }
  /** Names of secrets or variables. */
  sign?: string
  encrypt?: string
  bytes: number
  /** Milliseconds. */
  age: number
  /** How long one look-up or upload may take, in milliseconds. */
  timeout: number
}

export interface Rule {
  target: string
  branches?: string[]
  branchesIgnore?: string[]
  tags?: string[]
  tagsIgnore?: string[]
  types?: string[]
  cron?: string
}

export interface Input {
  type: 'string' | 'number' | 'boolean' | 'choice'
  description?: string
  default?: Cell
  required: boolean
  options?: string[]
}

/** A layer of variables; `clean` drops the machine's environment. */
export type EnvLayer = 'clean' | Record<string, Template>

export interface Stage {
  id: string
  name?: string
  needs: string[]
  if?: Template
  /** The combinations, in order; one empty cell without a matrix. */
  matrix: Record<string, Cell>[]
  /** A matrix with expressions; its combinations are known when the stage begins, and `matrix` is empty. */
  dynamic?: JsonTemplate
  requires: Record<string, Template>
  env: EnvLayer[]
  workingDirectory?: Template
  onFailure: 'fail-fast' | 'continue'
  /** Milliseconds that all its instances may take together. */
  timeout?: number
  /** A list runs in order: a step that is skipped does not stop the next one. */
  ordered: boolean
  steps: Step[]
  finally: Step[]
  outputs: Record<string, Template>
  gates: GateSettings
  /** What holds for its own job on GitHub. */
  job: JobKeys
  /** What it hands to the stages that need it: paths and globs, each of which must match something. */
  artifacts: Template[]
  /** Its test files are split; the matrix has a dimension `shard` for it. */
  shard?: Shard
  /** The component that it is about; empty: it runs for every change. */
  paths: string[]
  place: () => Place
}

/** The keys of a job, as GitHub reads them. */
export interface JobKeys {
  runsOn?: Json
  permissions: Partial<Record<PermissionName, string>>
  container?: Json
  services?: { [name: string]: Json }
  concurrency?: Json
  setup: { name?: string; uses: string; with?: { [key: string]: Json }; env?: { [key: string]: Json } }[]
  environment?: string
}

/** So many instances share the files that the globs match. */
export interface Shard {
  total: number
  files: string[]
}

export interface Step {
  id: string
  name?: string
  needs: string[]
  if?: Template
  env: EnvLayer[]
  workingDirectory?: Template
  /** Milliseconds. */
  timeout: { attempt?: number; total?: number }
  retry?: Retry
  /** The names of its breaker and its pool. */
  breaker?: string
  pool?: string
  continueOnError: boolean | Template
  reports: Report[]
  outputs?: Record<string, OutputType>
  secrets: string[]
  fix?: Template
  cache?: StepCaching
  /** It goes on until its stage ends. */
  background?: Background
  body: Body
}

/** A step that goes on while others run. */
export interface Background {
  /** When those that need it begin; absent: as soon as it has started. */
  ready?: Ready
}

/** How it is known that a background step is ready. Times are in milliseconds. */
export type Ready =
  /** `status` empty: any of 200 to 299. */
  | { kind: 'http'; url: Template; status: number[]; within: number; interval: number }
  | { kind: 'tcp'; address: Template; within: number; interval: number }
  | { kind: 'log'; pattern: string; within: number }

/** When a step is not run again: its inputs, all that it leaves, and what else decides. */
export interface StepCaching {
  inputs: Template[]
  outputs: Template[]
  /** Variables of the machine that it sees. */
  env: string[]
  /** Milliseconds. */
  ttl?: number
  key?: Template
  /** In a stage with an environment too. */
  inEnvironment: boolean
}

/** Waits are in milliseconds. */
export interface Retry {
  retries: number
  delay: number
  backoff: number
  maxDelay: number
  jitter: boolean
  if?: Template
  /** Any of these; absent: after every failure. */
  on?: { exitCodes: number[]; output?: string; errors: ErrorKind[] }
  /** The longest wait that a service may ask for. */
  retryAfter: number
}

export interface Report {
  source: { path: Template } | 'stdout'
  format?: Format
  /** A format of its own, which the workflow describes. */
  custom?: CustomReport
  suite?: string
  category?: 'lint' | 'types' | 'secrets' | 'vulnerabilities'
  required: boolean
  stored: boolean
}

/** JSON whose texts may hold expressions. */
export type JsonTemplate = Exclude<Json, Json[] | { [key: string]: Json }> | Template | JsonTemplate[] | JsonMap
export interface JsonMap {
  [key: string]: JsonTemplate
}

export type Body =
  | { kind: 'run'; script: Template; shell: Shell }
  | { kind: 'assert'; condition: Template; message?: Template; level: 'error' | 'warning' }
  | {
      kind: 'template'
      source: { file: Template } | { text: string }
      path: Template
      values: Record<string, JsonTemplate>
      check: boolean
    }
  | Webhook
  | { kind: 'choose'; branches: { if: Template; body: SimpleBody }[]; otherwise?: SimpleBody }
  | { kind: 'plugin'; module: string; with: Record<string, JsonTemplate> }
export type SimpleBody = Exclude<Body, { kind: 'choose' }>

export interface Webhook {
  kind: 'webhook'
  url: Template
  method: string
  headers: Record<string, Template>
  body?: { json: JsonTemplate } | { text: Template }
  secret?: Template
  /** Empty: any of 200 to 299. */
  status: number[]
  allowPrivate: boolean
}

/** A threshold for every target that can be asked for; `undefined` is no limit. */
export type ByTarget<V> = { default?: V; targets: Record<string, V> }

/** What a stage says of one gate: `off`, or thresholds by name. */
export interface GateSetting {
  off: boolean
  perInstance: boolean
  thresholds: Record<string, ByTarget<Amount>>
  /** Only for tests and coverage: thresholds of suites. */
  suites: Record<string, Record<string, ByTarget<Amount>>>
  /** Only for tests: thresholds of tests with a marker. */
  markers?: Record<string, Record<string, ByTarget<Amount>>>
  /** Only for findings: those that the base has do not count; absent: so for changes, not for pushes. */
  newOnly?: boolean
  /** Only for tests: what a test means that passed only when run again; absent: a warning. */
  flaky?: 'warn' | 'fail' | 'quarantine'
  /** Only for tests: those whose failures do not count for a time. */
  quarantine?: Quarantined[]
  conventions?: ConventionRules
  dependencies?: DependencyRules
  contracts?: ContractRules
  /** Only for secrets: what is looked through without a scanner; absent: the change, where no scanner reports. */
  scan?: 'changes' | 'tree' | 'off'
  /** Only for `expression`. */
  expression?: Template
  /** Only for tests: suites of which at least one test must have run. */
  required?: string[]
  /** Only for tests: markers, likewise. */
  requiredMarkers?: string[]
}
/** Findings of a rule that do not count until the end of a day in UTC. */
export interface Waiver {
  rule: string
  /** Only in files that this glob matches. */
  path?: string
  /** Only for this gate. */
  gate?: WaivedGate
  until: string
  reason: string
  owner?: string
  /** The change has taken it out or renewed it, so that it is over is not held against the change. */
  left?: true
}

/** A test that is let off until the end of a day in UTC. */
export interface Quarantined {
  test: string
  until: string
  reason: string
  owner?: string
  /** The change has taken it out or renewed it, so that it is over is not held against the change. */
  left?: true
}

export type GateSettings = Partial<Record<GateName, GateSetting>>
