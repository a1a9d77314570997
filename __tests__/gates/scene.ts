import type { AddedLines } from '../../src/evidence/diff.js'
import type { Evidence } from '../../src/evidence/evidence.js'
import type { Scene } from '../../src/gates/gate.js'
import { judgeStage } from '../../src/gates/judge.js'
import type { Judging } from '../../src/gates/judge.js'
import type { Verdict } from '../../src/gates/verdict.js'
import type { Comparison } from '../../src/history/comparison.js'
import type { Entry, StageEntry } from '../../src/history/entry.js'
import type { GatesFile } from '../../src/language/gates.js'
import { readGates } from '../../src/workflow/gates.js'

/** An entry of commit `abc1234` with what stage `test` left. */
export const entry = (test: Partial<StageEntry>, more: Partial<Entry> = {}): Entry => ({
  version: 1,
  commit: 'abc1234def',
  at: '2027-01-01T00:00:00.000Z',
  workflow: { name: 'w', path: '.github/wf.yml' },
  target: 'review',
  verdict: 'pass',
  duration_ms: 1000,
  stages: { test: { duration_ms: 1000, ...test } },
  ...more,
})

/** What a run is compared with: what is left out is not known. */
export function against(known: { base?: Entry; change?: AddedLines[]; earlier?: Entry[] }): Comparison {
  const { base, change, earlier } = known
  return {
    base: { sha: 'abc1234def', name: 'main' },
    baseline: base ? { sha: base.commit, distance: 0, entry: base } : { missing: 'no earlier run is known' },
    change: change ? { files: change } : { missing: 'the base is not known' },
    earlier: earlier ?? (base ? [base] : []),
  }
}

/** What the judging of stage `test` depends on besides its evidence; nothing is known of a base. */
export const scene = (more: Partial<Scene> = {}): Scene => ({
  target: 'review',
  stages: ['test'],
  against: against({}),
  event: 'local',
  now: Date.parse('2027-01-15T12:00:00Z'),
  waivers: [],
  duration_ms: 1000,
  ...more,
})

/** The one verdict of stage `test`, with its gates as the loader would read them. */
export function verdictOf(gates: GatesFile, evidence: Evidence[], more: Partial<Judging> = {}): Verdict {
  const { verdicts } = judgeStage({
    ...scene(),
    address: 'test',
    settings: readGates(gates),
    instances: [{ address: 'test', evidence }],
    ...more,
  })
  const [verdict, second] = verdicts
  if (!verdict || second) throw new Error(`${verdicts.length} verdicts`)
  return verdict
}
