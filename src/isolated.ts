import { basename, dirname, join, relative } from 'node:path'
import { error } from './base/diagnostic.js'
import { OutsideError } from './base/errors.js'
import type { Diagnostic } from './base/diagnostic.js'
import { fail, ok } from './base/result.js'
import type { Result } from './base/result.js'
import { runGraph } from './engine/graph.js'
import { Slots } from './engine/slots.js'
import type { JournalEvent, JournalLine } from './journal/events.js'
import type { Prepared, RunOptions, Watch } from './options.js'
import { partExitCode, preparePart } from './part.js'
import type { PartOptions } from './part.js'
import type { PlannedStage } from './plan/plan.js'
import type { Files, Git, Ports } from './ports.js'
import { run } from './run.js'
import type { Ran } from './run.js'

/** Where the parts of an isolated run have their things. */
interface Place {
  /** Outside of the repository: what lies above a checkout is found by many tools. */
  base: string
  arrived: string
  /** When the checkout before is made or removed. */
  turn: Promise<unknown>
}

/**
 * Walks the path as runners do: each instance in a clean checkout of its own with nothing but what was handed to it, and at the end all is
 * judged from what they hand over. What differs from the commit here is there too. Needs a repository.
 */
export async function runIsolated(
  prepared: Prepared,
  options: RunOptions,
  ports: Ports,
  watch: Watch = {},
): Promise<Result<Ran, Diagnostic>> {
  const { files, git } = ports
  const changed = prepared.checkout === null ? undefined : await changedHere(git, options.folder)
  if (!changed)
    return fail(
      error('no-repository', 'an isolated run checks the commit out once for each instance, and there is none', {
        hint: 'run it in a git repository that has a commit',
      }),
    )
  const base = files.temporary('wf-isolated-')
  const place = { base, arrived: join(base, 'arrived'), turn: Promise.resolve() }
  try {
    const results: Record<string, string> = {}
    const seats = new Slots<object>(options.concurrency ?? ports.processes.cores, () => ({}))
    await runGraph(prepared.plan.stages, async (stage) => {
      if (stage.milestone || stage.unaffected) return
      const addresses = await instancesOf(stage, prepared, { options, ports, place })
      const codes = await allOf(
        addresses.map(async (address, i) => {
          const seat = await seats.acquire()
          try {
            const name = `${prepared.plan.stages.indexOf(stage)}-${i}`
            return await inCheckout(address, { name, changed }, prepared, { options, ports, place, watch })
          } finally {
            seats.release(seat)
          }
        }),
      )
      results[stage.id] = codes.some((code) => code !== 0) ? 'failure' : 'success'
    })
    const verdict = partOf(place, { part: 'verdict', jobs: results })
    const told = { ...prepared, notes: [...prepared.notes, ...notesOn(changed.unknown)] }
    const all = await preparePart(told, { part: verdict, folder: options.folder }, ports)
    if (!all.ok) return all
    return ok(await run(all.value, { ...options, part: verdict, noCache: true }, ports, judging(watch)))
  } finally {
    files.remove(base)
    await git.run(options.folder, ['worktree', 'prune'])
  }
}

/** The answers of all, or what the first of them threw, when all have ended. */
async function allOf<T>(all: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(all)
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}

interface Around {
  options: RunOptions
  ports: Ports
  place: Place
}

const partOf = (
  { arrived, base }: Place,
  part: Omit<PartOptions, 'arrived' | 'leave' | 'run' | 'attempt'>,
): PartOptions => ({
  ...part,
  arrived,
  leave: arrived,
  run: basename(base),
  attempt: 1,
})

/** The instances of a stage; a matrix with expressions is known when all that the stage needs has ended. */
async function instancesOf(
  stage: PlannedStage,
  prepared: Prepared,
  { options, ports, place }: Around,
): Promise<string[]> {
  if (!stage.dynamic) return stage.instances.map(({ address }) => address)
  const part = partOf(place, { part: 'matrix', of: stage.id })
  const known = await preparePart(prepared, { part, folder: options.folder }, ports)
  if (!known.ok) return []
  const home = join(place.base, 'matrix', stage.id)
  const { outcome } = await run(known.value, { ...options, part, home, noCache: true }, ports)
  return outcome.stages.flatMap(({ instances }) => instances.map(({ address }) => address))
}

