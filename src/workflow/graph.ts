/** Who needs whom: for each name, the names that come first. */
export type Graph = ReadonlyMap<string, readonly string[]>

/** One cycle of the graph as a closed trail (`a`, `b`, `a`), or nothing; names that do not exist are passed over. */
export function findCycle(graph: Graph): string[] | undefined {
  const state = new Map<string, 'open' | 'done'>()
  for (const start of graph.keys()) {
    if (state.has(start)) continue
    // A stack of its own: a chain of 5,000 steps must not overflow the call stack.
    const trail: { name: string; next: number }[] = [{ name: start, next: 0 }]
    state.set(start, 'open')
    for (let top = trail.at(-1); top; top = trail.at(-1)) {
      const need = graph.get(top.name)?.[top.next++]
      if (need === undefined) {
        state.set(top.name, 'done')
        trail.pop()
      } else if (state.get(need) === 'open') {
        const names = trail.map((step) => step.name)
        return [...names.slice(names.indexOf(need)), need]
      } else if (graph.has(need) && !state.has(need)) {
        state.set(need, 'open')
        trail.push({ name: need, next: 0 })
      }
    }
  }
  return undefined
}

/** Everything that the given names need, directly or not, without themselves unless they need each other. */
export function ancestors(graph: Graph, of: readonly string[]): Set<string> {
  const found = new Set<string>()
  const queue = of.flatMap((name) => graph.get(name) ?? [])
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue
    found.add(name)
    queue.push(...(graph.get(name) ?? []))
  }
  return found
}
