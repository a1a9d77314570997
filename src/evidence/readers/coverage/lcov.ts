import { CoverageBuilder, type FileBuilder } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { BytesHandler, BytesReader, ReadContext } from '../../reader.js'

/** LCOV tracefiles (geninfo): read byte by byte, since they are the biggest of all reports and have the simplest lines. */
export const lcov: BytesReader = {
  format: 'lcov',
  recognised: 'lines `SF:` and others of a tracefile',
  proven: 'Node 20.20 and 24.21, coverage.py 7.17, gcovr 8.8, Istanbul (Jest 30.5)',
  kind: 'coverage',
  family: 'bytes',
  supports: (head) => /^SF:/m.test(head) && /^(?:DA|TN|LF|LH|FN|FNF|BRF|BRDA|VER|end_of_record)\b/m.test(head),
  open: (context) => new LcovHandler(context),
}

const newline = 10
const digit0 = 48
const digit9 = 57
const comma = 44
const minus = 45
const maxLine = 1 << 20
/** Line and branch share one exact number: 21 bits and 32 bits. */
const maxBranchLine = 2 ** 21

/** Where a record's line is a branch, its identity is `line, block, branch`; two records of one branch are one branch. */
type Branches = Map<number, boolean>

class LcovHandler implements BytesHandler {
  private readonly coverage: CoverageBuilder
  private readonly branches = new Map<FileBuilder, Branches>()
  private file: FileBuilder | undefined
  private found = nothing()
  /** Functions by the index that lcov 2 gives them within a record. */
  private byIndex = new Map<string, number>()
  private records = 0
  private number = 0
  private odd = 0
  private carry: Uint8Array | undefined

  constructor(private readonly context: ReadContext) {
    this.coverage = new CoverageBuilder(context)
  }

  chunk(bytes: Uint8Array): void {
    let data = bytes
    if (this.carry) {
      data = new Uint8Array(this.carry.length + bytes.length)
      data.set(this.carry)
      data.set(bytes, this.carry.length)
      this.carry = undefined
    }
    let start = 0
    for (const last = data.lastIndexOf(newline); start <= last;) {
      const next = this.plainHits(data, start)
      if (next === undefined) {
        const end = data.indexOf(newline, start)
        this.line(data, start, end)
        start = end + 1
      } else start = next
    }
    if (start < data.length) this.carry = data.slice(start, start + maxLine)
  }

  finish(): CoverageEvidence | null {
    if (this.carry) this.line(this.carry, 0, this.carry.length)
    const { problems } = this.context
    if (this.file) problems.error('ends within a record (no `end_of_record`): it is cut short', this.number)
    else if (this.records === 0) {
      problems.error('holds no LCOV record')
      return null
    }
    if (this.odd > 0) problems.warning(`${this.odd} lines are no LCOV and were skipped`)
    for (const [file, branches] of this.branches) countBranches(file, branches)
    return this.coverage.finish()
  }

  /**
   * `DA:<line>,<hits>` and nothing else is nearly every line of a file: it is read in one pass, up to the newline that stands somewhere
   * after it. Answers where the next line begins; nothing where this one is another.
   */
  private plainHits(data: Uint8Array, start: number): number | undefined {
    const { file } = this
    if (!file || data[start] !== 68 || data[start + 1] !== 65 || data[start + 2] !== 58) return undefined
    let at = start + 3
    let line = 0
    for (; (data[at] as number) >= digit0 && (data[at] as number) <= digit9; at++)
      line = line * 10 + ((data[at] as number) - digit0)
    if (data[at] !== comma || at === start + 3) return undefined
    const from = ++at
    let hits = 0
    for (; (data[at] as number) >= digit0 && (data[at] as number) <= digit9; at++)
      hits = hits * 10 + ((data[at] as number) - digit0)
    if (data[at] !== newline || at === from) return undefined
    this.number++
    file.hit(line, hits)
    return at + 1
  }

  private line(data: Uint8Array, start: number, stop: number): void {
    this.number++
    let end = stop
    while (end > start && (data[end - 1] as number) <= 32) end--
    if (end === start) return
    // No string is made of what comes so often.
    if (data[start] === 68 && data[start + 1] === 65 && data[start + 2] === 58) this.hits(data, start + 3, end)
    else this.other(data, start, end)
  }

  /** `DA:<line>,<hits>[,<checksum>]` */
  private hits(data: Uint8Array, start: number, end: number): void {
    let at = start
    let line = 0
    for (; at < end; at++) {
      const digit = (data[at] as number) - digit0
      if (digit < 0 || digit > 9) break
      line = line * 10 + digit
    }
    if (data[at] !== comma || at === start || !this.file) {
      this.odd++
      return
    }
    const from = ++at
    const negative = data[at] === minus
    if (negative) at++
    let hits = 0
    for (; at < end; at++) {
      const digit = (data[at] as number) - digit0
      if (digit < 0 || digit > 9) break
      hits = hits * 10 + digit
    }
    if (at < end && data[at] !== comma) hits = Number(text(data, from, end).split(',', 1)[0] || NaN)
    else if (at === from + (negative ? 1 : 0)) hits = NaN
    if (Number.isNaN(hits)) this.odd++
    this.file.hit(line, negative ? 0 : hits)
  }

