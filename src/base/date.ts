/** The grammar of a date in the workflow file. */
export const datePattern = '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'

/** When the day `2027-03-31` is over, in UTC, as milliseconds since the epoch; `undefined` when there is no such day. */
export function endOfDay(text: string): number | undefined {
  const start = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== text ? undefined : start + 86_400_000
}

/** Whether a day is over; one that does not exist is. */
export const isOver = (day: string, now: number): boolean => now >= (endOfDay(day) ?? Number.NEGATIVE_INFINITY)
