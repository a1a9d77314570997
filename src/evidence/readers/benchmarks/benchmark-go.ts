import { type BenchmarksBuilder, betterOf, grouped } from '../../build-benchmarks.js'
import type { TextReader } from '../../reader.js'
import { someLine, textBenchmarks } from './text-benchmarks.js'

/**
 * `go test -bench`. The first metric has the benchmark's name; where there are several, each is told once more with its
 * unit behind the name, and where there are several packages, the package stands behind it.
 */
export const benchmarkGo: TextReader = {
  format: 'benchmark-go',
  recognised: 'a line `BenchmarkName-8  1000  325 ns/op`',
  proven: 'Go 1.26',
  kind: 'benchmarks',
  family: 'text',
  supports: (head) =>
    someLine(head, (line) => bench.test(line)) ||
    (someLine(head, (line) => line.startsWith('pkg: ')) && someLine(head, (line) => /^Benchmark\S/.test(line))),
  open: (context) => {
    const found: Found[] = []
    let pkg = ''
    let open = false
    let pending = ''
    return textBenchmarks(
      context,
      (line, benchmarks) => {
        // What a benchmark logs stands between its name and its numbers.
        if (/^Benchmark\S*$/.test(line)) pending = line
        const match = bench.exec(line) ?? (pending && rest.test(line) ? bench.exec(`${pending} ${line.trim()}`) : null)
        if (match) {
          pending = ''
          if (found.length < maxFound) found.push({ name: match[1] ?? '', pkg, metrics: match[2] ?? '' })
          else benchmarks.broken('truncated: it holds too many benchmarks')
        } else if (line.startsWith('pkg: ')) {
          pkg = line.slice(5)
          open = true
        } else if (/^(?:PASS|ok\s)/.test(line)) open = false
        else if (/^(?:FAIL\b|--- FAIL|panic: |exit status [1-9])/.test(line)) {
          open = false
          benchmarks.broken(`says: ${line.slice(0, 200)}`)
        }
      },
      (benchmarks) => {
        if (open) benchmarks.broken('does not say how the last package ended: it is cut short')
        const packages = new Set(found.map((item) => item.pkg)).size
        for (const item of found) tell(item, packages > 1 ? ` (${item.pkg})` : '', benchmarks)
      },
    )
  },
}

const maxFound = 50_000

interface Found {
  name: string
  pkg: string
  metrics: string
}

/** The number after the last dash is how many processors there were. */
const bench = /^(Benchmark\S{0,1000})\s+\d{1,15}\s+(-?\d\S{0,30}\s+\S.*)$/
const rest = /^\s*\d{1,15}\s+-?\d\S{0,30}\s+\S/

function tell({ name, metrics }: Found, behind: string, benchmarks: BenchmarksBuilder): void {
  const plain = name.replace(/-\d{1,9}$/, '')
  const words = metrics.split(/\s+/, 200)
  const pairs: { value: number | undefined; unit: string }[] = []
  for (let i = 0; i + 1 < words.length; i += 2) pairs.push({ value: grouped(words[i]), unit: words[i + 1] ?? '' })
  const [first] = pairs
  if (first) benchmarks.add({ name: plain + behind, ...first, better: betterOf(first.unit) })
  if (pairs.length > 1)
    for (const pair of pairs)
      benchmarks.add({ name: `${plain} - ${pair.unit}${behind}`, ...pair, better: betterOf(pair.unit) })
}
