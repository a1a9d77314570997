import type { Call } from './call.js'

/** One page of a list, and the header that leads to the others. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly headers: { readonly link?: string }
}

/** The page that was asked for: 30 items unless `per_page` says otherwise, 100 at most. */
export function pageOf<T>({ query, world, path }: Call, all: readonly T[]): Page<T> {
  const size = Math.min(positive(query.get('per_page')) ?? 30, 100)
  const page = positive(query.get('page')) ?? 1
  const last = Math.max(1, Math.ceil(all.length / size))
  const address = (number: number): string => {
    const next = new URLSearchParams(query)
    next.set('page', String(number))
    return `${world.url}${path}?${next.toString()}`
  }
  const links = [
    ...(page > 1 ? [link(address(page - 1), 'prev')] : []),
    ...(page < last ? [link(address(page + 1), 'next'), link(address(last), 'last')] : []),
    ...(page > 1 ? [link(address(1), 'first')] : []),
  ]
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length ? { link: links.join(', ') } : {},
  }
}

const link = (address: string, relation: string): string => `<${address}>; rel="${relation}"`

const positive = (text: string | null): number | undefined =>
  text !== null && /^[1-9]\d*$/.test(text) ? Number(text) : undefined
