import { CoverageBuilder, type FileBuilder } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, ReadContext } from '../../reader.js'
import { at, items, number, text } from '../../values.js'
import { Oddities } from './counting.js'

/** What is sent to Coveralls; of the rest, tokens and the commit's people among it, nothing is read. */
export const coverallsJson: JsonReader = {
  format: 'coveralls-json',
  recognised: '`source_files`, a list of `name` and `coverage`',
  proven: 'gcovr 8.8',
  kind: 'coverage',
  family: 'json',
  supports(value) {
    const files = items(at(value, 'source_files'))
    return files !== undefined && files.every((file) => text(at(file, 'name')) !== undefined)
  },
  parse,
}

function parse(value: unknown, context: ReadContext): CoverageEvidence {
  const coverage = new CoverageBuilder(context)
  const odd = new Oddities(context)
  for (const entry of items(at(value, 'source_files')) ?? []) {
    const file = coverage.file(normalisePath(text(at(entry, 'name')) ?? ''))
    const lines = items(at(entry, 'coverage'))
    if (!lines) odd.add(`${file.path} has no \`coverage\``)
    lines?.forEach((hits, i) => {
      if (number(hits) !== undefined) file.hit(i + 1, hits as number)
      else if (hits !== null) odd.add(`${file.path}:${i + 1} has no number of hits`)
    })
    addBranches(file, items(at(entry, 'branches')) ?? [], odd)
  }
  odd.say()
  return coverage.finish()
}

/** Four numbers a branch: line, block, branch, hits. */
function addBranches(file: FileBuilder, list: readonly unknown[], odd: Oddities): void {
  if (list.length % 4 !== 0) odd.add(`the branches of ${file.path} are not four numbers each`)
  for (let i = 0; i + 3 < list.length; i += 4) {
    const [line, block, branch, hits = 0] = list.slice(i, i + 4).map(number)
    if (line !== undefined) file.branchNamed(line, `${block} ${branch}`, hits > 0)
  }
}
