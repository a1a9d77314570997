import { posix } from 'node:path'
import type { Git } from '../../../ports.js'
import type { DependencyRules } from '../../../workflow/dependencies.js'
import { collectedFindings } from '../../build-findings.js'
import type { Remark } from '../../build-findings.js'
import type { FindingsEvidence } from '../../evidence.js'
import { lockReader } from './locks.js'
import { jsonMap, licenceIn, textIn } from './package.js'
import type { LockReader, Package } from './package.js'
import { deniedRemarks, licenceRemarks, newRemarks } from './remarks.js'
import type { Locked } from './remarks.js'

/** What is asked for dependencies. */
export interface DependencySurroundings {
  git: Git
  folder: string
  /** The commit that the change starts from, or why it is not known; null where there is no change. */
  base: () => Promise<{ sha: string } | { missing: string } | null>
  /** The paths that git tracks; nothing outside of a repository. */
  tracked: () => Promise<ReadonlySet<string> | undefined>
  /** The text of a file of the workspace, tracked or not, up to a size; nothing where there is none. */
  text: (path: string, maxBytes: number) => string | undefined
}

/** A lock file that is larger is not read, and no more than this many. */
const maxBytes = 30 * 2 ** 20
const maxLocks = 200

/** What lock files, manifests and the base's lock files say of the rules. What cannot be read is an error, never good. */
export async function collectDependencies(
  rules: DependencyRules,
  from: DependencySurroundings,
): Promise<FindingsEvidence> {
  const builder = collectedFindings('dependencies')
  for (const remark of await remarksOf(rules, from)) builder.add(remark)
  return builder.finish()
}

const error = (rule: string, message: string, file?: string): Remark => ({
  rule,
  severity: 'error',
  tool: 'wf',
  message,
  ...(file === undefined ? {} : { file, line: 1 }),
})

async function remarksOf(rules: DependencyRules, from: DependencySurroundings): Promise<Remark[]> {
  const tracked = await from.tracked()
  if (!tracked) return [error('unread', 'there is no repository, so no lock file can be found')]
  const found = [...tracked].flatMap((path) => {
    const reader = lockReader(path)
    return reader ? [{ path, reader }] : []
  })
  const remarks: Remark[] = []
  if (found.length > maxLocks) remarks.push(error('unread', `of ${found.length} lock files only ${maxLocks} are read`))
  const wantsLicences = rules.allow !== undefined || rules.denyLicences !== undefined
  const locks: Locked[] = []
  for (const { path, reader } of found.slice(0, maxLocks)) {
    const text = from.text(path, maxBytes)
    const packages =
      text === undefined ? { unread: `it is larger than ${maxBytes / 2 ** 20} MB, or missing` } : reader.read(text)
    if (text === undefined || 'unread' in packages) {
      remarks.push(
        error('unread', `the lock file cannot be read: ${'unread' in packages ? packages.unread : ''}`, path),
      )
      continue
    }
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    locks.push({ path, reader, packages: wantsLicences ? withInstalled(packages, folder, reader, from) : packages })
    if (rules.lockFiles) remarks.push(...disagreements(text, { path, folder, reader, tracked }, from))
  }
  for (const lock of locks) remarks.push(...deniedRemarks(lock, rules), ...licenceRemarks(lock, rules))
  if (rules.review) remarks.push(...(await broughtBy(locks, from)))
  return remarks
}

function disagreements(
  text: string,
  { path, folder, reader, tracked }: { path: string; folder: string; reader: LockReader; tracked: ReadonlySet<string> },
  from: DependencySurroundings,
): Remark[] {
  const sources = { folder, tracked, text: (name: string) => from.text(name, maxBytes) }
  const told = reader.agree?.(text, path, sources) ?? []
  return told.map(({ message, ...place }) => ({
    ...error('lock-file', `${message}; run \`${reader.renew}\` and commit what it writes`),
    ...place,
  }))
}

/** Packages of npm with the licences that those that are installed tell themselves, where the versions are the same. */
function withInstalled(
  packages: readonly Package[],
  folder: string,
  reader: LockReader,
  { text }: DependencySurroundings,
): readonly Package[] {
  if (reader.ecosystem !== 'npm') return packages
  return packages.map((one) => {
    if (one.licence !== undefined) return one
    const store = `node_modules/.pnpm/${one.name.replaceAll('/', '+')}@${one.version ?? ''}/node_modules/${one.name}`
    for (const place of one.folder === undefined ? [`node_modules/${one.name}`, store] : [one.folder]) {
      const path = posix.normalize(`${folder}${place}/package.json`)
      const manifest = path.startsWith('../') ? undefined : jsonMap(text(path, 2 ** 20))
      const licence = licenceIn(manifest?.['license'] ?? manifest?.['licenses'])
      if (licence !== undefined && textIn(manifest?.['version']) === one.version) return { ...one, licence }
    }
    return one
  })
}

/** What the lock files name and those of the base do not. Without a base there is no change. */
async function broughtBy(
  locks: readonly Locked[],
  { git, folder, base: find }: DependencySurroundings,
): Promise<Remark[]> {
  const start = await find()
  if (start === null) return []
  if ('missing' in start) return [error('history', `what the change brings is not known: ${start.missing}`)]
  const base = start.sha
  const listed = await git.run(folder, ['ls-tree', '-r', '-z', '--name-only', base])
  if (listed.code !== 0) return [error('history', 'git cannot list the files of the base')]
  const before = new Set<string>()
  const ecosystems = new Set(locks.map(({ reader }) => reader.ecosystem))
  for (const path of listed.stdout.split('\0')) {
    const reader = lockReader(path)
    if (!reader || !ecosystems.has(reader.ecosystem)) continue
    const { code, stdout } = await git.run(folder, ['cat-file', 'blob', `${base}:./${path}`], { maxBytes })
    const packages = code === 0 ? reader.read(stdout) : { unread: 'git cannot show it' }
    if ('unread' in packages) return [error('history', `\`${path}\` of the base cannot be read: ${packages.unread}`)]
    for (const { name } of packages) before.add(`${reader.ecosystem}:${name}`)
  }
  return locks.flatMap((lock) => newRemarks(lock, before))
}
