import type { Random } from '../ports.js'

/** The system's good randomness; the global one, since `node:crypto` costs milliseconds at every start. */
export function hostRandom(): Random {
  return {
    fraction: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
    hex: (characters) =>
      Buffer.from(crypto.getRandomValues(new Uint8Array(Math.ceil(characters / 2))))
        .toString('hex')
        .slice(0, characters),
  }
}
