import { BenchmarksBuilder, plusMinus } from '../../build-benchmarks.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'

/** JMH's `-rf json`: throughput is better big, times are better small. */
export const benchmarkJmh: JsonReader = {
  format: 'benchmark-jmh',
  recognised: 'a list of `benchmark`, `mode` and `primaryMetric`',
  proven: 'JMH 1.37',
  kind: 'benchmarks',
  family: 'json',
  supports: (value) => {
    const [first] = items(value) ?? []
    return text(at(first, 'benchmark')) !== undefined && fields(at(first, 'primaryMetric')) !== undefined
  },
  parse(value, context) {
    const benchmarks = new BenchmarksBuilder(context)
    for (const item of items(value) ?? []) {
      const metric = at(item, 'primaryMetric')
      const params = fields(at(item, 'params'))
      const name = text(at(item, 'benchmark'))
      // What JMH cannot tell, such as an error from one iteration, it writes as the text "NaN".
      const spread = number(at(metric, 'scoreError'))
      benchmarks.add({
        name: params && name ? `${name} ( ${JSON.stringify(params)} )` : name,
        value: number(at(metric, 'score')),
        unit: text(at(metric, 'scoreUnit')) ?? '',
        range: plusMinus(spread),
        better: at(item, 'mode') === 'thrpt' ? 'bigger' : 'smaller',
      })
    }
    return benchmarks.finish()
  },
}
