import { CoverageBuilder, type FileBuilder } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { Oddities } from './counting.js'

/** SimpleCov: `.resultset.json`, `coverage.json` of its JSON formatter, and that of the older simplecov-json. */
export const simplecov: JsonReader = {
  format: 'simplecov',
  recognised:
    'an object of suites with `coverage`, or `meta.simplecov_version`, or `files` with `coverage` and `metrics`',
  proven: 'SimpleCov 0.22 (`.resultset.json`); its JSON formatters: unproven by a run of ours',
  kind: 'coverage',
  family: 'json',
  supports: (value) => entriesOf(value) !== undefined,
  parse,
}

type Entry = readonly [path: string, coverage: unknown]

/** Files with their coverage, of all suites; undefined for what is no report of SimpleCov. */
function entriesOf(value: unknown): Entry[] | undefined {
  const single = fields(at(value, 'coverage'))
  if (text(at(at(value, 'meta'), 'simplecov_version')) !== undefined) return single && Object.entries(single)
  const list = items(at(value, 'files'))
  if (list && fields(at(value, 'metrics')) && list.every((one) => text(at(one, 'filename')) !== undefined))
    return list.map((one): Entry => [text(at(one, 'filename')) ?? '', at(one, 'coverage')])
  const suites = Object.values(fields(value) ?? {})
  const files = suites.map((suite) => fields(at(suite, 'coverage')))
  if (suites.length === 0 || files.some((of) => of === undefined)) return undefined
  const entries = files.flatMap((of) => Object.entries(of ?? {}))
  const known = entries.length > 0 || suites.every((suite) => number(at(suite, 'timestamp')) !== undefined)
  return known && entries.every(([, entry]) => linesOf(entry) !== undefined) ? entries : undefined
}

/** Since 0.18 lines stand beside branches; before they were all. */
const linesOf = (entry: unknown): readonly unknown[] | undefined => items(entry) ?? items(at(entry, 'lines'))

function parse(value: unknown, context: ReadContext): CoverageEvidence {
  const coverage = new CoverageBuilder(context)
  const odd = new Oddities(context)
  for (const [path, entry] of entriesOf(value) ?? []) {
    const file = coverage.file(normalisePath(path))
    const lines = linesOf(entry)
    if (!lines) odd.add(`${file.path} has no lines`)
    lines?.forEach((hits, i) => {
      if (number(hits) !== undefined) file.hit(i + 1, hits as number)
      // A line within `:nocov:` is "ignored", one without code is null.
      else if (hits !== null && hits !== 'ignored') odd.add(`${file.path}:${i + 1} has no number of hits`)
    })
    listed(at(entry, 'branches'), (...branch) => file.branchNamed(...branch))
    listed(at(entry, 'methods'), (line, key, ran) => file.function(key, line, ran))
    raw(file, entry)
  }
  odd.say()
  return coverage.finish()
}

/** Branches and methods of the JSON formatter are lists; what is ignored has no number. */
function listed(list: unknown, add: (line: number, key: string, ran: boolean) => void): void {
  for (const [i, one] of (items(list) ?? []).entries()) {
    const line = number(at(one, 'report_line')) ?? number(at(one, 'start_line'))
    const hits = number(at(one, 'coverage'))
    if (line !== undefined && hits !== undefined) add(line, `${i}`, hits > 0)
  }
}

/** `[:if, 0, 5, 6, 9, 9]`: kind, number, first line and column, last line and column. */
const condition = /^\[:[^,]{1,40}, \d+, (\d+), /
/** `["Cart", :total, 2, 2, 11, 5]`: class, name, first line and column, last line and column. */
const method = /, (\d+), \d+, \d+, \d+\]$/

function raw(file: FileBuilder, entry: unknown): void {
  for (const [key, branches] of Object.entries(fields(at(entry, 'branches')) ?? {})) {
    const line = Number(condition.exec(key)?.[1])
    for (const [name, hits] of Object.entries(fields(branches) ?? {}))
      file.branchNamed(line, `${key} ${name}`, (number(hits) ?? 0) > 0)
  }
  for (const [key, hits] of Object.entries(fields(at(entry, 'methods')) ?? {})) {
    const line = Number(method.exec(key.slice(-100))?.[1])
    file.function(key, line > 0 ? line : undefined, (number(hits) ?? 0) > 0)
  }
}
