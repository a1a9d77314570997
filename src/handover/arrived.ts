import { formatSize } from '../base/size.js'
import { readJournal } from '../journal/journal.js'
import type { Files } from '../ports.js'
import { claimsIn } from './claims.js'
import type { Claim, Expected, GoodClaim } from './claims.js'
import { shown } from './entry.js'
import { journalName } from './hand-over.js'
import { logsOf } from './head.js'
import type { HandOverHead } from './head.js'
import { openPack } from './pack.js'
import type { OpenPack } from './pack.js'
import { placeIn } from './place.js'

/** An instance whose hand-over arrived, of its latest attempt. */
export interface ArrivedInstance {
  head: HandOverHead
  /** The text of its journal, whole and with each line following the one before. */
  journal: string
  /** Copies its logs to where they were in the folder of its run; answers why they could not be. */
  copyLogs(run: string): Promise<string | undefined>
  /** The pack of its files, absolute, if it arrived; `head.files` says whether there is one. */
  files?: string
}

export interface Arrived {
  /** Sorted by address. */
  arrived: ArrivedInstance[]
  /** What was refused and why, each with the instance where it is known. */
  problems: string[]
}

/** Bytes of one journal and of all together; no text in memory can be much longer than the first. */
const limits = { one: 512_000_000, all: 1_000_000_000 }

interface Reading {
  files: Files
  /** Bytes of journals that may still be read. */
  left: number
}

/**
 * Reads what other jobs handed over: all packs in a folder, at most three folders deep. Of an instance the highest attempt counts, and nothing
 * of it is taken when a part of that attempt is damaged, there twice, or not what the other part says.
 */
export async function readHandOvers(files: Files, folder: string, expected: Expected): Promise<Arrived> {
  const { claims, problems } = await claimsIn(files, folder, expected)
  const reading: Reading = { files, left: limits.all }
  const arrived: ArrivedInstance[] = []
  for (const [name, all] of claims) {
    const read = await readInstance(reading, name, all)
    if ('problem' in read) problems.push(read.problem)
    else arrived.push(read)
  }
  return { arrived: arrived.sort((a, b) => (a.head.instance < b.head.instance ? -1 : 1)), problems }
}

type Problem = { problem: string }

async function readInstance(
  reading: Reading,
  name: string,
  claims: readonly Claim[],
): Promise<ArrivedInstance | Problem> {
  const journals = claims.filter(({ kind }) => kind === 'journal')
  const journal = onlyOf(journals, Math.max(...journals.map(({ attempt }) => attempt)))
  if (!journal) return { problem: `the files of ${nameOf(claims, name)} arrived without its journal` }
  if ('problem' in journal) return journal
  const files = filesOf(
    journal,
    claims.filter(({ kind }) => kind === 'files'),
  )
  if (files && 'problem' in files) return files
  const text = await readContents(reading, journal)
  if ('reason' in text)
    return { problem: `the hand-over of ${shown(journal.head.instance)} cannot be used: ${text.reason}` }
  return {
    head: journal.head,
    journal: text.journal,
    copyLogs: async (run) => copyLogs(reading.files, journal, run),
    ...(files ? { files: files.path } : {}),
  }
}

const nameOf = (claims: readonly Claim[], name: string): string =>
  shown(claims.flatMap((claim) => ('head' in claim ? [claim.head.instance] : []))[0] ?? name)

/** The one pack of an attempt; a problem when it is damaged or there are several. */
function onlyOf(claims: readonly Claim[], attempt: number): GoodClaim | Problem | undefined {
  const found = claims.filter((claim) => claim.attempt === attempt)
  const damaged = found.find((claim) => 'problem' in claim)
  if (damaged) return { problem: damaged.problem }
  const [only, second] = found
  if (!only || 'problem' in only || !second) return only
  return { problem: `${shown(only.head.instance)} was handed over ${found.length} times in attempt ${attempt}` }
}

/** The pack of the files that a journal names; nothing when it names none, or it did not arrive. */
function filesOf(journal: GoodClaim, claims: readonly Claim[]): GoodClaim | Problem | undefined {
  const { attempt, head } = journal
  const instance = shown(head.instance)
  const highest = Math.max(0, ...claims.map((claim) => claim.attempt))
  const found = onlyOf(claims, highest > attempt ? highest : attempt)
  if (found && 'problem' in found) return found
  const isOther = found ? found.attempt !== attempt : head.files !== undefined && highest > 0
  if (isOther)
    return { problem: `the files of ${instance} are of attempt ${highest}, and its journal is of attempt ${attempt}` }
  if (found && found.id !== head.files)
    return { problem: `the files of ${instance} are not those that its journal names` }
  return found
}

/** The journal in a pack, all contents of which are verified. */
async function readContents(reading: Reading, claim: GoodClaim): Promise<{ journal: string } | { reason: string }> {
  const pack = await openAgain(reading.files, claim)
  if ('reason' in pack) return pack
  try {
    const [first, ...logs] = pack.entries
    if (first?.kind !== 'file' || first.path !== journalName) return { reason: 'it has no journal' }
    const folder = `${logsOf(claim.head)}/`
    const other = logs.find(({ kind, path }) => kind !== 'file' || !path.startsWith(folder))
    if (other) return { reason: `${shown(other.path)} is no log of it` }
    const most = Math.min(limits.one, reading.left)
    if (first.size > most)
      return { reason: `its journal holds ${formatSize(first.size)}, and ${formatSize(most)} can be read` }
    reading.left -= first.size
    const parts: Uint8Array[] = []
    for (let read = await pack.next((piece) => parts.push(piece)); read; read = await pack.next())
      if ('reason' in read) return read
    return checked(Buffer.concat(parts).toString('utf8'))
  } finally {
    await pack.close()
  }
}

function checked(journal: string): { journal: string } | { reason: string } {
  const { lines, broken } = readJournal(journal)
  if (broken !== undefined) return { reason: `its journal is damaged: ${broken}` }
  return lines.length ? { journal } : { reason: 'its journal is empty' }
}

/** Opens a pack that was read before; another one in its place is refused. */
async function openAgain(files: Files, { path, id }: GoodClaim): Promise<OpenPack | { reason: string }> {
  const pack = await openPack(files, path)
  if ('reason' in pack || pack.id === id) return pack
  await pack.close()
  return { reason: 'it was replaced by another one' }
}

async function copyLogs(files: Files, claim: GoodClaim, run: string): Promise<string | undefined> {
  const pack = await openAgain(files, claim)
  if ('reason' in pack) return pack.reason
  const placed = await placeIn(files, pack, run, ({ path }) => path !== journalName)
  return 'reason' in placed ? placed.reason : undefined
}
