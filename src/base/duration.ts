const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The grammar of a duration in the workflow file: a number and `ms`, `s`, `m`, `h` or `d`. */
export const durationPattern = '^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$'

/** `90s`, `20m`, `1.5h`, `7d` as milliseconds; `undefined` when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? Number.NaN) : undefined
}

/** Milliseconds in the shortest form that a person reads at a glance: `12ms`, `3.4s`, `2m 05s`, `1h 03m`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`
  const seconds = Math.round(ms / 1000)
  const two = (n: number): string => String(n).padStart(2, '0')
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`
  return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`
}

/** Milliseconds as a user would write them: `90s`, `20m`, `1h`. */
export function writtenDuration(ms: number): string {
  const unit = Object.entries(units).findLast(([, length]) => ms >= length && ms % length === 0)
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms}ms`
}
