import { CoverageBuilder, type FileBuilder } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { joinPath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, items, number, text } from '../../values.js'
import { Oddities } from './counting.js'

/** `gcov --json-format`, unpacked. */
export const gcovJson: JsonReader = {
  format: 'gcov-json',
  recognised: '`gcc_version`, `data_file` and `files`',
  proven: 'gcov 12.2',
  kind: 'coverage',
  family: 'json',
  supports: (value) =>
    text(at(value, 'gcc_version')) !== undefined &&
    text(at(value, 'format_version')) !== undefined &&
    items(at(value, 'files')) !== undefined,
  parse,
}

function parse(value: unknown, context: ReadContext): CoverageEvidence {
  const coverage = new CoverageBuilder(context)
  const odd = new Oddities(context)
  const folder = text(at(value, 'current_working_directory')) ?? ''
  for (const entry of items(at(value, 'files')) ?? []) {
    const name = text(at(entry, 'file'))
    const lines = items(at(entry, 'lines'))
    if (name === undefined || !lines) {
      odd.add('a file has no name or no lines')
      continue
    }
    const file = coverage.file(joinPath(folder, name))
    for (const line of lines) if (!addLine(file, line)) odd.add(`a line of ${file.path} has no number or count`)
    for (const one of items(at(entry, 'functions')) ?? []) {
      const line = number(at(one, 'start_line'))
      file.function(`${line} ${text(at(one, 'name')) ?? ''}`, line, (number(at(one, 'execution_count')) ?? 0) > 0)
    }
  }
  odd.say()
  return coverage.finish()
}

/** The same line in two functions, as of a template, has the branches of both. */
function addLine(file: FileBuilder, value: unknown): boolean {
  const line = number(at(value, 'line_number'))
  const hits = number(at(value, 'count'))
  if (line === undefined || hits === undefined) return false
  file.hit(line, hits)
  const owner = text(at(value, 'function_name')) ?? ''
  for (const [i, branch] of (items(at(value, 'branches')) ?? []).entries())
    file.branchNamed(line, `${owner} ${i}`, (number(at(branch, 'count')) ?? 0) > 0)
  return true
}
