import type { Severity } from '../../evidence.js'
import { gradeOfScore } from './graded.js'

type Weights = Readonly<Record<string, number>>
const attackVector: Weights = { N: 0.85, A: 0.62, L: 0.55, P: 0.2 }
const complexity: Weights = { L: 0.77, H: 0.44 }
const privileges: Weights = { N: 0.85, L: 0.62, H: 0.27 }
/** Where an attack leaves its scope, privileges weigh otherwise. */
const privilegesChanged: Weights = { N: 0.85, L: 0.68, H: 0.5 }
const interaction: Weights = { N: 0.85, R: 0.62 }
const impact: Weights = { H: 0.56, L: 0.22, N: 0 }

/** The severity of a CVSS 3 vector by its base score; `unknown` for other versions and what is no vector. */
export function gradeOfVector(vector: string): Severity {
  const score = baseScore(vector)
  return score === undefined ? 'unknown' : gradeOfScore(score)
}

function baseScore(vector: string): number | undefined {
  const [version, ...parts] = vector.trim().split('/')
  if (version !== 'CVSS:3.0' && version !== 'CVSS:3.1') return undefined
  const metrics = new Map(parts.map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)]))
  const weigh = (metric: string, weights: Weights): number => {
    const value = metrics.get(metric) ?? ''
    return Object.hasOwn(weights, value) ? (weights[value] as number) : Number.NaN
  }
  const scope = metrics.get('S')
  if (scope !== 'C' && scope !== 'U') return undefined
  const changed = scope === 'C'
  const lost = 1 - (1 - weigh('C', impact)) * (1 - weigh('I', impact)) * (1 - weigh('A', impact))
  const effect = changed ? 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 : 6.42 * lost
  const ease =
    8.22 *
    weigh('AV', attackVector) *
    weigh('AC', complexity) *
    weigh('PR', changed ? privilegesChanged : privileges) *
    weigh('UI', interaction)
  if (Number.isNaN(effect + ease)) return undefined
  if (effect <= 0) return 0
  return roundedUp(Math.min(changed ? 1.08 * (effect + ease) : effect + ease, 10))
}

/** CVSS' rounding to the next tenth, in whole numbers. */
function roundedUp(score: number): number {
  const whole = Math.round(score * 100_000)
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10
}
