import { betterOf, grouped } from '../../build-benchmarks.js'
import type { TextReader } from '../../reader.js'
import { someLine, textBenchmarks } from './text-benchmarks.js'

/** What the script `bench.py` of Luau prints of each test. */
export const benchmarkLuau: TextReader = {
  format: 'benchmark-luau',
  recognised: 'a line `SUCCESS: NAME : 15.041ms +/- 0.636% on luau`',
  proven: 'unproven',
  kind: 'benchmarks',
  family: 'text',
  supports: (head) => someLine(head, bench),
  open: (context) =>
    textBenchmarks(context, (line, benchmarks) => {
      const found = bench.exec(line)
      if (found) {
        const [, name, value, unit = '', range] = found
        benchmarks.add({ name: name?.trim(), value: grouped(value), unit, range: `±${range}`, better: betterOf(unit) })
      } else if (/^(?:FAIL\w*|ERROR|SKIPPED):/.test(line)) benchmarks.broken(`says: ${line.slice(0, 200)}`)
    }),
}

const bench = /^SUCCESS: (.{1,500}?) *: +([\d.]{1,30})([a-zµμ]{1,4}) \+\/- +([\d.]{1,30}%)/
