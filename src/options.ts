import { join } from 'node:path'
import type { Diagnostic } from './base/diagnostic.js'
import type { Json } from './base/json.js'
import type { Going } from './engine/engine.js'
import type { CacheService } from './engine/cache/stores/github-service.js'
import type { Live } from './engine/output.js'
import type { Start } from './history/start.js'
import type { Timings } from './history/timings.js'
import type { Listener } from './journal/journal.js'
import type { FixesOutcome, RulesOutcome } from './journal/outcome.js'
import type { Plan } from './plan/plan.js'
import type { Room } from './ports.js'
import type { CodecovAccess } from './publish/send/codecov-place.js'
import type { Posting } from './publish/send.js'
import type { PartOptions, PreparedPart } from './part.js'
import type { ResumeOptions } from './resume.js'
import type { RunContext } from './trigger/context.js'
import type { BaseRules, FoundRules } from './trigger/rules.js'
import type { Event } from './trigger/event.js'
import type { Workflow } from './workflow/model.js'
import type { AbsentGate } from './workflow/rules.js'

/** What a run is asked to do; paths are absolute. */
export interface RunOptions {
  /** The repository's folder, in which steps work. */
  folder: string
  /** The folder whose history and change are meant, where steps work in another checkout. */
  origin?: string
  /** The workflow file, absolute or from the folder. */
  file?: string
  /** The stage to walk to; else the event decides, else what pull requests walk to, else everything. */
  target?: string
  event?: Event
  /** The rules of the base, as the job told that planned. */
  rules?: BaseRules
  /** The stages that have something to run, as the job told that planned; what the change touches is not asked again. */
  stages?: readonly string[]
  /** The revision to compare with; without an event, its rules judge. */
  base?: string
  /** Without an event: the workflow file as it stands judges, not that of the base. */
  ownRules?: boolean
  /** Inputs as text, by name. */
  inputs?: Readonly<Record<string, string>>
  secrets?: Readonly<Record<string, string>>
  /** Values that no step sees and nothing may show, such as a token. */
  hidden?: readonly string[]
  /** How many steps run at once; the cores when not given. */
  concurrency?: number
  /** Run the `fix` commands of what fails, and judge again. */
  fix?: boolean
  /** Find out what these commands would change, and hand it to GitHub; the verdict is that of the commit as it is. */
  propose?: FixesOutcome['how']
  /** The run goes on from an earlier one, which did some of its steps. */
  resume?: ResumeOptions
  /** Several machines share the run, and this one does a part of it. */
  part?: PartOptions
  /** What earlier runs tell of test files, by which they are split among shards; the history is asked when not given. */
  timings?: Timings
  /** Results of steps are neither taken from the cache nor kept. */
  noCache?: boolean
  /** Where the folders of runs are kept, absolute; `.wf/` of the repository's folder when not given. */
  home?: string
  /** The cache of GitHub Actions, where the job may use it. */
  cacheService?: CacheService
  /** Whether this machine is a runner: nothing that earlier runs left on it is here. */
  onRunner?: boolean
  /** What is posted to GitHub, where there is a port to it. */
  post?: Pick<Posting, 'check' | 'comment' | 'stamp' | 'url' | 'site' | 'again'> & {
    /** Findings go to code scanning. */
    sarif?: boolean
    /** Coverage goes to Codecov. */
    codecov?: CodecovAccess
  }
}

/** Where the folders of runs are. */
export const homeOf = ({ home, folder }: RunOptions): string => home ?? join(folder, '.wf')

/** Everything that is known before anything runs. */
export interface Prepared {
  workflow: Workflow
  warnings: Diagnostic[]
  context: RunContext
  /** The commit that is checked out; null outside a repository. */
  checkout: string | null
  /** What the outcome shall say beside its verdict. */
  notes: string[]
  /** Whose gates and thresholds are in `workflow`, and where they were found. */
  rules: RulesOutcome
  found: FoundRules
  /** Gates of the base that the change keeps from judging. */
  absent: AbsentGate[]
  inputs: { [key: string]: Json }
  plan: Plan
  /** From where the change starts that the run is of. */
  start: Start
  /** The run that this one goes on from. */
  going?: Going
  /** What this machine does of a run that several share. */
  part?: PreparedPart
}

/** Who watches a run, and who may end it. */
export interface Watch {
  /** Told of every line of the journal. */
  journal?: Listener
  /** Told what steps print. */
  live?: Live
  /** While it is pending, steps wait with what they print. */
  room?: Room
  /** Told of every value that a step hides, those aside that the options name. */
  hide?: (value: string) => void
  /** Aborted: start nothing more, end what runs, run what must still run. */
  cancel?: AbortSignal
  /** Aborted: everything is gone at once. */
  kill?: AbortSignal
}