  private other(data: Uint8Array, start: number, end: number): void {
    const line = text(data, start, end).trimStart()
    const colon = line.indexOf(':')
    const key = colon < 0 ? line : line.slice(0, colon)
    const value = line.slice(colon + 1)
    if (key === 'BRDA') this.branch(value)
    else if (key === 'SF') this.begin(value)
    else if (key === 'end_of_record') this.end()
    else if (key === 'LF') this.found.lines = Number(value)
    else if (key === 'LH') this.found.hit = Number(value)
    else if (key === 'BRF') this.found.branches = Number(value)
    else if (key === 'BRH') this.found.branchesHit = Number(value)
    else if (key === 'FNF') this.found.functions = Number(value)
    else if (key === 'FNH') this.found.functionsHit = Number(value)
    else if (/^FN(?:|A|L|DA)$/.test(key)) this.function(key, value)
    else if (!/^(?:TN|VER|MCDC|MCF|MCH|#.*)$/.test(key)) this.odd++
  }

  private begin(path: string): void {
    if (this.file) this.context.problems.error('begins a file within a record (no `end_of_record`)', this.number)
    this.file = this.coverage.file(normalisePath(path))
    this.found = nothing()
    this.byIndex = new Map()
  }

  private end(): void {
    const { file, found } = this
    if (!file) {
      this.odd++
      return
    }
    const count = (value: number): number => (value > 0 ? Math.trunc(value) : 0)
    if (found.lines >= 0)
      file.stated = {
        lines_valid: count(found.lines),
        lines_covered: Math.min(count(found.hit), count(found.lines)),
        branches_valid: count(found.branches),
        branches_covered: Math.min(count(found.branchesHit), count(found.branches)),
      }
    if (found.functions > 0) file.statedFunctions = [found.functionsHit, found.functions]
    this.records++
    this.file = undefined
  }

  /**
   * `FN:<line>,[<last line>,]<name>` and `FNDA:<hits>,<name>`; since lcov 2 `FNL:<index>,<line>[,<last line>]` and
   * `FNA:<index>,<hits>,<name>`. A name may hold commas.
   */
  private function(key: string, value: string): void {
    const [, first = '', second, rest = ''] = /^(-?[\d.e+]+)(?:,(\d+)(?=,|$))?,?(.*)$/.exec(value) ?? []
    const known = Number(first)
    if (!this.file || !(known >= 0 || first.startsWith('-'))) this.odd++
    else if (key === 'FN') this.file.function(rest || (second ?? ''), known > 0 ? known : undefined, false)
    else if (key === 'FNL') this.byIndex.set(first, Number(second))
    else if (key === 'FNA') this.file.function(rest, this.byIndex.get(first), Number(second) > 0)
    else this.file.function(second === undefined ? rest : rest ? `${second},${rest}` : second, undefined, known > 0)
  }

  /** `BRDA:<line>,[e]<block>,<branch>,<taken>`; `-` is a branch whose line never ran; a branch may be an expression. */
  private branch(value: string): void {
    const first = value.indexOf(',')
    const last = value.lastIndexOf(',')
    const line = Number(value.slice(0, first))
    if (!this.file || first < 0 || last === first || !(line > 0 && line < maxBranchLine)) {
      this.odd++
      return
    }
    const taken = value.slice(last + 1)
    let branches = this.branches.get(this.file)
    if (!branches) this.branches.set(this.file, (branches = new Map()))
    const key = line * 2 ** 32 + hash(value, first + 1, last)
    branches.set(key, Number(taken) > 0 || branches.get(key) === true)
  }
}

const nothing = (): Record<'lines' | 'hit' | 'branches' | 'branchesHit' | 'functions' | 'functionsHit', number> => ({
  lines: NaN,
  hit: NaN,
  branches: NaN,
  branchesHit: NaN,
  functions: NaN,
  functionsHit: NaN,
})

function countBranches(file: FileBuilder, branches: Branches): void {
  const lines = new Map<number, [covered: number, valid: number]>()
  for (const [key, taken] of branches) {
    const line = Math.floor(key / 2 ** 32)
    const counts = lines.get(line)
    if (counts) {
      if (taken) counts[0]++
      counts[1]++
    } else lines.set(line, [taken ? 1 : 0, 1])
  }
  for (const [line, [covered, valid]] of lines) file.branch(line, covered, valid)
}

const decoder = new TextDecoder()
const text = (data: Uint8Array, start: number, end: number): string => decoder.decode(data.subarray(start, end))

function hash(value: string, start: number, end: number): number {
  let h = 0x811c9dc5
  for (let i = start; i < end; i++) h = Math.imul(h ^ value.charCodeAt(i), 0x01000193)
  return h >>> 0
}
