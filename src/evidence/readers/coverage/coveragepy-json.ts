import { CoverageBuilder, type FileBuilder, totalsOf } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { checkMissed, Oddities } from './counting.js'

/** `coverage json` of coverage.py. */
export const coveragepyJson: JsonReader = {
  format: 'coveragepy-json',
  recognised: '`meta.version`, `files` and `totals`, where files list `executed_lines`',
  proven: 'coverage.py 7.17',
  kind: 'coverage',
  family: 'json',
  supports(value) {
    if (text(at(at(value, 'meta'), 'version')) === undefined || !fields(at(value, 'totals'))) return false
    const files = fields(at(value, 'files'))
    return files !== undefined && Object.values(files).every((file) => items(at(file, 'executed_lines')) !== undefined)
  },
  parse,
}

function parse(value: unknown, context: ReadContext): CoverageEvidence {
  const coverage = new CoverageBuilder(context)
  const odd = new Oddities(context)
  let missed = 0
  for (const [name, entry] of Object.entries(fields(at(value, 'files')) ?? {})) {
    const file = coverage.file(normalisePath(name))
    readLines(file, entry, 'executed_lines', odd)
    const missing = readLines(file, entry, 'missing_lines', odd)
    readBranches(file, entry)
    for (const [key, of] of Object.entries(fields(at(entry, 'functions')) ?? {})) readFunction(file, key, of)
    check(context, file.path, at(entry, 'summary'), missing)
    missed += missing
  }
  odd.say()
  check(context, 'the total', at(value, 'totals'), missed)
  return coverage.finish()
}

/** What is listed is counted as it is listed: old versions tell of a line 0, which is none. */
function check(context: ReadContext, what: string, summary: unknown, listed: number): void {
  const stated = { valid: number(at(summary, 'missing_lines')), covered: 0 }
  checkMissed(context, what, stated, { valid: listed, covered: 0 })
}

/** Answers how many lines are listed. */
function readLines(file: FileBuilder, entry: unknown, key: 'executed_lines' | 'missing_lines', odd: Oddities): number {
  const lines = items(at(entry, key))
  if (!lines) odd.add(`${file.path} has no \`${key}\``)
  for (const line of lines ?? [])
    if (number(line) === undefined) odd.add(`${file.path} has a line that is no number`)
    else file.hit(line as number, key === 'executed_lines' ? 1 : 0)
  return lines?.length ?? 0
}

/** Branches are pairs of lines, from and to; a line below 0 is an end. Older versions only count them. */
function readBranches(file: FileBuilder, entry: unknown): void {
  const summary = at(entry, 'summary')
  const valid = number(at(summary, 'num_branches'))
  file.stated = totalsOf({}, { covered: number(at(summary, 'covered_branches')), valid })
  for (const [key, taken] of [
    ['executed_branches', true],
    ['missing_branches', false],
  ] as const)
    for (const pair of items(at(entry, key)) ?? []) {
      const [from, to] = (items(pair) ?? []).map(number)
      if (from !== undefined) file.branchNamed(Math.abs(from), `${from} ${to}`, taken)
    }
}

/** The function without a name is the code of the module itself. */
function readFunction(file: FileBuilder, key: string, of: unknown): void {
  const executed = items(at(of, 'executed_lines'))?.length ?? 0
  const missing = items(at(of, 'missing_lines'))?.length ?? 0
  if (key !== '' && executed + missing > 0) file.function(key, number(at(of, 'start_line')), executed > 0)
}
