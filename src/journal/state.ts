import type { Json } from '../base/json.js'
import type { ReadReport } from '../evidence/evidence.js'
import type { PlannedInstance } from '../plan/plan.js'
import type { JournalLine, StepFinished } from './events.js'

/** What a run that ended, or was cut off, has done: the state that another one goes on from. */
export interface RunState {
  run: string
  target: string
  /** The commit that was walked; null outside of a repository. */
  sha: string | null
  /** When its last line was written, in milliseconds since the epoch. */
  until: number
  /** The steps that ended, by address. */
  steps: Map<string, DoneStep>
  /** Background steps that were ready, by address, whatever became of them later. */
  ready: Map<string, ReadyStep>
  /** The instances of stages whose matrix was known when they began. */
  planned: Map<string, PlannedInstance[]>
  /** Instances in which a step failed or that did not end. */
  broken: Set<string>
}

/** A background step that was ready, with what it told until then. */
export interface ReadyStep {
  definition: string
  outputs: Record<string, Json>
  whole: boolean
}

/** A step that ended, with all that it told. */
export interface DoneStep {
  finished: StepFinished
  /** Whether what it told is whole: a journal holds no secrets, so what had one in it is not. */
  whole: boolean
  reports: { attempt: number; report: ReadReport }[]
  /** What it left, as a hash, where it was cached. */
  left?: string
}

/** The state that a journal tells; nothing when it does not tell of a run. */
export function foldState(lines: readonly JournalLine[]): RunState | undefined {
  const start = lines.find(({ event }) => event.type === 'run.started')?.event
  if (start?.type !== 'run.started') return undefined
  const steps = new Map<string, DoneStep>()
  const reports = new Map<string, DoneStep['reports']>()
  const ready: RunState['ready'] = new Map()
  const left = new Map<string, string>()
  const planned: RunState['planned'] = new Map()
  const open = new Set<string>()
  const broken = new Set<string>()
  for (const { event, cleaned } of lines)
    switch (event.type) {
      case 'instance.started':
        open.add(event.instance)
        break
      case 'instance.finished':
        open.delete(event.instance)
        if (event.status !== 'success') broken.add(event.instance)
        break
      case 'attempt.started':
        // What began again is not what ended before.
        steps.delete(event.step)
        ready.delete(event.step)
        left.delete(event.step)
        if (event.attempt <= 1) reports.delete(event.step)
        break
      case 'cache.left':
        left.set(event.step, event.content)
        break
      case 'step.ready':
        ready.set(event.step, { definition: event.definition, outputs: event.outputs, whole: !cleaned })
        break
      case 'stage.planned':
        planned.set(event.stage, event.instances)
        break
      case 'fix.applied':
        reports.delete(event.step)
        break
      case 'report.read': {
        const { attempt, report } = event
        reports.set(event.step, [...(reports.get(event.step) ?? []), { attempt, report }])
        break
      }
      case 'step.finished': {
        const content = left.get(event.step)
        steps.set(event.step, {
          finished: event,
          whole: !cleaned,
          reports: reports.get(event.step) ?? [],
          ...(content === undefined ? {} : { left: content }),
        })
        break
      }
      default:
    }
  const { run, plan, context } = start
  const until = lines.at(-1)?.at ?? 0
  return {
    run,
    target: plan.target,
    sha: context.sha,
    until,
    steps,
    ready,
    planned,
    broken: new Set([...broken, ...open]),
  }
}
