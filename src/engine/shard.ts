import { join } from 'node:path'
import { fileSafe } from '../base/address.js'
import { sha256 } from '../base/hash.js'
import type { Evidence } from '../evidence/evidence.js'
import { shardTimings } from '../history/timings.js'
import type { Status } from '../journal/outcome.js'
import { matchingNames, splitFiles } from '../plan/shards.js'
import { shardName } from '../workflow/matrix.js'
import type { Shard, Stage } from '../workflow/model.js'
import type { Engine, InstanceRun, Split } from './engine.js'
import type { Workspace } from './workspace.js'

/**
 * Finds out which test files are an instance's, writes the list for its steps and tells it in variables. Answers how the instance ends
 * where there is nothing for its steps to do: a runner of tests that is given no file runs them all.
 */
export async function assignShard(run: InstanceRun): Promise<{ status: Status; reason: string } | undefined> {
  const { engine, stage, address, planned } = run
  if (!stage.shard) return undefined
  const split = await splitOf(engine, stage, stage.shard)
  if ('problem' in split) return { status: 'failure', reason: split.problem }
  const number = Number(planned.matrix[shardName])
  const files = [...(split.lists[number - 1] ?? [])]
  const { total } = stage.shard
  const told = { stage: stage.id, instance: address, shard: number, shards: total, files, split: split.hash }
  engine.journal.append({ type: 'shard.assigned', ...told })
  if (!files.length) return { status: 'success', reason: 'no files for this shard' }
  const path = join(engine.temporary, 'shards', `${fileSafe(address)}.txt`)
  engine.ports.files.write(path, files.map((file) => `${asArgument(file)}\n`).join(''))
  run.shard = {
    WF_SHARD: String(number),
    WF_SHARDS: String(total),
    WF_SHARD_FILES: path,
    WF_SHARD_HASH: sha256(files.join('\n')),
  }
  return undefined
}

/** A name that begins with a hyphen would be an option to the program that is given it. */
const asArgument = (file: string): string => (file.startsWith('-') ? `./${file}` : file)

/** Suites of two shards are two, however alike they are told: a file of tests is in one of them only. */
export function ofShard({ shard }: InstanceRun, evidence: Evidence): Evidence {
  const number = shard?.['WF_SHARD']
  if (number === undefined || evidence.kind !== 'tests' || !evidence.suite_totals) return evidence
  const apart = (id: string | undefined) => (id === undefined ? {} : { id: `${id} ${number}` })
  return { ...evidence, suite_totals: evidence.suite_totals.map((totals) => ({ ...totals, ...apart(totals.id) })) }
}

/** Made once for all instances of a stage. */
async function splitOf(engine: Engine, stage: Stage, shard: Shard): Promise<Split> {
  const known = engine.splits.get(stage.id)
  if (known) return known
  const made = split(engine, stage.id, shard)
  engine.splits.set(stage.id, made)
  return made
}

async function split(engine: Engine, stage: string, { files: globs, total }: Shard): Promise<Split> {
  const files = await testFilesIn(engine.files, globs)
  if (!files.length) return { problem: `the globs of \`shard\` match no file: ${globs.join(', ')}` }
  const broken = files.find((name) => /[\n\r]/.test(name))
  if (broken !== undefined) return { problem: `a list of files cannot hold ${JSON.stringify(broken)}: rename it` }
  const lists = engine.going?.resumed.splits.get(stage) ?? splitFiles(files, await secondsOf(engine, stage), total)
  return { lists, hash: sha256(JSON.stringify(lists)) }
}

/** The files that the globs match, of those that git tracks or, outside of a repository, of all; sorted. */
export async function testFilesIn(workspace: Workspace, globs: readonly string[]): Promise<string[]> {
  const names = matchingNames(globs, (await workspace.tracked()) ?? workspace.match('**'))
  // What is tracked may have been taken away, and a folder may be a repository of others.
  return names.filter((name) => ['file', 'link'].includes(workspace.stat(name)?.kind ?? ''))
}

/** What this run was given of earlier times, else what the history tells. */
async function secondsOf(engine: Engine, stage: string): Promise<ReadonlyMap<string, number>> {
  const timings = engine.timings ?? shardTimings((await engine.compare()).earlier, [stage])
  return new Map(Object.entries(Object.hasOwn(timings, stage) ? (timings[stage] ?? {}) : {}))
}
