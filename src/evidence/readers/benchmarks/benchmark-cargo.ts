import { betterOf, grouped, plusMinus } from '../../build-benchmarks.js'
import type { TextReader } from '../../reader.js'
import { someLine, textBenchmarks } from './text-benchmarks.js'

/** `cargo bench` with the benches of the standard library, and Criterion's `--output-format bencher`. */
export const benchmarkCargo: TextReader = {
  format: 'benchmark-cargo',
  recognised: 'a line `test NAME ... bench: 135 ns/iter (+/- 24)`',
  proven: 'Rust 1.97 nightly (libtest)',
  kind: 'benchmarks',
  family: 'text',
  supports: (head) => someLine(head, bench),
  open: (context) => {
    let measured = 0
    let running = 0
    let ended = 0
    let before = 0
    return textBenchmarks(
      context,
      (line, benchmarks) => {
        const found = bench.exec(line)
        const result = summary.exec(line)
        if (found) {
          const [, name, value, unit = '', spread] = found
          const range = plusMinus(grouped(spread))
          benchmarks.add({ name: name?.trim(), value: grouped(value), unit, range, better: betterOf(unit) })
        } else if (result) {
          ended++
          measured = Number(result[2])
          if (result[1] !== 'ok') benchmarks.broken('says that a benchmark failed')
          if (benchmarks.size - before !== measured)
            benchmarks.broken(`states ${measured} benchmarks and lists ${benchmarks.size - before}`)
          before = benchmarks.size
        } else if (/^running \d+ tests?$/.test(line)) running++
        else if (/^test .{1,1000} \.\.\. FAILED$|^error: /.test(line)) benchmarks.broken(`says: ${line.slice(0, 200)}`)
      },
      (benchmarks) => {
        if (running > ended) benchmarks.broken('has no result of its last run: it is cut short')
      },
    )
  },
}

const bench = /^test (.{1,1000}?) +\.\.\. bench: +([\d,.]{1,40}) (\S{1,50}) \(\+\/- ([\d,.]{1,40})\)/
const summary = /^test result: (\w+)\..*; (\d{1,9}) measured;/
