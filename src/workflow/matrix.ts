import { canonicalJson } from '../base/json.js'
import type { StageFile, Cell } from '../language/workflow.js'

type MatrixFile = NonNullable<StageFile['matrix']>
export type Combination = Record<string, Cell>

/** A matrix without expressions: dimensions with their values, and combinations that come or go. */
export type Matrix = { include?: Combination[]; exclude?: Combination[] } & Record<string, Cell[]>

/** A job's matrix on GitHub holds 256; more are split into several. */
export const maxInstances = 2000
/** A product that no `exclude` can be meant to cut down is not built. */
export const maxProduct = 20_000

/** Whether it holds expressions, so that its combinations are known when its stage begins. */
export const isDynamic = (file: MatrixFile | undefined): file is MatrixFile =>
  file !== undefined && JSON.stringify(file).includes('${{')

/** The names that `matrix.` can have at some instance: dimensions and what `include` adds; nothing where an expression gives them. */
export function matrixNames(file: MatrixFile | undefined): string[] | undefined {
  if (!file) return []
  if (typeof file === 'string' || typeof file.include === 'string') return undefined
  const dimensions = Object.keys(file).filter((key) => key !== 'include' && key !== 'exclude')
  return [...new Set([...dimensions, ...(file.include ?? []).flatMap((cells) => Object.keys(cells))])]
}

const dimensionsOf = (file: Matrix): [string, Cell[]][] =>
  Object.entries(file).filter(([key]) => key !== 'include' && key !== 'exclude') as [string, Cell[]][]

/** How many combinations the dimensions have before `exclude` and `include`; a short file can name more than any memory holds. */
export const productSize = (file: Matrix | undefined): number =>
  file ? dimensionsOf(file).reduce((size, [, values]) => size * values.length, 1) : 1

/**
 * All combinations in the order of the file, by GitHub's rules: `exclude` first; an `include` extends every combination whose original
 * cells it does not overwrite, and becomes one of its own when it fits none.
 */
export function combinations(file: Matrix | undefined): Combination[] {
  if (!file) return [{}]
  const dimensions = dimensionsOf(file)
  const product = dimensions.length
    ? dimensions.reduce<Combination[]>(
        (rows, [key, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [key]: value }))),
        [{}],
      )
    : []
  const covers = (row: Combination, cells: Combination): boolean =>
    Object.entries(cells).every(([key, value]) => row[key] === value)
  const kept = product.filter((row) => !(file.exclude ?? []).some((cells) => covers(row, cells)))
  const rows = kept.map((original) => ({ original, row: { ...original } }))
  const added: Combination[] = []
  for (const cells of file.include ?? []) {
    const fits = rows.filter(({ original }) =>
      Object.entries(cells).every(([key, value]) => !(key in original) || original[key] === value),
    )
    if (fits.length) for (const { row } of fits) Object.assign(row, cells)
    else added.push({ ...cells })
  }
  const unique = new Map([...rows.map(({ row }) => row), ...added].map((row) => [canonicalJson(row), row]))
  return [...unique.values()]
}

/** The name of the dimension that `shard` adds to a matrix. */
export const shardName = 'shard'

/** Each combination once for each shard, which count from 1; without shards as it is. */
export function sharded(rows: readonly Combination[], total: number | undefined): Combination[] {
  if (total === undefined) return [...rows]
  const numbers = Array.from({ length: Math.min(total, maxInstances + 1) }, (_, i) => i + 1)
  return rows.flatMap((row) => numbers.map((number) => ({ ...row, [shardName]: number })))
}
