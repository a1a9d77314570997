/** A value or the reasons why there is none. A user's mistake travels as `problems`; only bugs throw. */
export type Result<T, E> = { ok: true; value: T } | { ok: false; problems: E[] }

/** Wraps a value as a success. */
export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

/** Wraps the reasons of a failure; `problems` is never empty. */
export const fail = <E>(...problems: E[]): { ok: false; problems: E[] } => ({ ok: false, problems })