/** Runs an instance in a checkout of its own, and answers how its job would end. */
async function inCheckout(
  address: string,
  { name, changed }: { name: string; changed: Changed },
  prepared: Prepared,
  { options, ports, place, watch }: Around & { watch: Watch },
): Promise<number> {
  const checkout = join(place.base, name, 'repository')
  const folder = join(checkout, changed.prefix)
  const wrong = await inTurn(place, async () => checkOut(options.folder, { checkout, folder }, changed, ports))
  if (wrong !== undefined) throw new OutsideError(`git worktree add: ${wrong}`, 'EGIT')
  try {
    const part = partOf(place, { part: 'instance', of: address })
    const own = await preparePart(prepared, { part, folder }, ports)
    if (!own.ok) throw new OutsideError(own.problems.map(({ message }) => message).join('; '), 'EHANDOVER')
    const home = join(place.base, name, 'home')
    const alone = { ...options, folder, origin: options.folder, home, part, noCache: true }
    const { outcome, left } = await run(own.value, alone, ports, working(watch))
    return partExitCode(outcome, left)
  } finally {
    await inTurn(place, async () => ports.git.run(options.folder, ['worktree', 'remove', '--force', checkout]))
  }
}

/** Git makes and removes checkouts one at a time: two at once stumble over each other. */
async function inTurn<T>(place: Place, work: () => Promise<T>): Promise<T> {
  const mine = place.turn.then(work)
  place.turn = mine.catch(() => undefined)
  return mine
}

/** Files that differ from the commit, and those that git neither knows nor ignores; with `/`, from the folder. */
interface Changed {
  differing: readonly string[]
  unknown: readonly string[]
  /** Where the folder is in its repository, with slashes; empty for the root. */
  prefix: string
}

/** What a build left here and git does not ignore comes into the checkouts too, and hides that it is not handed over. */
function notesOn(unknown: readonly string[]): string[] {
  if (!unknown.length) return []
  const [first = '', second, ...more] = unknown
  const rest = more.length ? ` and ${more.length} more` : ''
  const names = second === undefined ? first : `${first}, ${second}${rest}`
  return [`the checkouts have what git does not know here: ${names}; what steps make belongs into .gitignore`]
}

async function changedHere(git: Git, folder: string): Promise<Changed | undefined> {
  const [differing, unknown, prefix] = await Promise.all([
    git.run(folder, ['diff', '--name-only', '--no-renames', '--relative', '-z', 'HEAD']),
    git.run(folder, ['ls-files', '--others', '--exclude-standard', '-z']),
    git.run(folder, ['rev-parse', '--show-prefix']),
  ])
  if (differing.code !== 0 || unknown.code !== 0) return undefined
  const namesIn = (text: string): string[] => text.split('\0').filter((name) => name !== '')
  const at = prefix.stdout.replace(/\n$/, '')
  return { differing: namesIn(differing.stdout), unknown: namesIn(unknown.stdout), prefix: at }
}

/** A new checkout of the commit with what differs from it; hooks of the user's do not run. */
async function checkOut(
  from: string,
  { checkout, folder }: { checkout: string; folder: string },
  changed: Changed,
  { git, files }: { git: Git; files: Files },
): Promise<string | undefined> {
  const quiet = ['-c', `core.hooksPath=${join(dirname(checkout), 'no-hooks')}`]
  const made = await git.run(from, [...quiet, 'worktree', 'add', '--detach', '--quiet', checkout, 'HEAD'])
  if (made.code !== 0) return made.stderr
  const all = [...changed.differing, ...changed.unknown]
  // What is gone or of another kind goes first: nothing is written through a link of the commit.
  for (const name of all) clear(files, join(from, name), join(folder, name), folder)
  for (const name of all) copy(files, join(from, name), join(folder, name))
  return undefined
}

/** Takes away what stands where a file comes, and every link and file above it. */
function clear(files: Files, from: string, to: string, root: string): void {
  const parts = relative(root, dirname(to)).split(/[\\/]/).filter(Boolean)
  let at = root
  for (const part of parts) {
    at = join(at, part)
    const kind = files.stat(at)?.kind
    if (kind !== undefined && kind !== 'directory') files.remove(at)
  }
  if (files.stat(to)?.kind !== files.stat(from)?.kind) files.remove(to)
}

function copy(files: Files, from: string, to: string): void {
  const stat = files.stat(from)
  const link = stat?.kind === 'link' ? files.readLink(from) : undefined
  if (link !== undefined) files.makeLink(to, link)
  else if (stat?.kind === 'file') files.write(to, files.readBytes(from) ?? '', stat.mode & 0o111 ? 0o755 : 0o644)
}

/** What is seen of the runs of instances: what they do; and of the one that judges: what it judges. */
const working = (watch: Watch): Watch =>
  filtered(watch, ({ type }) => /^(?:step|attempt|instance|report|cache)\b/.test(type))
const judging = (watch: Watch): Watch =>
  filtered(watch, ({ type }) => !/^(?:step|attempt|instance|report|cache)\b/.test(type))

function filtered(watch: Watch, isShown: (event: JournalEvent) => boolean): Watch {
  const { journal } = watch
  return journal ? { ...watch, journal: (line: JournalLine) => void (isShown(line.event) && journal(line)) } : watch
}
