import type { Operation } from './operation.js'

/** The operation that a request asks for, with the parameters of its path decoded. */
export interface Match {
  readonly id: string
  readonly params: { readonly [name: string]: string }
}

/** Finds the operation of a method and a path (as it came, still encoded). */
export type Router = (method: string, path: string) => Match | undefined

/** Builds a router. Of several templates that fit, the one with more fixed segments wins, as `commits/{ref}/check-runs` before `commits/{ref}`. */
export function createRouter(operations: { readonly [id: string]: Operation }): Router {
  const routes = Object.entries(operations)
    .map(([id, operation]) => ({ id, method: operation.method, ...compile(operation) }))
    .sort((a, b) => b.fixed - a.fixed)
  return (method, path) => {
    for (const { id, method: own, pattern } of routes) {
      const found = own === method ? pattern.exec(path) : null
      const params = found && decode({ ...found.groups })
      if (params) return { id, params }
    }
    return undefined
  }
}

function compile({ path, parameters }: Operation): { pattern: RegExp; fixed: number } {
  const multi = new Set(parameters.filter((p) => p.multi).map(({ name }) => name))
  const segments = path.slice(1).split('/')
  const source = segments.map((segment) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1]
    if (name === undefined) return segment.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    return multi.has(name) ? `(?<${name}>.*)` : `(?<${name}>[^/]+)`
  })
  return {
    pattern: new RegExp(`^/${source.join('/')}$`),
    fixed: segments.filter((segment) => !segment.startsWith('{')).length,
  }
}

function decode(groups: { [name: string]: string }): { [name: string]: string } | undefined {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    return undefined
  }
}
