import { randomBytes, randomInt } from 'node:crypto'
import type { Random } from '../ports.js'

/** The system's good randomness. */
export function hostRandom(): Random {
  return {
    fraction: () => randomInt(2 ** 47) / 2 ** 47,
    hex: (characters) =>
      randomBytes(Math.ceil(characters / 2))
        .toString('hex')
        .slice(0, characters),
  }
}
