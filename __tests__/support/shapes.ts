import type { Outcome } from '../../src/journal/outcome.js'
import type { Script } from './processes.js'
import type { Scripts } from './walk.js'

/** What an outcome says of its stages, without what depends on the machine. */
export const said = ({ verdict, stages }: Outcome) => ({
  verdict,
  stages: stages.map(({ id, status, reason, instances }) => ({
    id,
    status,
    reason,
    instances: instances.map((one) => [one.address, one.status, one.reason]),
  })),
})

/** Scripts whose attempts are counted over all jobs, as over all instances of one job. */
export const inTurn = (scripts: Readonly<Record<string, Script[]>>): Scripts =>
  Object.fromEntries(
    Object.entries(scripts).map(([text, all]) => {
      let next = 0
      return [text, (): Script => all[Math.min(next++, all.length - 1)] ?? {}]
    }),
  )
