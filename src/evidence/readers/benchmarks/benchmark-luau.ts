import { betterOf, grouped, type Measured } from '../../build-benchmarks.js'
import type { TextReader } from '../../reader.js'
import { someLine, textBenchmarks } from './text-benchmarks.js'

/** What the script `bench.py` of Luau prints of each test. */
export const benchmarkLuau: TextReader = {
  format: 'benchmark-luau',
  recognised: 'a line `SUCCESS: NAME : 15.041ms +/- 0.636% on luau`',
  proven: 'unproven',
  kind: 'benchmarks',
  family: 'text',
  supports: (head) => someLine(head, (line) => benchOf(line) !== undefined),
  open: (context) =>
    textBenchmarks(context, (line, benchmarks) => {
      const found = benchOf(line)
      if (found) benchmarks.add(found)
      else if (/^(?:FAIL\w*|ERROR|SKIPPED):/.test(line)) benchmarks.broken(`says: ${line.slice(0, 200)}`)
    }),
}

const measured = /^: +([\d.]{1,30})([a-zµμ]{1,4}) \+\/- +([\d.]{1,30}%)/

function benchOf(line: string): Measured | undefined {
  const at = line.startsWith('SUCCESS: ') ? line.lastIndexOf(': ') : -1
  const found = at < 9 ? null : measured.exec(line.slice(at))
  if (!found) return undefined
  const [, value, unit = '', range] = found
  return { name: line.slice(9, at), value: grouped(value), unit, range: `±${range}`, better: betterOf(unit) }
}
