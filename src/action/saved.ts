import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { OutsideError } from '../base/errors.js'
import { sha256 } from '../base/hash.js'
import { GithubService } from '../engine/cache/stores/github-service.js'
import { readJournal } from '../journal/journal.js'
import type { Outcome } from '../journal/outcome.js'
import { foldState } from '../journal/state.js'
import type { Ports } from '../ports.js'
import type { ResumeOptions } from '../resume.js'
import type { ActionInputs } from './inputs.js'
import type { Runner } from './runner.js'

/** A journal is text that packs well; a larger one is not worth the time. */
const limits = { packed: 32 * 2 ** 20, whole: 512 * 2 ** 20 }
/** Milliseconds; a cancelled job has few left. */
const patience = { usual: 30_000, cancelled: 1500 }

interface Job {
  runner: Runner
  ports: Ports
  inputs: Pick<ActionInputs, 'file' | 'workingDirectory' | 'job'>
}

/** The legs of a matrix do different things under one name: one must not take what another has done. */
function prefixOf({ runner, inputs }: Job): string {
  const own = sha256(JSON.stringify([inputs.job, inputs.workingDirectory, inputs.file])).slice(0, 16)
  return `wf-state-${runner.stamp?.id ?? 0}-${own}-`
}

/**
 * Brings back what an earlier attempt of this run of GitHub Actions has done, if it was saved; `tell` hears why it cannot be had. The
 * checkout is a new one, so the files that its steps left are not here.
 */
export async function restoreState(job: Job, tell: (text: string) => void): Promise<ResumeOptions | undefined> {
  const { stamp, cacheService, home } = job.runner
  if (!stamp || stamp.attempt <= 1 || !cacheService?.reads) return undefined
  const { files, http, random } = job.ports
  const prefix = prefixOf(job)
  const path = join(home, `state-${random.hex(8)}`)
  try {
    const service = new GithubService(cacheService, http)
    const signal = AbortSignal.timeout(patience.usual)
    const found = await service.find(`${prefix}${stamp.attempt - 1}`, [prefix], signal)
    if (!found || !(await service.download(found, path, { bytes: limits.packed }, signal))) return undefined
    const packed = files.readBytes(path) ?? new Uint8Array()
    const text = (await promisify(gunzip)(packed, { maxOutputLength: limits.whole })).toString('utf8')
    const run = foldState(readJournal(text).lines)?.run
    if (run === undefined || !/^[\w-]{1,64}$/.test(run)) return undefined
    files.write(join(home, 'runs', run, 'journal.jsonl'), text)
    return { run, fresh: true }
  } catch (cause) {
    tell(`what the attempt before has done cannot be had, so all runs again: ${reasonOf(cause)}`)
    return undefined
  } finally {
    files.remove(path)
  }
}

/** Saves what a run that did not pass has done, for the next attempt; `tell` hears why it cannot be saved. */
export async function saveState(
  job: Job,
  { verdict }: Outcome,
  folder: string,
  tell: (text: string) => void,
): Promise<void> {
  const { stamp, cacheService, home } = job.runner
  if (!stamp || !cacheService?.writes || verdict === 'pass' || verdict === 'warn') return
  const { files, http, random } = job.ports
  const path = join(home, `state-${random.hex(8)}`)
  try {
    const packed = await promisify(gzip)(files.readBytes(join(folder, 'journal.jsonl')) ?? '')
    if (packed.length > limits.packed) return
    files.write(path, packed)
    const signal = AbortSignal.timeout(verdict === 'cancelled' ? patience.cancelled : patience.usual)
    await new GithubService(cacheService, http).upload(`${prefixOf(job)}${stamp.attempt}`, path, packed.length, signal)
  } catch (cause) {
    tell(`what this run has done could not be saved, so a re-run starts anew: ${reasonOf(cause)}`)
  } finally {
    files.remove(path)
  }
}

/** What comes from outside, or cannot be unpacked, is a reason; anything else is a bug. */
function reasonOf(cause: unknown): string {
  if (cause instanceof OutsideError) return cause.message
  const { code, message } = cause as { code?: unknown; message?: unknown }
  if (typeof code === 'string' && /^(?:Z_|ERR_BUFFER_TOO_LARGE)/.test(code)) return `it is damaged: ${String(message)}`
  throw cause
}
