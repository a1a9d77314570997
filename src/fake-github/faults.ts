import { Type } from 'typebox'
import type { Static } from 'typebox'
import { refusal } from './answer.js'
import type { Answer } from './answer.js'
import { rateHeaders } from './rate.js'
import type { Rate } from './rate.js'

/** What can go wrong on the way to GitHub. */
const kinds = [
  '401',
  '403-permission',
  '403-secondary',
  '403-primary',
  '404',
  '409',
  '422',
  '429',
  '500',
  '502',
  'reset',
  'lost',
  'slow',
  'garbage',
] as const
export type FaultKind = (typeof kinds)[number]

/** A kind that is a status may be written as a number. */
const statuses = [401, 404, 409, 422, 429, 500, 502] as const

/** The schema of one rule, as `--faults` reads it. */
export const faultSchema = Type.Object(
  {
    /** A regular expression over `METHOD /path`; every request when absent. */
    route: Type.Optional(Type.String()),
    /** How many of the requests fail; all when absent. */
    times: Type.Optional(Type.Integer({ minimum: 1 })),
    /** How many pass before the first that fails. */
    after: Type.Optional(Type.Integer({ minimum: 0 })),
    /** `reset` drops the connection, `lost` does the work first and then drops it, `slow` holds the request. */
    answer: Type.Unsafe<FaultKind | (typeof statuses)[number]>({ enum: [...kinds, ...statuses] }),
    /** For `slow`: milliseconds; until it is released when absent. */
    hold: Type.Optional(Type.Integer({ minimum: 1 })),
    /** For limits: seconds to wait. */
    retryAfter: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
)

/** A rule by which requests fail. */
export interface Fault extends Omit<Static<typeof faultSchema>, 'route'> {
  route?: string | RegExp
}

/** A fault that strikes a request. */
export interface Strike extends Pick<Fault, 'hold' | 'retryAfter'> {
  readonly kind: FaultKind
}

/** The rules in force. */
export interface Faults {
  add(rule: Fault): void
  /** What strikes this request: the first rule that applies. Each request counts for the rules that it matches, up to that one. */
  strike(method: string, path: string): Strike | undefined
}

/** An empty set of rules. */
export function createFaults(): Faults {
  const rules: { rule: Fault; route: RegExp; seen: number }[] = []
  return {
    add: (rule) => {
      rules.push({ rule, route: new RegExp(rule.route ?? ''), seen: 0 })
    },
    strike: (method, path) => {
      for (const each of rules) {
        if (!each.route.test(`${method} ${path}`)) continue
        each.seen += 1
        const { after = 0, times = Infinity, answer, ...more } = each.rule
        if (each.seen > after && each.seen <= after + times) return { kind: String(answer) as FaultKind, ...more }
      }
      return undefined
    },
  }
}

const html = (status: number, text: string): Answer => ({
  status,
  raw: { type: 'text/html; charset=utf-8', bytes: Buffer.from(`<html><body><h1>${text}</h1></body></html>\n`) },
})

const secondary =
  'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.'

/** What GitHub answers for a fault that is an answer. `needs` is the permission that the request would have needed. */
export function faultAnswer({ kind, retryAfter }: Strike, needs: string, rate: Rate): Answer | undefined {
  const later = (seconds: number): { 'retry-after': string } => ({ 'retry-after': String(retryAfter ?? seconds) })
  const answers: { readonly [kind in FaultKind]?: () => Answer } = {
    '401': () => refusal(401, 'Bad credentials'),
    '403-permission': () =>
      refusal(403, 'Resource not accessible by integration', needs ? { 'x-accepted-github-permissions': needs } : {}),
    '403-secondary': () => refusal(403, secondary, later(60)),
    '403-primary': () => {
      const reset = rate.reset - 3600 + (retryAfter ?? 3600)
      const headers = rateHeaders({ ...rate, used: rate.limit, remaining: 0, reset })
      return refusal(403, 'API rate limit exceeded for installation.', headers)
    },
    '404': () => refusal(404, 'Not Found'),
    '409': () => refusal(409, 'Conflict'),
    '422': () => refusal(422, 'Validation Failed'),
    '429': () => refusal(429, secondary, later(60)),
    '500': () => refusal(500, 'Server Error'),
    '502': () => html(502, 'Bad Gateway'),
    garbage: () => ({
      status: 200,
      raw: { type: 'application/json; charset=utf-8', bytes: Buffer.from('{"id": 1, "nam') },
    }),
  }
  return answers[kind]?.()
}
