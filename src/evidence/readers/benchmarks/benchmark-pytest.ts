import { BenchmarksBuilder } from '../../build-benchmarks.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'

/** pytest-benchmark's `--benchmark-json`: calls in a second, which do not depend on the unit of its table. */
export const benchmarkPytest: JsonReader = {
  format: 'benchmark-pytest',
  recognised: '`machine_info` and `benchmarks`',
  proven: 'pytest-benchmark 5.3',
  kind: 'benchmarks',
  family: 'json',
  supports: (value) => fields(at(value, 'machine_info')) !== undefined && items(at(value, 'benchmarks')) !== undefined,
  parse(value, context) {
    const benchmarks = new BenchmarksBuilder(context)
    for (const item of items(at(value, 'benchmarks')) ?? []) {
      const stats = at(item, 'stats')
      const spread = number(at(stats, 'stddev'))
      benchmarks.add({
        name: text(at(item, 'fullname')) ?? text(at(item, 'name')),
        value: number(at(stats, 'ops')),
        unit: 'iter/sec',
        range: spread === undefined ? undefined : `stddev: ${spread}`,
        better: 'bigger',
      })
    }
    return benchmarks.finish()
  },
}
