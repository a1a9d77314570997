import { renderDiagnostic } from '../../src/base/diagnostic.js'
import { comparisonOf, findEarlier } from '../../src/history/compare.js'
import { isMissing } from '../../src/history/comparison.js'
import type { Comparison } from '../../src/history/comparison.js'
import type { Entry } from '../../src/history/entry.js'
import { folderStore } from '../../src/history/folder-store.js'
import { hostPorts } from '../../src/host/index.js'
import { prepare } from '../../src/prepare.js'
import type { RunOptions } from '../../src/options.js'
import type { Edits } from './origin.js'
import { MemoryFiles } from './files.js'
import { forEver, shop } from './entries.js'

/** A workflow that answers every event. */
export const workflow = `version: 1
name: shop
on: { pull_request: check, merge_group: check, push: check }
stages:
  check: { steps: [{ run: 'true' }] }
`
const ten = Array.from({ length: 10 }, (_, i) => `line ${i + 1}\n`)
/** Ten lines, with some of them replaced by number. */
export const lines = (other: Readonly<Record<number, string>> = {}): string =>
  ten.map((line, i) => other[i + 1] ?? line).join('')

/** The same of another file. */
export const rows = (other: Readonly<Record<number, string>> = {}): string => lines(other).replaceAll('line ', 'row ')

/** All files of a repository in which comparisons are made. */
export const files: Edits = { '.github/wf.yml': workflow, '.gitignore': '.wf/\n', 'a.js': lines(), 'b.js': rows() }

/** What a run in a folder is compared with, where these entries are known. */
export async function comparisonIn(
  folder: string,
  { entries = [], ...options }: Partial<RunOptions> & { entries?: readonly Entry[] } = {},
): Promise<Comparison> {
  const ports = hostPorts()
  const prepared = await prepare({ folder, ...options }, ports)
  if (!prepared.ok) throw new Error(prepared.problems.map(renderDiagnostic).join('\n'))
  const { checkout, start, context } = prepared.value
  const cancel = new AbortController().signal
  const store = folderStore('/history', shop, { files: new MemoryFiles(), now: () => 0 })
  for (const entry of entries) await store.append(entry, forEver, cancel)
  const isEvent = options.event !== undefined
  const asking = {
    folder,
    checkout: checkout ?? '',
    start,
    isEvent,
    github: undefined,
    dirty: context.dirty,
    repository: context.repository,
    store: async () => store,
  }
  return comparisonOf(await findEarlier(asking, { ...ports, cancel }), asking, { ...ports, cancel })
}

/** The same in figures: the base, the commit and distance of the baseline, and the lines of the change by file. */
export async function figuresIn(...args: Parameters<typeof comparisonIn>) {
  const { base, baseline, change } = await comparisonIn(...args)
  return {
    base: base && [base.name, base.sha],
    baseline: isMissing(baseline) ? baseline.missing : [baseline.sha, baseline.distance],
    change: isMissing(change)
      ? change.missing
      : Object.fromEntries(change.files.map(({ path, lines }) => [path, lines])),
  }
}
