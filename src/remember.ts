import type { Past } from './compare.js'
import { perform } from './effects/effect.js'
import type { Effect } from './effects/effect.js'
import type { Entry } from './history/entry.js'
import { within } from './history/limit.js'
import { entryOf } from './history/record.js'
import type { StageEvidence } from './history/record.js'
import { isDefaultPush } from './history/start.js'
import type { Store } from './history/store.js'
import { writingStore } from './history/stores.js'
import { foldEvidence } from './journal/fold.js'
import type { Journal } from './journal/journal.js'
import type { Outcome } from './journal/outcome.js'
import { foldFileSeconds } from './journal/shards.js'
import type { Ports } from './ports.js'
import { openClone } from './trigger/clone.js'

/** Milliseconds that adding to a history may take. */
const patience = 60_000

/**
 * Adds what a run measured to the history, as an effect: of a clean commit, on a runner only where it was pushed to the default branch.
 * What fails is in the journal; the verdict is not touched.
 */
export async function remember(
  past: Past,
  outcome: Outcome,
  ports: Ports,
  { journal, cancel }: { journal: Journal; cancel: AbortSignal },
): Promise<void> {
  const { history, folder, event, onRunner, checkout } = past
  const { context, verdict } = outcome
  if (verdict === 'cancelled' || context.sha === null || context.sha !== checkout) return
  if (onRunner && !(event && isDefaultPush(event))) return
  const clone = await openClone(ports.git, folder)
  const store = clone && writingStore(history, { ...past, clone }, ports)
  if (!store) return
  const measured = measuredIn(journal)
  const entry = entryOf({ ...outcome, commit: context.sha }, measured)
  if (!entry) return
  if (context.dirty) {
    // On a laptop nobody wonders: files differ from the commit most of the time.
    if (onRunner) journal.append({ type: 'note', message: dirty })
    return
  }
  for (const { stage, seconds } of measured)
    if (seconds?.size === 0) journal.append({ type: 'note', message: untold(stage) })
  const append = async (): ReturnType<Store['append']> =>
    within({ clock: ports.clock, cancel }, patience, (signal) => store.append(entry, history, signal), {
      ok: false,
      kind: 'network',
      message: `it took longer than ${patience / 1000} seconds`,
    })
  await perform(effectOf(append, entry), journal, { foreign: false })
}

/** What the reports of each stage say, and how long its test files took where shards share them. */
function measuredIn({ lines }: Journal): StageEvidence[] {
  const seconds = foldFileSeconds(lines)
  return foldEvidence(lines).map((one) => {
    const own = seconds.get(one.stage)
    return own ? { ...one, seconds: own } : one
  })
}

const dirty =
  'this run was not added to the history: files differ from the commit; name what the job writes before wf in .gitignore'

const untold = (stage: string): string =>
  `the test files of \`${stage}\` are split among its shards by count: its reports do not tell in which file a test is, or how long it took`

/** A store knows by itself what it holds already, so that nothing is to be looked for first. */
function effectOf(append: () => ReturnType<Store['append']>, { commit }: Entry): Effect {
  return {
    id: 'history',
    permission: 'contents: write',
    look: async () => ({ ok: true, value: undefined }),
    change: async (remote) => ({ ok: true, value: remote }),
    make: async () => {
      const done = await append()
      if (done.ok) return { ok: true, value: { id: done.id, url: done.url } }
      const { kind, message } = done
      if (kind === 'refused') return { ok: false, kind, status: 403, message }
      return { ok: false, kind, message: `${commit.slice(0, 7)} could not be added to the history: ${message}` }
    },
  }
}
