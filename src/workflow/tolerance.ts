import type { Stage, Step } from './model.js'

interface Entry {
  what: string
  base: string | null
  change: string | null
  effect: 'weaker' | 'stricter' | 'different' | undefined
}

/** What steps of both are let off: a failure that no longer counts, a condition under which they no longer run. */
export function compareTolerance(base: Stage, change: Stage): Entry[] {
  const later = new Map(allSteps(change).map((step) => [step.id, step]))
  return allSteps(base).flatMap((before) => {
    const after = later.get(before.id)
    if (!after) return []
    return parts.flatMap(({ key, read }) => {
      const [one, other] = [read(before), read(after)]
      const effect = one === other ? undefined : one === null ? 'weaker' : other === null ? 'stricter' : 'different'
      return [{ what: `steps.${before.id}.${key}`, base: one, change: other, effect } as const]
    })
  })
}

const allSteps = ({ steps, finally: last }: Stage): Step[] => [...steps, ...last]

const parts: readonly { key: string; read: (step: Step) => string | null }[] = [
  {
    key: 'continue-on-error',
    read: ({ continueOnError: value }) => (typeof value === 'object' ? value.source : value ? 'true' : null),
  },
  { key: 'if', read: (step) => step.if?.source ?? null },
]
