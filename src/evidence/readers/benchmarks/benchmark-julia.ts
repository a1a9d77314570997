import { BenchmarksBuilder } from '../../build-benchmarks.js'
import type { JsonReader } from '../../reader.js'
import { at, element, fields, items, number, text } from '../../values.js'

/** What BenchmarkTools.jl saves: groups of estimates or trials, in nanoseconds. */
export const benchmarkJulia: JsonReader = {
  format: 'benchmark-julia',
  recognised: 'a list whose first is an object with `Julia` and `BenchmarkTools`',
  proven: 'unproven',
  kind: 'benchmarks',
  family: 'json',
  supports: (value) => {
    const versions = element(value, 0)
    return text(at(versions, 'BenchmarkTools')) !== undefined && items(element(value, 1)) !== undefined
  },
  parse(value, context) {
    const benchmarks = new BenchmarksBuilder(context)
    for (const item of items(element(value, 1)) ?? []) readItem(item, [], benchmarks)
    return benchmarks.finish()
  },
}

const maxDepth = 100

/** `["BenchmarkGroup", { data }]`, `["TrialEstimate", { time }]` or `["Trial", { times }]`. */
function readItem(item: unknown, labels: readonly string[], benchmarks: BenchmarksBuilder): void {
  const type = text(element(item, 0))
  const value = element(item, 1)
  const name = labels.join('/') || 'benchmark'
  if (type === 'BenchmarkGroup' && labels.length <= maxDepth)
    for (const [label, inner] of Object.entries(fields(at(value, 'data')) ?? {}))
      readItem(inner, [...labels, label], benchmarks)
  else if (type === 'TrialEstimate')
    benchmarks.add({ name, value: number(at(value, 'time')), unit: 'ns', better: 'smaller' })
  else if (type === 'Trial')
    benchmarks.add({ name, value: median(items(at(value, 'times')) ?? []), unit: 'ns', better: 'smaller' })
  else benchmarks.broken(`holds "${name}" of the unknown type "${type?.slice(0, 100) ?? ''}"`)
}

function median(times: readonly unknown[]): number | undefined {
  const sorted = times.filter((time) => typeof time === 'number').sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2
}
