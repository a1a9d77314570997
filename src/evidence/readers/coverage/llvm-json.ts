import { CoverageBuilder, type FileBuilder, totalsOf } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, element, items, number, text } from '../../values.js'
import { Oddities } from './counting.js'

/** `llvm-cov export` in JSON, of Clang, Swift and Rust (cargo-llvm-cov). */
export const llvmJson: JsonReader = {
  format: 'llvm-json',
  recognised: '`type` is `llvm.coverage.json.export`',
  proven: 'llvm-cov 14',
  kind: 'coverage',
  family: 'json',
  supports: (value) => at(value, 'type') === 'llvm.coverage.json.export' && items(at(value, 'data')) !== undefined,
  parse,
}

function parse(value: unknown, context: ReadContext): CoverageEvidence {
  const coverage = new CoverageBuilder(context)
  const odd = new Oddities(context)
  const known = new Map<string, FileBuilder>()
  const fileOf = (name: string): FileBuilder => {
    const file = coverage.file(normalisePath(name))
    known.set(name, file)
    return file
  }
  for (const unit of items(at(value, 'data')) ?? []) {
    const files = items(at(unit, 'files'))
    if (!files) odd.add('it has data without files')
    for (const entry of files ?? []) {
      const name = text(at(entry, 'filename'))
      if (name === undefined) odd.add('a file has no name')
      else readFile(fileOf(name), entry, odd)
    }
    for (const one of items(at(unit, 'functions')) ?? []) readFunction(known, one)
  }
  odd.say()
  return coverage.finish()
}

function readFile(file: FileBuilder, entry: unknown, odd: Oddities): void {
  const summary = at(entry, 'summary')
  file.stated = totalsOf(countsOf(summary, 'lines'), countsOf(summary, 'branches'))
  const functions = countsOf(summary, 'functions')
  if (functions.valid !== undefined) file.statedFunctions = [functions.covered ?? 0, functions.valid]
  const segments = items(at(entry, 'segments'))
  if (!segments && file.stated.lines_valid === 0 && countsOf(summary, 'lines').valid === undefined)
    odd.add(`${file.path} has neither segments nor a number of lines`)
  const read = (segments ?? []).map(segmentOf)
  const known = read.filter((segment) => segment !== undefined)
  if (known.length < read.length) odd.add(`${file.path} has a segment that is none`)
  if ((known.at(-1)?.line ?? 0) > maxLines) odd.add(`${file.path} has more than ${maxLines} lines`)
  else addLines(file, known)
  addBranches(file, entry, undefined, odd)
  for (const expansion of items(at(entry, 'expansions')) ?? [])
    addBranches(file, expansion, items(at(expansion, 'source_region')), odd)
}

interface Segment {
  line: number
  count: number
  hasCount: boolean
  entry: boolean
  gap: boolean
}

/** Line, column, count, whether it has a count, whether a region begins there, whether that is a gap. */
function segmentOf(value: unknown): Segment | undefined {
  const line = number(element(value, 0))
  const count = number(element(value, 2))
  if (line === undefined || count === undefined) return undefined
  const is = (index: number): boolean => element(value, index) === true || element(value, index) === 1
  return { line, count, hasCount: is(3), entry: is(4), gap: is(5) }
}

/** No source is longer; a few bytes of a report must not fill the memory. */
const maxLines = 1_000_000

/** Lines as llvm-cov counts them: by the greatest count of the regions that begin there and the one that goes on. */
function addLines(file: FileBuilder, segments: readonly Segment[]): void {
  let wrapped: Segment | undefined
  const last = segments.at(-1)?.line ?? 0
  for (let i = 0, line = segments[0]?.line ?? 1; line <= last; line++) {
    const here: Segment[] = []
    for (let segment = segments[i]; segment && segment.line <= line; segment = segments[++i]) here.push(segment)
    const begin = here.filter(({ gap, hasCount, entry }) => !gap && hasCount && entry)
    const skipped = here[0] !== undefined && !here[0].hasCount && here[0].entry
    const mapped = begin.length > 0 || (!skipped && wrapped?.hasCount === true)
    if (mapped)
      file.hit(
        line,
        begin.reduce((most, { count }) => Math.max(most, count), wrapped?.count ?? 0),
      )
    wrapped = here.at(-1) ?? wrapped
  }
}

/**
 * The place of a condition, how often it was true, how often false. Those of a macro stand where it is used; those of a
 * template's instances are one.
 */
function addBranches(file: FileBuilder, of: unknown, used: readonly unknown[] | undefined, odd: Oddities): void {
  for (const branch of items(at(of, 'branches')) ?? []) {
    const [line, column, endLine, endColumn, yes, no] = (items(branch) ?? []).map((n) => number(n) ?? NaN)
    const shown = number(used?.[0]) ?? line
    const key = `${number(used?.[1])} ${line} ${column} ${endLine} ${endColumn}`
    if (shown === undefined || yes === undefined || no === undefined) odd.add(`${file.path} has a branch that is none`)
    else for (const [i, n] of [yes, no].entries()) file.branchNamed(shown, `${key} ${i}`, n > 0)
  }
}

/**
 * Instances of a template, or of one header in two units, are one function by their place. Functions of files that the
 * export leaves out may be listed too.
 */
function readFunction(known: ReadonlyMap<string, FileBuilder>, value: unknown): void {
  const name = text(element(at(value, 'filenames'), 0))
  const region = element(at(value, 'regions'), 0)
  const line = number(element(region, 0))
  const file = name === undefined ? undefined : known.get(name)
  if (!file || line === undefined) return
  const key = `${line} ${number(element(region, 1))}`
  file.function(key, line, (number(at(value, 'count')) ?? 0) > 0)
}

const countsOf = (summary: unknown, what: string): { valid: number | undefined; covered: number | undefined } => ({
  valid: number(at(at(summary, what), 'count')),
  covered: number(at(at(summary, what), 'covered')),
})
