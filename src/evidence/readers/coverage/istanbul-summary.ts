import { CoverageBuilder, totalsOf } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, fields, number } from '../../values.js'
import { checkMissed, Oddities } from './counting.js'

/** `coverage-summary.json` of Istanbul: totals of all and of each file, without lines. */
export const istanbulSummary: JsonReader = {
  format: 'istanbul-summary',
  recognised: '`total` with `lines` and `statements`, each of `total` and `covered`',
  proven: 'Istanbul (Jest 30.5)',
  kind: 'coverage',
  family: 'json',
  supports: (value) => countsOf(at(value, 'total'), 'lines') !== undefined,
  parse,
}

interface Counts {
  valid: number
  covered: number
}

function countsOf(entry: unknown, what: string): Counts | undefined {
  const valid = number(at(at(entry, what), 'total'))
  const covered = number(at(at(entry, what), 'covered'))
  return valid === undefined || covered === undefined ? undefined : { valid, covered }
}

function parse(value: unknown, context: ReadContext): CoverageEvidence {
  const coverage = new CoverageBuilder(context)
  const odd = new Oddities(context)
  const { total, ...files } = fields(value) ?? {}
  for (const [name, entry] of Object.entries(files)) {
    const file = coverage.file(normalisePath(name))
    const lines = countsOf(entry, 'lines')
    const functions = countsOf(entry, 'functions')
    if (functions) file.statedFunctions = [functions.covered, functions.valid]
    if (lines) file.stated = totalsOf(lines, countsOf(entry, 'branches'))
    else odd.add(`\`${name.slice(0, 200)}\` has no number of lines`)
  }
  odd.say()
  const evidence = coverage.finish()
  const lines = countsOf(total, 'lines')
  if (!lines) return evidence
  if (Object.keys(files).length > 0) {
    checkMissed(context, 'the total', lines, { valid: evidence.lines_valid, covered: evidence.lines_covered })
    return evidence
  }
  const functions = countsOf(total, 'functions')
  return {
    ...evidence,
    ...totalsOf(lines, countsOf(total, 'branches')),
    ...(functions ? functionTotals(functions) : {}),
  }
}

function functionTotals(counts: Counts): Pick<CoverageEvidence, 'functions_valid' | 'functions_covered'> {
  const { lines_valid, lines_covered } = totalsOf(counts)
  return { functions_valid: lines_valid, functions_covered: lines_covered }
}
