import { stageOf } from '../base/address.js'
import { basename, dirname, join } from 'node:path'
import { count } from '../base/text.js'
import type { Files } from '../ports.js'
import { shown } from './entry.js'
import { handOverName, readHandOverHead } from './head.js'
import type { HandOverHead } from './head.js'
import { openPack } from './pack.js'

/** To what hand-overs must belong. */
export interface Expected extends Pick<HandOverHead, 'run' | 'commit' | 'workflow' | 'target' | 'plan'> {
  /** The attempt of the run that is going on: no hand-over is of a later one. */
  attempt?: number
  /** The addresses of the plan, by which a pack that cannot be read is told. */
  instances?: readonly string[]
}

/** A pack as it can be used, of what is expected. */
export interface GoodClaim {
  kind: HandOverHead['kind']
  attempt: number
  path: string
  head: HandOverHead
  id: string
}

/** A pack that cannot be read, and what it seems to be by where it lies; without an attempt it may be of any. */
export interface BrokenClaim {
  kind: HandOverHead['kind']
  attempt: number
  problem: string
}

export type Claim = GoodClaim | BrokenClaim

const mostPacks = 20_000
/** Artifacts are one folder each, and hold folders of their own. */
const mostDepth = 3

/** All packs in a folder by the name of their instance, and what is wrong with those that belong to something else. */
export async function claimsIn(
  files: Files,
  folder: string,
  expected: Expected,
): Promise<{ claims: ReadonlyMap<string, Claim[]>; problems: string[] }> {
  const paths = packsIn(files, folder, 0)
  const claims = new Map<string, Claim[]>()
  const problems: string[] = []
  if (paths.length > mostPacks)
    problems.push(`${count(paths.length, 'hand-over')} arrived, and at most ${mostPacks} are read`)
  const called = new Map(
    (expected.instances ?? []).map((address) => [handOverName(stageOf(address), address), address]),
  )
  for (const path of paths.slice(0, mostPacks)) {
    const name = basename(path, '.pack')
    const claim = await claimOf(files, path, { name, expected, called })
    const others = claims.get(name)
    if (typeof claim === 'string') problems.push(claim)
    else if (others) others.push(claim)
    else claims.set(name, [claim])
  }
  return { claims, problems }
}

function packsIn(files: Files, folder: string, depth: number): string[] {
  return files.list(folder).flatMap(({ name, kind }) => {
    const path = join(folder, name)
    if (kind === 'directory') return depth < mostDepth ? packsIn(files, path, depth + 1) : []
    return kind === 'file' && name.endsWith('.pack') ? [path] : []
  })
}

async function claimOf(
  files: Files,
  path: string,
  { name, expected, called }: { name: string; expected: Expected; called: ReadonlyMap<string, string> },
): Promise<Claim | string> {
  const opened = await openPack(files, path)
  const broken = (reason: string): BrokenClaim => {
    const of = called.has(name) ? `of ${called.get(name)}` : shown(name)
    return { ...seemingly(path), problem: `the hand-over ${of} cannot be used: ${reason}` }
  }
  if ('reason' in opened) return broken(opened.reason)
  await opened.close()
  const head = readHandOverHead(opened.head)
  if ('reason' in head) return broken(head.reason)
  const { kind, attempt, instance } = head
  if (name !== handOverName(head.stage, instance))
    return `the hand-over ${shown(name)} says that it is of ${shown(instance)}, and that one has another name`
  const wrong = whyNotOurs(head, expected)
  if (wrong !== undefined) return `the hand-over of ${shown(instance)} is of ${wrong}`
  return { kind, attempt, path, head, id: opened.id }
}

function whyNotOurs(head: HandOverHead, expected: Expected): string | undefined {
  const { run, commit, workflow, attempt } = head
  if (run !== expected.run) return `another run: ${shown(run)}, not ${expected.run}`
  if (commit !== expected.commit) return `another commit: ${shown(commit ?? 'none')}, not ${expected.commit ?? 'none'}`
  if (workflow !== expected.workflow) return `another workflow: ${shown(workflow)}, not ${expected.workflow}`
  if (head.target !== expected.target) return `another target: ${shown(head.target)}, not ${expected.target}`
  if (head.plan !== expected.plan) return 'another plan'
  if (expected.attempt !== undefined && attempt > expected.attempt)
    return `attempt ${attempt}, and the run is at attempt ${expected.attempt}`
  return undefined
}

/** The artifact's name, which is that of a folder, says what a pack is that does not say it itself. */
function seemingly(path: string): Omit<BrokenClaim, 'problem'> {
  const above = [basename(dirname(path)), basename(dirname(dirname(path)))]
  const [, attempt] = above.map((folder) => /^wf-.*-(\d{1,9})$/.exec(folder)).find((match) => match !== null) ?? []
  const isFiles = above.some((folder) => folder === 'files' || folder.startsWith('wf-files-'))
  return {
    kind: isFiles ? 'files' : 'journal',
    attempt: attempt === undefined ? Number.POSITIVE_INFINITY : Number(attempt),
  }
}
