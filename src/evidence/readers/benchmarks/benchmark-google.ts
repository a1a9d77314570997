import { BenchmarksBuilder, plusMinus } from '../../build-benchmarks.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'

/** Google Benchmark's `--benchmark_format=json`: real time of an iteration; of aggregates only where there is nothing else. */
export const benchmarkGoogle: JsonReader = {
  format: 'benchmark-google',
  recognised: '`context` and `benchmarks`',
  proven: 'Google Benchmark 1.7',
  kind: 'benchmarks',
  family: 'json',
  supports: (value) => fields(at(value, 'context')) !== undefined && items(at(value, 'benchmarks')) !== undefined,
  parse(value, context) {
    const benchmarks = new BenchmarksBuilder(context)
    const all = items(at(value, 'benchmarks')) ?? []
    const runs = new Set(all.filter((item) => !isAggregate(item)).map(runOf))
    const spreads = new Map(
      all.filter((item) => aggregate(item) === 'stddev').map((item) => [runOf(item), timeOf(item)]),
    )
    for (const item of all) {
      const name = text(at(item, 'name'))
      const failure = text(at(item, 'error_message'))
      if (at(item, 'error_occurred') === true) benchmarks.broken(`the benchmark "${name}" failed: ${failure ?? ''}`)
      else if (at(item, 'skipped') === true) context.problems.warning(`the benchmark "${name}" was skipped`)
      else if (!isAggregate(item) || (!runs.has(runOf(item)) && aggregate(item) === 'mean'))
        benchmarks.add({
          name: isAggregate(item) ? runOf(item) : name,
          value: timeOf(item),
          unit: `${text(at(item, 'time_unit')) ?? 'ns'}/iter`,
          range: plusMinus(spreads.get(runOf(item))),
          better: 'smaller',
        })
    }
    return benchmarks.finish()
  },
}

const isAggregate = (item: unknown): boolean => at(item, 'run_type') === 'aggregate'
const aggregate = (item: unknown): string | undefined =>
  isAggregate(item) ? text(at(item, 'aggregate_name')) : undefined
const runOf = (item: unknown): string | undefined => text(at(item, 'run_name')) ?? text(at(item, 'name'))
const timeOf = (item: unknown): number | undefined => number(at(item, 'real_time'))
