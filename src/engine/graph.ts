/**
 * Runs each item as soon as those that it needs have ended, whatever came of them; how many work at once is the workers' business.
 * Resolves when all have ended; the first bug that a worker throws rejects at once.
 */
export async function runGraph<T extends { id: string; needs: readonly string[] }>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = new Map(items.map((item) => [item.id, new Set(item.needs).size]))
  const dependents = new Map<string, T[]>(items.map((item) => [item.id, []]))
  for (const item of items) for (const need of new Set(item.needs)) dependents.get(need)?.push(item)
  let left = items.length
  if (!left) return
  await new Promise<void>((resolve, reject) => {
    const ended = (item: T): void => {
      left -= 1
      if (!left) resolve()
      for (const next of dependents.get(item.id) ?? []) {
        const still = (waiting.get(next.id) ?? 1) - 1
        waiting.set(next.id, still)
        if (still === 0) begin(next)
      }
    }
    function begin(item: T): void {
      work(item).then(() => ended(item), reject)
    }
    for (const item of items) if (!item.needs.length) begin(item)
  })
}
