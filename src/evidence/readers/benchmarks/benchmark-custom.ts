import { BenchmarksBuilder, betterOf, grouped } from '../../build-benchmarks.js'
import type { JsonReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'

/** A list of `{ name, unit, value, range? }`; where it names no `better`, only units of time and of rates say what it is. */
export const benchmarkCustom: JsonReader = {
  format: 'benchmark-custom',
  recognised: 'a list of `name`, `unit` and `value`',
  proven: 'written by hand',
  kind: 'benchmarks',
  family: 'json',
  supports: (value) => {
    const list = items(value) ?? []
    const fits = (item: unknown): boolean =>
      text(at(item, 'name')) !== undefined && text(at(item, 'unit')) !== undefined && at(item, 'value') !== undefined
    return list.length > 0 && list.every(fits)
  },
  parse(value, context) {
    const benchmarks = new BenchmarksBuilder(context)
    for (const item of items(value) ?? []) {
      const unit = text(at(item, 'unit')) ?? ''
      const range = at(item, 'range')
      const better = at(item, 'better')
      const said = better === 'smaller' || better === 'bigger' ? better : undefined
      if (fields(item) && better !== undefined && said === undefined)
        context.problems.warning('`better` is "smaller" or "bigger"')
      benchmarks.add({
        name: text(at(item, 'name')),
        value: number(at(item, 'value')) ?? grouped(text(at(item, 'value'))),
        unit,
        range: typeof range === 'number' ? String(range) : text(range),
        better: said ?? betterOf(unit),
      })
    }
    return benchmarks.finish()
  },
}
