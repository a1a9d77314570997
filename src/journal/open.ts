import { join } from 'node:path'
import { OutsideError } from '../base/errors.js'
import type { Redactor } from '../base/redact.js'
import type { Ports } from '../ports.js'
import { Journal } from './journal.js'

/** Makes the folder of a new run in `home`, which git ignores by a file of its own, and opens its journal. */
export function openRun(
  home: string,
  { files, clock, random }: Ports,
  redactor: Redactor,
): { id: string; folder: string; journal: Journal } {
  const ignore = join(home, '.gitignore')
  if (files.stat(ignore) === undefined) files.write(ignore, '*\n')
  const runs = join(home, 'runs')
  // To the millisecond, since the last run is the one whose name comes last.
  const [second = '', fraction = ''] = new Date(clock.now())
    .toISOString()
    .replaceAll(/[-:Z]/g, '')
    .replace('T', '-')
    .split('.')
  const id = `${second}-${fraction}${random.hex(6)}`
  const folder = join(runs, id)
  files.makeFolder(folder)
  const journal = new Journal(files.append(join(folder, 'journal.jsonl')), clock, (text) => redactor.text(text))
  return { id, folder, journal }
}

/** So many runs are kept; an older one that may still run is left for a day, in milliseconds. */
const keptRuns = 30
const day = 86_400_000

/** Removes older runs, so that the folder does not grow for ever. */
export function removeOldRuns(home: string, { files, clock }: Pick<Ports, 'files' | 'clock'>): void {
  const runs = join(home, 'runs')
  for (const { name } of files.list(runs).slice(0, -keptRuns)) {
    const old = join(runs, name)
    const hasEnded = files.stat(join(old, 'outcome.json')) !== undefined
    if (!hasEnded && clock.now() - (files.stat(old)?.changed ?? 0) <= day) continue
    try {
      files.remove(old)
    } catch (cause) {
      // It costs room, nothing else: the run that has ended is not to fail over it.
      if (!(cause instanceof OutsideError)) throw cause
    }
  }
}
