import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflate } from 'node:zlib'
import { count } from '../../base/text.js'
import type { CoverageEvidence, ReadReport } from '../../evidence/evidence.js'
import type { ReportRead } from '../../journal/events.js'
import type { Journal } from '../../journal/journal.js'
import type { Files } from '../../ports.js'

/** The formats of coverage that Codecov reads, as its page of supported report formats names them. */
const taken: ReadonlySet<string> = new Set([
  'clover',
  'cobertura',
  'coveragepy-json',
  'coveralls-json',
  'dotcover',
  'gcov',
  'go-cover',
  'istanbul-json',
  'jacoco',
  'lcov',
  'opencover',
  'simplecov',
])

/** What is longer stays here, in bytes: a report, and all of them together. */
export interface CoverageLimits {
  file: number
  all: number
}
const usual: CoverageLimits = { file: 64 * 2 ** 20, all: 256 * 2 ** 20 }
/** So many of what is left out are named. */
const maxNamed = 5

/** A report as Codecov takes it: compressed, in base64. */
export interface CoverageFile {
  path: string
  suite: string | undefined
  data: string
}

/** What a run found for Codecov; `left` says of everything else why it stays. */
export interface CoverageFound {
  files: CoverageFile[]
  left: string[]
}

type Kept =
  { path: string; suite: string | undefined; size: number; data: Promise<Uint8Array> } | { path: string; why: string }

const squeeze = promisify(deflate)

export interface CollectTools {
  files: Files
  /** The folder of the repository. */
  folder: string
  /** Takes secrets out of text. */
  clean: (text: string) => string
  limits?: CoverageLimits
}

/**
 * Takes the coverage reports of a run while they are read, since a later step may write over them; those of a step's last attempt
 * count. Secrets are taken out of them. The answer hands over what was found so far.
 */
export function collectCoverage(
  journal: Journal,
  { files, folder, clean, limits = usual }: CollectTools,
): () => Promise<CoverageFound> {
  const steps = new Map<string, Kept[]>()
  const note = ({ event }: Journal['lines'][number]): void => {
    if (event.type === 'attempt.started') steps.delete(event.step)
    if (event.type !== 'report.read') return
    const { report, source, step } = event
    if (report.evidence?.kind === 'coverage')
      steps.set(step, [...(steps.get(step) ?? []), keep(report, report.evidence, source)])
  }
  const keep = ({ path, format }: ReadReport, { suite }: CoverageEvidence, source: ReportRead['source']): Kept => {
    const left = (why: string): Kept => ({ path, why })
    if (format === null || !taken.has(format)) return left(`Codecov does not read ${format ?? 'its format'}`)
    if (source === 'stored') return left('it lies in git, this run did not write it')
    if (source === 'printed') return left('it was printed, there is no file of it')
    const bytes = files.readBytes(join(folder, path))
    if (!bytes) return left('it is gone')
    if (bytes.length > limits.file) return left(`it is longer than ${limits.file} bytes`)
    if (bytes.length + kept() > limits.all) return left(`all reports together are longer than ${limits.all} bytes`)
    const text = Buffer.from(bytes).toString()
    const cleaned = clean(text)
    return { path, suite, size: bytes.length, data: squeeze(cleaned === text ? bytes : cleaned) }
  }
  const kept = (): number => [...steps.values()].flat().reduce((sum, one) => sum + ('size' in one ? one.size : 0), 0)
  for (const line of journal.lines) note(line)
  journal.subscribe(note)
  return async () => {
    const all = [...steps.values()].flat()
    const files = all.flatMap((one) => ('why' in one ? [] : [one]))
    return {
      files: await Promise.all(
        files.map(async ({ path, suite, data }) => ({
          path,
          suite,
          data: Buffer.from(await data).toString('base64'),
        })),
      ),
      left: all.flatMap((one) => ('why' in one ? [`${one.path} (${one.why})`] : [])),
    }
  }
}

/** What stays here, in one sentence; nothing where everything goes. */
export function leftOut(left: readonly string[]): string | undefined {
  if (left.length === 0) return undefined
  const more = left.length > maxNamed ? `, and ${count(left.length - maxNamed, 'more report')}` : ''
  return `not sent to Codecov: ${left.slice(0, maxNamed).join(', ')}${more}`
}
