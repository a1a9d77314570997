import { CoverageBuilder, type FileBuilder } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, fields, type Fields, items, number, text } from '../../values.js'
import { Oddities } from './counting.js'

/** `coverage-final.json` of Istanbul: statements, functions and branches of each file with their places. */
export const istanbulJson: JsonReader = {
  format: 'istanbul-json',
  recognised: 'an object of files with `statementMap` and `s`',
  proven: 'Istanbul (Jest 30.5), c8 10.1, Vitest 3.2 (V8)',
  kind: 'coverage',
  family: 'json',
  supports(value) {
    const [first] = Object.values(fields(value) ?? {})
    return fileOf(first) !== undefined
  },
  parse,
}

/** Some writers wrap a file's coverage in `data`. */
function fileOf(value: unknown): Fields | undefined {
  const file = fields(at(value, 'data')) ?? fields(value)
  return fields(at(file, 'statementMap')) && fields(at(file, 's')) ? file : undefined
}

function parse(value: unknown, context: ReadContext): CoverageEvidence {
  const coverage = new CoverageBuilder(context)
  const odd = new Oddities(context)
  for (const [name, entry] of Object.entries(fields(value) ?? {})) {
    const file = fileOf(entry)
    if (file) readFile(coverage.file(normalisePath(text(at(file, 'path')) ?? name)), file, odd)
    else odd.add(`\`${name.slice(0, 200)}\` has no statements`)
  }
  odd.say()
  return coverage.finish()
}

const lineOf = (place: unknown): number | undefined => number(at(at(place, 'start'), 'line'))

function readFile(file: FileBuilder, entry: Fields, odd: Oddities): void {
  const lines = new Map<number, number>()
  const statements = at(entry, 's')
  for (const [id, place] of Object.entries(fields(at(entry, 'statementMap')) ?? {})) {
    const line = lineOf(place)
    const hits = number(at(statements, id))
    if (line === undefined || hits === undefined) odd.add(`a statement of ${file.path} has no place or count`)
    else lines.set(line, Math.max(lines.get(line) ?? 0, hits))
  }
  for (const [line, hits] of lines) file.hit(line, hits)
  const functions = at(entry, 'f')
  for (const [id, spec] of Object.entries(fields(at(entry, 'fnMap')) ?? {})) {
    const line = lineOf(at(spec, 'decl')) ?? number(at(spec, 'line')) ?? lineOf(at(spec, 'loc'))
    file.function(`${line} ${text(at(spec, 'name')) ?? ''} ${id}`, line, (number(at(functions, id)) ?? 0) > 0)
  }
  const branches = at(entry, 'b')
  for (const [id, spec] of Object.entries(fields(at(entry, 'branchMap')) ?? {})) {
    const first = items(at(spec, 'locations'))?.[0]
    const line = lineOf(at(spec, 'loc')) ?? number(at(spec, 'line')) ?? lineOf(first)
    const counts = items(at(branches, id))
    if (line === undefined || !counts) odd.add(`a branch of ${file.path} has no place or counts`)
    else counts.forEach((hits, i) => file.branchNamed(line, `${id} ${i}`, (number(hits) ?? 0) > 0))
  }
}
