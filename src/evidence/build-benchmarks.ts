import { stripControls } from '../base/text.js'
import type { Benchmark, BenchmarksEvidence } from './evidence.js'
import { type ReadContext, Truncated } from './reader.js'

/** A measurement as a report gives it; what is no number is a problem of the report. */
export interface Measured {
  name: string | undefined
  value: number | undefined
  unit: string
  range?: string | undefined
  better?: Benchmark['better']
}

const maxBenchmarks = 100_000
const maxName = 1000

/** Collects measurements: one without a name or a finite value, and a report without any, is an error. */
export class BenchmarksBuilder {
  private readonly benchmarks: Benchmark[] = []

  constructor(private readonly context: ReadContext) {}

  get size(): number {
    return this.benchmarks.length
  }

  add({ name, value, unit, range, better }: Measured): void {
    const shown = stripControls(name ?? '').trim()
    if (shown === '') return this.broken('holds a benchmark without name')
    if (value === undefined || !Number.isFinite(value)) return this.broken(`holds no value of "${shown.slice(0, 200)}"`)
    if (this.benchmarks.length >= Math.min(maxBenchmarks, this.context.caps.items))
      throw new Truncated(`it holds more than ${Math.min(maxBenchmarks, this.context.caps.items)} benchmarks`)
    this.benchmarks.push({
      name: shown.slice(0, maxName),
      value,
      unit: stripControls(unit).slice(0, 100),
      ...(range === undefined ? {} : { range: stripControls(range).slice(0, 200) }),
      ...(better === undefined ? {} : { better }),
    })
  }

  /** Says that a benchmark failed, or that what the report says of it cannot be read. */
  broken(message: string): void {
    this.context.problems.error(message, this.context.line())
  }

  finish(): BenchmarksEvidence {
    if (this.benchmarks.length === 0) this.context.problems.error('holds no benchmark')
    return { kind: 'benchmarks', benchmarks: this.benchmarks }
  }
}

/** A number as text with thousands set apart; undefined when it is none. */
export function grouped(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text.replaceAll(',', ''))
  return Number.isFinite(value) ? value : undefined
}

/** Time or space for one operation is better small, operations or bytes in a second are better big. */
export function betterOf(unit: string): Benchmark['better'] {
  if (/(?:\/(?:op|iter|it|call|item)|^(?:ns|us|µs|μs|ms|s|sec|min))$/.test(unit)) return 'smaller'
  return /\/(?:s|sec|second|ms|us|ns)$/.test(unit) ? 'bigger' : undefined
}

/** The spread as `± 1.5`; nothing where it is not known. */
export const plusMinus = (spread: number | string | undefined): string | undefined =>
  spread === undefined || Number.isNaN(spread) ? undefined : `± ${spread}`
