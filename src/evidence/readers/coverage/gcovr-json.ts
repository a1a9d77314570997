import { CoverageBuilder, type FileBuilder, totalsOf } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, items, number, text } from '../../values.js'
import { checkMissed, Oddities } from './counting.js'

const versions = ['gcovr/format_version', 'gcovr/summary_format_version'] as const

/** gcovr's JSON with lines (`--json`), or with totals of files only (`--json-summary`). */
export const gcovrJson: JsonReader = {
  format: 'gcovr-json',
  recognised: '`gcovr/format_version` or `gcovr/summary_format_version`',
  proven: 'gcovr 5.2 and 8.8',
  kind: 'coverage',
  family: 'json',
  supports: (value) => versions.some((key) => at(value, key) !== undefined) && items(at(value, 'files')) !== undefined,
  parse(value, context) {
    return at(value, versions[0]) === undefined ? parseSummary(value, context) : parseLines(value, context)
  },
}

function parseLines(value: unknown, context: ReadContext): CoverageEvidence {
  const coverage = new CoverageBuilder(context)
  const odd = new Oddities(context)
  for (const entry of items(at(value, 'files')) ?? []) {
    const name = text(at(entry, 'file'))
    const lines = items(at(entry, 'lines'))
    if (name === undefined || !lines) {
      odd.add('a file has no name or no lines')
      continue
    }
    const file = coverage.file(normalisePath(name))
    for (const line of lines) if (!addLine(file, line)) odd.add(`a line of ${file.path} has no number or count`)
    for (const one of items(at(entry, 'functions')) ?? []) addFunction(file, one)
  }
  odd.say()
  return coverage.finish()
}

/** What a comment in the source excludes is listed too. */
const excluded = (value: unknown): boolean =>
  at(value, 'gcovr/excluded') === true || at(value, 'gcovr/noncode') === true

function addLine(file: FileBuilder, value: unknown): boolean {
  if (excluded(value)) return true
  const line = number(at(value, 'line_number'))
  const hits = number(at(value, 'count'))
  if (line === undefined || hits === undefined) return false
  file.hit(line, hits)
  // The same line in two functions, as of a template, has the branches of both.
  const owner = text(at(value, 'function_name')) ?? ''
  for (const [i, branch] of (items(at(value, 'branches')) ?? []).entries())
    if (!excluded(branch)) file.branchNamed(line, `${owner} ${i}`, (number(at(branch, 'count')) ?? 0) > 0)
  return true
}

function addFunction(file: FileBuilder, value: unknown): void {
  if (excluded(value)) return
  const line = number(at(value, 'lineno'))
  const name = text(at(value, 'demangled_name')) ?? text(at(value, 'name')) ?? ''
  file.function(`${line} ${name}`, line, (number(at(value, 'execution_count')) ?? 0) > 0)
}

function parseSummary(value: unknown, context: ReadContext): CoverageEvidence {
  const coverage = new CoverageBuilder(context)
  const odd = new Oddities(context)
  for (const entry of items(at(value, 'files')) ?? []) {
    const name = text(at(entry, 'filename'))
    const lines = countsOf(entry, 'line')
    if (name === undefined || lines.valid === undefined || lines.covered === undefined) {
      odd.add('a file has no name or no number of lines')
      continue
    }
    const file = coverage.file(normalisePath(name))
    file.stated = totalsOf(lines, countsOf(entry, 'branch'))
    const functions = countsOf(entry, 'function')
    if (functions.valid !== undefined) file.statedFunctions = [functions.covered ?? 0, functions.valid]
  }
  odd.say()
  const evidence = coverage.finish()
  const listed = { valid: evidence.lines_valid, covered: evidence.lines_covered }
  checkMissed(context, 'the total', countsOf(value, 'line'), listed)
  return evidence
}

const countsOf = (value: unknown, what: string): { valid: number | undefined; covered: number | undefined } => ({
  valid: number(at(value, `${what}_total`)),
  covered: number(at(value, `${what}_covered`)),
})
