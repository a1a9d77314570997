import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type {
  CoverageEvidence,
  Evidence,
  FindingsEvidence,
  ReadReport,
  ReportInput,
  TestsEvidence,
} from '../../src/evidence/evidence.js'
import { type ReadOptions, readReport } from '../../src/evidence/read.js'

const folder = join(import.meta.dirname, '../fixtures/reports')

/** The names of all fixture reports. */
export const fixtureNames = readdirSync(folder).filter((name) => name !== 'README.md')

export const fixture = (name: string): Buffer => readFileSync(join(folder, name))

/** A report of bytes or text in memory, handed over in chunks of `size` bytes. */
export function inputOf(content: string | Uint8Array, path = 'report', size = 65_536): ReportInput {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return {
    path,
    size: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    },
  }
}

export const read = (
  content: string | Uint8Array,
  options: ReadOptions & { path?: string } = {},
): Promise<ReadReport> => readReport(inputOf(content, options.path), options)

export const messages = (report: ReadReport, level: 'error' | 'warning' = 'error'): string[] =>
  report.problems.filter((problem) => problem.level === level).map(({ message }) => message)

const of =
  <E extends Evidence>(kind: E['kind']) =>
  async (content: string | Uint8Array, options: ReadOptions & { path?: string } = {}): Promise<E> => {
    const report = await read(content, options)
    if (report.evidence?.kind !== kind) throw new Error(`no ${kind}: ${JSON.stringify(report.problems)}`)
    return report.evidence as E
  }
export const readTests = of<TestsEvidence>('tests')
export const readCoverage = of<CoverageEvidence>('coverage')
export const readFindings = of<FindingsEvidence>('findings')

/** Tests, passed, failed, errors, skipped, flaky. */
export const numbers = (e: TestsEvidence): number[] => [e.tests, e.passed, e.failed, e.errors, e.skipped, e.flaky]
