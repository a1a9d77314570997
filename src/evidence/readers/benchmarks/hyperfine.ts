import { BenchmarksBuilder, plusMinus } from '../../build-benchmarks.js'
import type { JsonReader } from '../../reader.js'
import { at, items, number, text } from '../../values.js'

/** hyperfine's `--export-json`: the mean time of a command in seconds. */
export const hyperfine: JsonReader = {
  format: 'hyperfine',
  recognised: '`results` of `command`, `mean` and `times`',
  proven: 'hyperfine 1.15',
  kind: 'benchmarks',
  family: 'json',
  supports: (value) => {
    const first = element(value)
    return text(at(first, 'command')) !== undefined && at(first, 'mean') !== undefined && at(first, 'min') !== undefined
  },
  parse(value, context) {
    const benchmarks = new BenchmarksBuilder(context)
    for (const item of items(at(value, 'results')) ?? []) {
      const name = text(at(item, 'command'))
      const failed = (items(at(item, 'exit_codes')) ?? []).filter((code) => code !== 0).length
      if (failed > 0) context.problems.warning(`the command "${name?.slice(0, 200)}" failed in ${failed} runs`)
      benchmarks.add({
        name,
        value: number(at(item, 'mean')),
        unit: 's',
        range: plusMinus(number(at(item, 'stddev'))),
        better: 'smaller',
      })
    }
    return benchmarks.finish()
  },
}

const element = (value: unknown): unknown => items(at(value, 'results'))?.[0]
