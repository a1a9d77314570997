import type { Evidence, Kind } from '../evidence/evidence.js'
import { categories } from '../evidence/evidence.js'
import { mergeEvidence } from '../evidence/merge.js'
import { impliedGate } from '../workflow/gates.js'
import type { GateSetting, GateSettings, Quarantined } from '../workflow/model.js'
import { holds } from './counts.js'
import type { Gate, Scene } from './gate.js'
import { marksOf } from './marks.js'
import type { Marks } from './marks.js'
import { gates } from './registry.js'
import { unaffectedText } from './unaffected.js'
import type { Verdict } from './verdict.js'
import { weigh } from './weigh.js'

/** What one instance of a stage left; of a milestone, each instance of all that it needs. */
export interface JudgedInstance {
  address: string
  evidence: readonly Evidence[]
}

/** A stage whose gates are to be judged. */
export interface Judging extends Scene {
  /** The stage's id. */
  address: string
  settings: GateSettings
  instances: readonly JudgedInstance[]
  /** Quarantines of the gates that judge the stage's tests besides its own: those of milestones after it. */
  quarantines?: readonly (readonly Quarantined[])[]
  /** The targets that the workflow has: a default for a stage that it has not is not told. Absent: all are told. */
  targets?: ReadonlySet<string>
}

/** What was concluded of a stage. */
export interface Judgement {
  verdicts: Verdict[]
  /** Kinds and categories of evidence that no gate looked at. */
  notJudged: string[]
  marks: Marks
}

/**
 * Judges a stage: each gate that is written, and of the others those that always judge where there is something for
 * them. Pure: the verdict depends on what is handed in alone.
 */
export function judgeStage(judging: Judging): Judgement {
  const { settings, instances } = judging
  const all = instances.flatMap(({ evidence }) => evidence)
  const verdicts: Verdict[] = []
  const judged = new Set<string>()
  for (const gate of gates) {
    const written = settings[gate.name]
    const setting = written ?? (all.some(gate.sees) ? impliedGate(gate.name) : undefined)
    if (!setting || setting.off) continue
    judged.add(gate.name)
    verdicts.push(...judgeGate(gate, setting, judging, written === undefined))
  }
  const notJudged = presentIn(all).filter((name) => !judged.has(name))
  const own = settings.tests?.off ? [] : [settings.tests?.quarantine ?? []]
  return { verdicts, notJudged, marks: marksOf(all, judging, [...own, ...(judging.quarantines ?? [])]) }
}

function judgeGate(gate: Gate, setting: GateSetting, judging: Judging, implied: boolean): Verdict[] {
  const { address, instances } = judging
  const whole = { address, evidence: instances.flatMap(({ evidence }) => evidence) }
  const parts = setting.perInstance && instances.length > 0 ? instances : [whole]
  const scene = { ...judging, isPart: parts.length > 1 }
  return parts.map((part) => verdictOf(gate, setting, scene, { ...part, implied }))
}

function verdictOf(
  gate: Gate,
  setting: GateSetting,
  judging: Judging,
  part: JudgedInstance & { implied: boolean },
): Verdict {
  const { address: stage, target, targets } = judging
  const { address, implied } = part
  const own = { gate: gate.name, address, implied }
  // Only what the gate sees is merged: what a linter's report left out of its list must not count as secrets.
  const reports = part.evidence.filter(gate.sees)
  const evidence = mergeEvidence(reports)
  if (evidence.length === 0 && !gate.isBlind && judging.unaffected)
    return { ...own, status: 'pass', reason: unaffectedText(judging.unaffected), figures: [], later: [] }
  if (evidence.length === 0 && !gate.isBlind) {
    const mend = `declare ${gate.subject} under \`reports\` of the step that writes it, or write \`${gate.name}: off\` in the gates of stage \`${stage}\``
    return { ...own, status: 'no-data', reason: `no step left ${gate.subject}`, figures: [], mend, later: [] }
  }
  const measurement = gate.measure(evidence, setting, { ...judging, reports })
  const scale = { target, gate: gate.name, stage, implied, ...(targets ? { targets } : {}) }
  return { ...own, ...weigh(measurement, scale) }
}

/** The names under which evidence would be judged, each once: kinds, and categories for findings. */
function presentIn(all: readonly Evidence[]): string[] {
  const kinds: Kind[] = ['tests', 'coverage']
  return [
    ...kinds.filter((kind) => all.some((evidence) => evidence.kind === kind)),
    ...categories.filter((category) => all.some((evidence) => holds(evidence, category))),
    ...(all.some((evidence) => evidence.kind === 'benchmarks') ? ['benchmarks'] : []),
  ]
}
