import { grouped } from '../../build-benchmarks.js'
import type { TextReader } from '../../reader.js'
import { someLine, textBenchmarks } from './text-benchmarks.js'

/** What Benchmark.js prints of each benchmark. */
export const benchmarkJs: TextReader = {
  format: 'benchmark-js',
  recognised: 'a line `NAME x 11,465 ops/sec ±1.12% (91 runs sampled)`',
  proven: 'Benchmark.js 2.1',
  kind: 'benchmarks',
  family: 'text',
  supports: (head) => someLine(head, (line) => bench.test(line)),
  open: (context) =>
    textBenchmarks(context, (line, benchmarks) => {
      const at = line.lastIndexOf(' x ')
      const found = at < 0 ? null : measured.exec(line.slice(at))
      if (found) {
        const [, value, unit = '', range] = found
        benchmarks.add({ name: line.slice(0, at), value: grouped(value), unit, range, better: 'bigger' })
      } else if (/^\S.{0,500}:$|: message: |Error: /.test(line))
        // A benchmark that throws is its name and the error, of which often nothing is printed.
        benchmarks.broken(`says of a benchmark that failed: ${line.slice(0, 200)}`)
    }),
}

const measured = /^ x ([\d,.]{1,40}) (\S{1,50}) ((?:±|\+-)[\d.,]{1,20}%) \(\d{1,9} runs? sampled\)$/
const bench = / x [\d,.]{1,40} \S{1,50} (?:±|\+-)[\d.,]{1,20}% \(\d{1,9} runs? sampled\)$/
