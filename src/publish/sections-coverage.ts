import { count } from '../base/text.js'
import type { FileCoverage, PatchFile, PatchFigures } from '../evidence/evidence.js'
import { listed } from './budget.js'
import type { Section } from './budget.js'
import { codeHtml, codeSpan, foldFoot, foldHead, tableHead, tableRow } from './markdown.js'
import { placeSpan } from './places.js'
import type { Links } from './places.js'
import { uncovered } from './view.js'
import type { Judged } from './view.js'
import { rangesText, rangeText, shareText } from './words.js'

/** How many files are shown, and where they are to be seen. */
interface Room {
  items: number
  links: Links
}

/** How the part of a gate is headed; `said`: the heading is what the verdict says. */
interface Heading {
  said: boolean
  head: (title: string) => string
}

/** Files with gaps: those of the change first where it is what the gate refuses; the others are folded away. */
export function coverageLists(
  part: Judged,
  room: Room,
  { said, head }: Heading,
): { shown: Section[]; folds: Section[] } {
  const patches = missedPatches(part)
  const whole = uncovered(part.evidence)
  const fold = patchFold(part, room)
  if (patches.length > 0 && isPatchRefused(part)) {
    const title = head(`Lines of this change that no test reaches in ${codeSpan(part.stage)}`)
    const shown = patchTable(patches, room)
    const rest = wholeTable(whole, room, 'File')
    const name = foldHead(`Files with the most uncovered lines in ${codeHtml(part.stage, 100)}`)
    return {
      shown: [{ ...shown, head: `${title}\n\n${shown.head}` }],
      folds: whole.length > 0 ? [{ ...rest, head: `${name}\n\n${rest.head}`, foot: foldFoot }] : [],
    }
  }
  if (whole.length === 0) return { shown: [], folds: fold }
  const table = wholeTable(whole, room, said ? 'File with the most uncovered lines' : 'File')
  const title = head(`Files with the most uncovered lines in ${codeSpan(part.stage)}`)
  return { shown: [{ ...table, head: `${title}\n\n${table.head}` }], folds: fold }
}

/** The lines of the change that no test reaches, folded away; nothing where there are none. */
export function patchFold(part: Judged, room: Room): Section[] {
  const patches = missedPatches(part)
  if (patches.length === 0) return []
  const lines = patches.reduce((sum, { lines_valid, lines_covered }) => sum + lines_valid - lines_covered, 0)
  const table = patchTable(patches, room)
  const head = foldHead(`${count(lines, 'added line')} that no test reaches in ${codeHtml(part.stage, 100)}`)
  return [{ ...table, head: `${head}\n\n${table.head}`, foot: foldFoot }]
}

const missedPatches = ({ evidence }: Judged): PatchFigures[] =>
  evidence.flatMap((one) => (one.kind === 'coverage' && one.patch?.files.length ? [one.patch] : []))

const isPatchRefused = ({ verdicts }: Judged): boolean =>
  verdicts.some(({ figures }) => figures.some(({ name, met }) => name === 'patch' && !met))

/** More ranges in a row are no help. */
const maxRanges = 12

function patchTable(patches: readonly PatchFigures[], { items: max, links }: Room): Section {
  const missing = ({ lines_valid, lines_covered }: PatchFile): number => lines_valid - lines_covered
  const files = patches.flatMap((one) => one.files).sort((a, b) => missing(b) - missing(a))
  const { items, omitted } = listed(files, max, (file) => {
    const ranges = file.missed
      .slice(0, maxRanges)
      .map(([line, end_line]) => placeSpan({ file: file.path, line, end_line }, links, rangeText([line, end_line])))
    const more = file.missed.length > maxRanges ? ['…'] : []
    const share = shareText(file.lines_covered, file.lines_valid)
    return tableRow(placeSpan({ file: file.path }, links), share, [...ranges, ...more].join(', '))
  })
  return {
    name: 'lines of the change that no test reaches',
    head: tableHead('File', 'Added lines covered:', 'Not reached'),
    items,
    omitted: omitted + patches.reduce((sum, { more }) => sum + more, 0),
    more: (left) => tableRow(`… and ${count(left, 'more file')}`, '', ''),
  }
}

function wholeTable(files: readonly FileCoverage[], { items: max, links }: Room, first: string): Section {
  const columns = {
    [first]: (file: FileCoverage) => placeSpan({ file: file.path }, links),
    'Lines:': (file: FileCoverage) => shareText(file.lines_covered, file.lines_valid),
    'Branches:': (file: FileCoverage) => shareText(file.branches_covered, file.branches_valid),
    'Not reached': (file: FileCoverage) => rangesText(file.missed_lines ?? [], maxRanges),
  }
  const used = Object.entries(columns).filter(([, cell]) => files.some((file) => cell(file) !== ''))
  const rest = used.slice(1).map(() => '')
  return {
    name: 'coverage by file',
    head: tableHead(...used.map(([name]) => name)),
    ...listed(files, max, (file) => tableRow(...used.map(([, cell]) => cell(file)))),
    more: (left) => tableRow(`… and ${count(left, 'more file')}`, ...rest),
  }
}
