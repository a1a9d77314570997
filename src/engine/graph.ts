/**
 * Runs each item as soon as those that it needs have ended, whatever came of them; how many work at once is the workers' business.
 * Resolves when all have ended. After the first bug that a worker throws nothing more begins, and it rejects when what runs has ended.
 */
export async function runGraph<T extends { id: string; needs: readonly string[] }>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = new Map(items.map((item) => [item.id, new Set(item.needs).size]))
  const dependents = new Map<string, T[]>(items.map((item) => [item.id, []]))
  for (const item of items) for (const need of new Set(item.needs)) dependents.get(need)?.push(item)
  if (!items.length) return
  await new Promise<void>((resolve, reject) => {
    let running = 0
    let bug: { cause: unknown } | undefined
    const ended = (item: T): void => {
      running -= 1
      if (!bug)
        for (const next of dependents.get(item.id) ?? []) {
          const still = (waiting.get(next.id) ?? 1) - 1
          waiting.set(next.id, still)
          if (still === 0) begin(next)
        }
      if (running) return
      if (bug) reject(bug.cause)
      else resolve()
    }
    function begin(item: T): void {
      running += 1
      work(item)
        .catch((cause: unknown) => void (bug ??= { cause }))
        .then(() => ended(item), reject)
    }
    for (const item of items) if (!item.needs.length) begin(item)
  })
}
