import { BenchmarksBuilder, plusMinus } from '../../build-benchmarks.js'
import type { JsonReader } from '../../reader.js'
import { at, items, number, text } from '../../values.js'

/** BenchmarkDotNet's JSON exporters, brief and full: nanoseconds. */
export const benchmarkDotnet: JsonReader = {
  format: 'benchmark-dotnet',
  recognised: '`HostEnvironmentInfo` or `Title`, and `Benchmarks`',
  proven: 'unproven',
  kind: 'benchmarks',
  family: 'json',
  supports: (value) =>
    items(at(value, 'Benchmarks')) !== undefined &&
    (at(value, 'HostEnvironmentInfo') ?? text(at(value, 'Title'))) !== undefined,
  parse(value, context) {
    const benchmarks = new BenchmarksBuilder(context)
    for (const item of items(at(value, 'Benchmarks')) ?? []) {
      // A benchmark that threw has no statistics.
      const statistics = at(item, 'Statistics')
      benchmarks.add({
        name: text(at(item, 'FullName')) ?? text(at(item, 'DisplayInfo')),
        value: number(at(statistics, 'Mean')),
        unit: 'ns',
        range: plusMinus(number(at(statistics, 'StandardDeviation'))),
        better: 'smaller',
      })
    }
    return benchmarks.finish()
  },
}
