import { type BenchmarksBuilder, grouped, plusMinus } from '../../build-benchmarks.js'
import type { Evidence } from '../../evidence.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'
import { someLine, textBenchmarks } from './text-benchmarks.js'

/** The benchmarks of Catch2 2 and 3 in the console's table: the mean, and the standard deviation as its spread. */
export const benchmarkCatch2: TextReader = {
  format: 'benchmark-catch2',
  recognised: 'a table with `benchmark name`, `samples` and `iterations`',
  proven: 'Catch2 2.13',
  kind: 'benchmarks',
  family: 'text',
  supports: (head) => someLine(head, (line) => header.test(line)),
  open: (context) => new Catch2Handler(context),
}

const header = /^benchmark name +samples +iterations +(estimated|est run time|mean)/
const time = '(\\d[\\d.]{0,30}) (ns|us|µs|ms|s|m|h)'
const values = new RegExp(`^ +${time} +\\d[\\d.]{0,30} \\S{1,3} +\\d[\\d.]{0,30} \\S{1,3}$`)

/** `NAME  100  208  7.1968 ms`: a name, samples, iterations and a time. */
function startOf(line: string): { name: string; value: string; unit: string } | undefined {
  const words = line.split(/\s+/)
  const [samples = '', iterations = '', value = '', unit = ''] = words.slice(-4)
  if (words.length < 5 || !/^\d+$/.test(samples) || !/^\d+$/.test(iterations) || !/^[\d.]+$/.test(value))
    return undefined
  if (!units.includes(unit)) return undefined
  let name = line
  for (const word of [unit, value, iterations, samples]) name = name.slice(0, name.lastIndexOf(word)).trimEnd()
  return { name: name.trim(), value, unit }
}
const units = ['ns', 'us', 'µs', 'ms', 's', 'm', 'h']

class Catch2Handler implements TextHandler {
  private readonly text: TextHandler
  private seen = false
  private inTable = false
  /** Without its analysis Catch2 prints the mean beside the iterations. */
  private brief = false
  /** The lines of a name that did not fit into one. */
  private name = ''
  private mean: { name: string; value: string | undefined; unit: string | undefined } | undefined
  private ended = false

  constructor(context: ReadContext) {
    this.text = textBenchmarks(
      context,
      (line, benchmarks) => this.read(line, benchmarks),
      (benchmarks) => {
        if (this.mean) benchmarks.broken(`ends within the benchmark "${this.mean.name}": it is cut short`)
        else if (this.seen && !this.ended) benchmarks.broken('has no totals of its tests: it is cut short')
      },
    )
  }

  line(text: string): void {
    this.text.line(text)
  }

  finish(): Evidence | null {
    return this.text.finish()
  }

  private read(line: string, benchmarks: BenchmarksBuilder): void {
    const head = header.exec(line)
    if (head) {
      this.seen = true
      this.inTable = true
      this.brief = head[1] === 'mean'
      this.name = ''
      return
    }
    if (/^(?:test cases: |All tests passed)/.test(line)) {
      this.ended = true
      if (/\b[1-9]\d* failed\b/.test(line)) benchmarks.broken(`says: ${line}`)
    }
    if (/^={20,}$/.test(line)) this.inTable = false
    if (this.inTable) this.row(line, benchmarks)
  }

  private row(line: string, benchmarks: BenchmarksBuilder): void {
    if (/benchmark failed/i.test(line)) {
      this.mean = undefined
      return benchmarks.broken(`says that the benchmark "${this.name.trim()}" failed`)
    }
    const found = values.exec(line)
    if (this.mean && found) return this.measure(this.mean, found, benchmarks)
    const begun = startOf(line)
    if (begun) {
      const name = `${this.name} ${begun.name}`.trim()
      this.name = name
      if (this.brief) benchmarks.add({ name, value: grouped(begun.value), unit: begun.unit, better: 'smaller' })
      else this.mean = { name, value: undefined, unit: undefined }
    } else if (line === '') this.name = ''
    else if (/^\S/.test(line) && !/^[-.]{3,}$/.test(line)) this.name += ` ${line}`
  }

  private measure(mean: NonNullable<typeof this.mean>, found: RegExpExecArray, benchmarks: BenchmarksBuilder): void {
    const [, value, unit] = found
    if (mean.value === undefined) {
      this.mean = { ...mean, value, unit }
      return
    }
    const spread = unit === mean.unit ? value : `${value} ${unit}`
    benchmarks.add({
      name: mean.name,
      value: grouped(mean.value),
      unit: mean.unit ?? '',
      range: plusMinus(spread),
      better: 'smaller',
    })
    this.mean = undefined
    this.name = ''
  }
}
