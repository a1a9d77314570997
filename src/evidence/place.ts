import { coverageOf } from './build-coverage.js'
import type { CoverageEvidence, Evidence, FileCoverage } from './evidence.js'
import { mergeFile } from './merge-coverage.js'
import { isAbsolutePath, joinPath, normalisePath } from './paths.js'

/**
 * The evidence with repository paths: what lies under `root` is made relative to it; other paths are matched with the
 * tracked file that shares the longest run of last segments with them, where that is one file alone. Paths that match none
 * or several stay as the report wrote them, without leading `..`, so that none leads out of the root.
 */
export function placePaths(evidence: Evidence, trackedFiles: readonly string[] | undefined, root: string): Evidence {
  const placer = new Placer(trackedFiles, root)
  if (evidence.kind === 'tests') return { ...evidence, cases: evidence.cases.map((test) => withFile(test, placer)) }
  if (evidence.kind === 'findings')
    return { ...evidence, findings: evidence.findings.map((finding) => withFile(finding, placer)) }
  return evidence.kind === 'coverage' ? placeCoverage(evidence, placer) : evidence
}

/** Answers the repository path of a report's path, as `placePaths` does, one after the other. */
export function pathPlacer(trackedFiles: readonly string[], root: string): (path: string) => string {
  const placer = new Placer(trackedFiles, root)
  return (path) => placer.place(path)
}

function withFile<T extends { file?: string }>(item: T, placer: Placer): T {
  return item.file === undefined ? item : { ...item, file: placer.place(item.file) }
}

/** Two paths of a report may turn out to be one file; its hits are then added, and the totals recounted. */
function placeCoverage(evidence: CoverageEvidence, placer: Placer): CoverageEvidence {
  const { sources = [], ...rest } = evidence
  const files = new Map<string, FileCoverage>()
  placer.learn(evidence.files.map((file) => file.path))
  for (const file of evidence.files) {
    const path = placer.place(file.path, sources)
    const before = files.get(path)
    files.set(path, before ? mergeFile(before, { ...file, path }) : { ...file, path })
  }
  const placed = { ...rest, files: [...files.values()] }
  if (files.size === evidence.files.length) return placed
  const recounted = coverageOf(placed.files)
  return recounted.lines_valid > 0 ? recounted : placed
}

/** The files with one last segment, by their segments from the end. */
interface Node {
  count: number
  /** Any of the files below; the only one where the count is 1. */
  file: string
  next: Map<string, Node> | undefined
}

/** Code of others, which a path of the repository must name as such to be matched. */
const foreign = ['node_modules', 'site-packages', 'dist-packages']

/** The tracked files by last segment, with trees that grow only where a path asks. */
interface Index {
  all: ReadonlySet<string>
  byName: ReadonlyMap<string, readonly string[]>
  trees: Map<string, Node>
}

/** An attempt may read a thousand reports, all against the same list. */
const indexes = new WeakMap<readonly string[], Index>()

function indexOf(files: readonly string[]): Index {
  const known = indexes.get(files)
  if (known) return known
  const byName = new Map<string, string[]>()
  for (const file of files) {
    const name = file.slice(file.lastIndexOf('/') + 1)
    const list = byName.get(name)
    if (list) list.push(file)
    else byName.set(name, [file])
  }
  const index = { all: new Set(files), byName, trees: new Map<string, Node>() }
  indexes.set(files, index)
  return index
}

const nothingTracked: readonly string[] = []

/** Places paths of one report. */
class Placer {
  private readonly tracked: ReadonlySet<string>
  private readonly index: Index
  private readonly known = new Map<string, string>()
  private readonly root: string
  private prefix = ''

  constructor(trackedFiles: readonly string[] | undefined, root: string) {
    this.root = normalisePath(root).replace(/\/$/, '')
    this.index = indexOf(trackedFiles ?? nothingTracked)
    this.tracked = this.index.all
  }

  place(path: string, sources: readonly string[] = []): string {
    let placed = this.known.get(path)
    if (placed === undefined) this.known.set(path, (placed = this.find(path, sources)))
    return placed
  }

  /**
   * Looks under which folder most of a report's paths lie that end in a whole tracked path, as those of Go do under their
   * module: there `main.go` of the root is found although other folders have one too.
   */
  learn(paths: readonly string[]): void {
    const counts = new Map<string, number>()
    for (const path of paths) {
      const file = this.find(path, [])
      const prefix = this.tracked.has(file) && path.endsWith(`/${file}`) ? path.slice(0, -file.length) : ''
      if (prefix !== '') counts.set(prefix, (counts.get(prefix) ?? 0) + 1)
    }
    const most = Math.max(0, ...new Set(counts.values()))
    const best = [...counts].filter(([, count]) => count === most)
    // Two that are as frequent prove nothing.
    if (best.length === 1) this.prefix = best[0]?.[0] ?? ''
  }

  private find(path: string, sources: readonly string[]): string {
    const inside = this.inside(normalisePath(path))
    if (!isAbsolutePath(inside) && this.tracked.has(inside)) return inside
    if (this.prefix !== '' && path.startsWith(this.prefix) && this.tracked.has(path.slice(this.prefix.length)))
      return path.slice(this.prefix.length)
    for (const source of isAbsolutePath(inside) ? [] : sources) {
      const candidate = this.inside(joinPath(source, inside))
      if (this.tracked.has(candidate)) return candidate
    }
    const segments = inside.split('/').filter((segment) => segment !== '' && segment !== '..')
    return this.bySuffix(segments) ?? (isAbsolutePath(inside) ? inside : segments.join('/'))
  }

  /** A path under the root, relative to it. */
  private inside(path: string): string {
    if (!path.startsWith(`${this.root}/`)) return path
    return path.slice(this.root.length + 1)
  }

  private bySuffix(segments: readonly string[]): string | undefined {
    const name = segments.at(-1)
    let node = name === undefined ? undefined : this.tree(name)
    let depth = 1
    while (node) {
      const next: Node | undefined = node.next?.get(segments.at(-1 - depth) ?? '')
      if (!next) break
      node = next
      depth++
    }
    if (node?.count !== 1) return undefined
    // One shared name proves nothing unless it is all that one of the two has.
    const whole = depth === segments.length || depth === node.file.split('/').length
    if (depth === 1 && !whole) return undefined
    const outside = foreign.some((folder) => segments.includes(folder) && !node.file.includes(`${folder}/`))
    return outside ? undefined : node.file
  }

  private tree(name: string): Node | undefined {
    const { byName, trees } = this.index
    const files = byName.get(name)
    if (!files) return undefined
    let tree = trees.get(name)
    if (!tree) {
      tree = { count: 0, file: files[0] as string, next: undefined }
      for (const file of files) grow(tree, file)
      trees.set(name, tree)
    }
    return tree
  }
}

function grow(tree: Node, file: string): void {
  const segments = file.split('/')
  let node = tree
  node.count++
  for (let i = segments.length - 2; i >= 0; i--) {
    const segment = segments[i] as string
    node.next ??= new Map()
    let next = node.next.get(segment)
    if (!next) node.next.set(segment, (next = { count: 0, file, next: undefined }))
    next.count++
    node = next
  }
}
