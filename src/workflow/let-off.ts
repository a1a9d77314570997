import { endOfDay } from '../base/date.js'
import type { WorkflowFile } from '../language/workflow.js'
import type { GateSettings, Waiver } from './model.js'
import type { Reader } from './reader.js'
import type { Path } from './places.js'

/** What is let off for a time ends on a day that there is; a gate that speaks of a quarantine has one. */
export function checkLetOff(reader: Reader, file: WorkflowFile): void {
  for (const [i, { until }] of (file.waivers ?? []).entries()) checkDay(reader, until, ['waivers', i, 'until'])
  for (const [id, stage] of Object.entries(file.stages)) {
    const tests = stage.gates?.tests
    if (typeof tests !== 'object') continue
    const path = ['stages', id, 'gates', 'tests']
    for (const [i, entry] of (tests.quarantine ?? []).entries())
      checkDay(reader, entry.until, [...path, 'quarantine', i, 'until'])
    if (tests.flaky === 'quarantine' && !tests.quarantine)
      reader.problem('missing-key', '`flaky: quarantine` needs the list `quarantine`', [...path, 'flaky'], {
        hint: 'write `quarantine: [{ test: …, until: …, reason: … }]`, or `flaky: warn`',
      })
  }
}

function checkDay(reader: Reader, day: string, path: Path): void {
  if (endOfDay(day) === undefined) reader.problem('bad-value', `there is no day \`${day}\``, path)
}

/**
 * Gates of the base as they judge a change: what the change no longer lets off, or until another day, is not held against it when its
 * time is over, so that a change can mend that.
 */
export function withLeft(base: GateSettings, change: GateSettings): GateSettings {
  const { tests } = base
  if (!tests?.quarantine) return base
  const kept = change.tests?.quarantine ?? []
  const isKept = (test: string, until: string): boolean => kept.some((one) => one.test === test && one.until === until)
  const quarantine = tests.quarantine.map((one) =>
    isKept(one.test, one.until) ? one : { ...one, left: true as const },
  )
  return { ...base, tests: { ...tests, quarantine } }
}

/** Waivers of the base as they judge a change; likewise. */
export function withLeftWaivers(base: readonly Waiver[], change: readonly Waiver[]): Waiver[] {
  const keyOf = ({ rule, path, gate, until }: Waiver): string => JSON.stringify([rule, path, gate, until])
  const kept = new Set(change.map(keyOf))
  return base.map((one) => (kept.has(keyOf(one)) ? one : { ...one, left: true as const }))
}
