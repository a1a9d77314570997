import { whole } from '../workflow/gates.js'
import { limitText, valueText } from './amount.js'
import type { Gate } from './gate.js'

/** How long a stage took; of a milestone how long it is since the first of the stages began that it needs. */
export const durationGate: Gate = {
  name: 'duration',
  subject: 'a time',
  sees: () => false,
  isBlind: true,
  measure(_, { thresholds }, { duration_ms }) {
    const value = { ms: Math.round(duration_ms) }
    return {
      measures: [
        {
          key: whole,
          name: 'duration',
          bound: 'most',
          value,
          limit: thresholds[whole],
          told: true,
          miss: (limit) => `it took ${valueText(value, 'most')}, ${limitText(limit)} allowed`,
          none: 'the time is not known',
          mend: 'look which of its steps take longest',
        },
      ],
      told: [],
      passed: `it took ${valueText(value, 'most')}`,
    }
  },
}
