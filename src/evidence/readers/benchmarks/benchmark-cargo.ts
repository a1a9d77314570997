import { betterOf, grouped, type Measured, plusMinus } from '../../build-benchmarks.js'
import type { TextReader } from '../../reader.js'
import { someLine, textBenchmarks } from './text-benchmarks.js'

/** `cargo bench` with the benches of the standard library, and Criterion's `--output-format bencher`. */
export const benchmarkCargo: TextReader = {
  format: 'benchmark-cargo',
  recognised: 'a line `test NAME ... bench: 135 ns/iter (+/- 24)`',
  proven: 'Rust 1.97 nightly (libtest), Criterion 0.5',
  kind: 'benchmarks',
  family: 'text',
  supports: (head) => someLine(head, (line) => benchOf(line) !== undefined),
  open: (context) => {
    let running = 0
    let ended = 0
    let before = 0
    return textBenchmarks(
      context,
      (line, benchmarks) => {
        const found = benchOf(line)
        const result = summary.exec(line)
        if (found) {
          benchmarks.add(found)
        } else if (result) {
          ended++
          const stated = Number(result[2])
          if (result[1] !== 'ok') benchmarks.broken('says that a benchmark failed')
          if (benchmarks.size - before !== stated)
            benchmarks.broken(`states ${stated} benchmarks and lists ${benchmarks.size - before}`)
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

const measured = /^ +([\d,.]{1,40}) (\S{1,50}) \(\+\/- ([\d,.]{1,40})\)/

/** `test NAME ... bench: 18,149 ns/iter (+/- 755)`, where the name may hold anything. */
function benchOf(line: string): Measured | undefined {
  const mark = ' ... bench:'
  const at = line.startsWith('test ') ? line.lastIndexOf(mark) : -1
  const found = at < 0 ? null : measured.exec(line.slice(at + mark.length))
  if (!found) return undefined
  const [, value, unit = '', spread] = found
  const range = plusMinus(grouped(spread))
  return { name: line.slice(5, at), value: grouped(value), unit, range, better: betterOf(unit) }
}

const summary = /^test result: (\w+)\..*; (\d{1,9}) measured;/
