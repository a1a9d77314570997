import { stripControls } from '../../../base/text.js'
import { BenchmarksBuilder } from '../../build-benchmarks.js'
import type { BenchmarksEvidence } from '../../evidence.js'
import type { ReadContext, TextHandler } from '../../reader.js'

const maxLine = 4000

/** What a line of a tool's text means; lines that mean nothing here are other output. */
export type LineReader = (line: string, benchmarks: BenchmarksBuilder) => void

/** Reads text line by line, without its colours; `end` has the last word on whether it was whole. */
export function textBenchmarks(
  context: ReadContext,
  line: LineReader,
  end: (benchmarks: BenchmarksBuilder) => void = () => {},
): TextHandler {
  const benchmarks = new BenchmarksBuilder(context)
  return {
    line: (text) => line(stripControls(text.slice(0, maxLine)).trimEnd(), benchmarks),
    finish(): BenchmarksEvidence | null {
      end(benchmarks)
      const evidence = benchmarks.finish()
      return evidence.benchmarks.length > 0 ? evidence : null
    },
  }
}

/** Whether one of the first lines fits, colours aside. */
export const someLine = (head: string, fits: (line: string) => boolean): boolean =>
  head.split('\n', 2000).some((line) => fits(stripControls(line.slice(0, maxLine)).trimEnd()))
