import type { Token } from './state.js'
import type { World } from './world.js'

/** The primary limit of a token. A type and not an interface, so that it counts as JSON. */
export type Rate = { limit: number; used: number; remaining: number; reset: number }

const hour = 3600

/** How many requests a token may still make. The fake counts none, so that no test depends on those before it; a fault limits. */
export function rateOf({ now }: Pick<World, 'now'>, token: Token | undefined): Rate {
  const limit = token ? (token.kind === 'user' ? 5000 : 1000) : 60
  return { limit, used: 0, remaining: limit, reset: Math.ceil(now() / 1000) + hour }
}

/** The headers by which GitHub tells it with every answer. */
export const rateHeaders = ({ limit, used, remaining, reset }: Rate): { [name: string]: string } => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(reset),
  'x-ratelimit-used': String(used),
  'x-ratelimit-resource': 'core',
})
