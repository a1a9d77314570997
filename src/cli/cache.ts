import { join, relative } from 'node:path'
import { error } from '../base/diagnostic.js'
import { exitCodes } from '../base/errors.js'
import { nearest } from '../base/text.js'
import { chooseStore } from '../engine/cache/choose.js'
import type { ChosenStore } from '../engine/cache/choose.js'
import { parseName, stepHash } from '../engine/cache/names.js'
import { surplus } from '../engine/cache/prune.js'
import type { StoredEntry } from '../engine/cache/store.js'
import { buildPlan } from '../plan/build.js'
import type { Ports } from '../ports.js'
import { load } from '../change-file.js'
import type { RunOptions } from '../options.js'
import type { Workflow } from '../workflow/model.js'
import { readArguments, readPathOptions } from './arguments.js'
import { renderEntries } from './cache-text.js'
import type { Listed } from './cache-text.js'
import type { Command } from './command.js'
import { tellProblems } from './problems.js'

const help = `usage: wf cache list|prune|clear [options]

What is stored of steps that declare \`cache\`, in the store that the workflow file names.

  list                shows the entries: step, size, when it was last used, whose run wrote it
  prune               takes out what is older than \`max-age\`, and what does not fit into \`max-size\`
  clear               takes out everything

  --step ADDRESS      only the entries of this step, such as build/install
  --file FILE         the workflow file, from the folder (default .github/wf.yml)
  --dir FOLDER        the repository's folder (default: here)
  --json              the entries as JSON

Keys and passwords are read from the variables that the file names. The cache of GitHub Actions is pruned by GitHub itself.
Exit: 0 done; 2 a mistake in the file or the arguments; 3 the store failed.
`

const options = {
  step: { type: 'string' },
  file: { type: 'string' },
  dir: { type: 'string' },
  json: { type: 'boolean' },
} as const

const actions = ['list', 'prune', 'clear'] as const
type Action = (typeof actions)[number]

/** `wf cache`: looks after what is stored of steps. */
export const cache: Command = {
  summary: 'show, prune or clear what is stored of steps',
  help,
  async run(args, { ports, cwd }) {
    const { terminal } = ports
    const parsed = readArguments(args, options, 1)
    if (!parsed.ok) return tellProblems(terminal, parsed.problems)
    const { values, positionals } = parsed.value
    const action = actions.find((one) => one === positionals[0])
    const refuse = (message: string, hint: string): number =>
      tellProblems(terminal, [error('arguments', message, { hint })], values.json)
    if (!action) return refuse(unknownAction(positionals[0]), `it is \`wf cache list\`, \`prune\` or \`clear\``)
    const path = readPathOptions(values, undefined, cwd, ports.files)
    if (!path.ok) return tellProblems(terminal, path.problems, values.json)
    const loaded = await load(path.value, ports)
    if (!loaded.ok) return tellProblems(terminal, loaded.problems, values.json)
    const steps = stepsOf(loaded.workflow)
    const { step } = values
    if (step !== undefined && !steps.includes(step)) {
      const [near] = nearest(step, steps)
      return refuse(
        `there is no step \`${step}\``,
        near ? `did you mean \`${near}\`?` : '`wf plan` shows the addresses',
      )
    }
    const chosen = await storeOf(loaded.workflow, path.value, ports)
    if ('missing' in chosen) return refuse(chosen.missing ?? 'the file says `cache: off`', 'docs/cache.md tells how')
    const wanted = step === undefined ? undefined : stepHash(step)
    const all = await entriesOf(chosen, steps, loaded.workflow.cache.timeout)
    const mine = all.filter((entry) => wanted === undefined || parseName(entry.name)?.step === wanted)
    const gone = await act(action, mine, { chosen, workflow: loaded.workflow, now: ports.clock.now() })
    const shown = action === 'list' ? mine : gone
    const about = { action, store: chosen.store.name, where: placeOf(chosen, cwd), now: ports.clock.now() }
    terminal.out(values.json ? asJson(about, shown) : renderEntries(shown, about))
    return exitCodes.pass
  },
}

/** A folder as it is called from here. */
const placeOf = ({ store, where }: ChosenStore, cwd: string): string =>
  store.name === 'folder' ? relative(cwd, where) || '.' : where

const unknownAction = (given: string | undefined): string =>
  given === undefined ? 'say what to do with the cache' : `\`wf cache ${given}\` is none of its commands`

async function storeOf(workflow: Workflow, { folder }: RunOptions, ports: Ports) {
  const { readCheckout } = await import('../trigger/checkout.js')
  const { context } = await readCheckout(ports.git, folder)
  if (workflow.cache.store === 'github')
    return { missing: 'GitHub keeps the cache of Actions and prunes it itself: `gh cache list` shows it' }
  const home = join(folder, '.wf')
  return chooseStore(
    {
      setting: workflow.cache,
      folder,
      home,
      temporary: home,
      onRunner: false,
      workflow: workflow.path,
      context,
      secrets: {},
      // Nothing of an entry is believed here.
      tracks: async () => false,
    },
    ports,
  )
}

/** The addresses of all steps that the file has. */
function stepsOf(workflow: Workflow): string[] {
  const whole = buildPlan(workflow)
  // A gate may have no threshold for the whole, and have one for each stage.
  const plans = whole.ok
    ? [whole.value]
    : [...workflow.stages.keys()].flatMap((id) => {
        const plan = buildPlan(workflow, id)
        return plan.ok ? [plan.value] : []
      })
  const found = plans.flatMap(({ stages }) =>
    stages.flatMap(({ instances }) => instances.flatMap(({ steps, finally: last }) => [...steps, ...last])),
  )
  return [...new Set(found.map(({ address }) => address))]
}

async function entriesOf({ store }: ChosenStore, steps: readonly string[], timeout: number): Promise<Listed[]> {
  const addresses = new Map(steps.map((step) => [stepHash(step), step]))
  const all = await store.list(AbortSignal.timeout(timeout))
  return all
    .flatMap((entry) => {
      const name = parseName(entry.name)
      return name ? [{ ...entry, ...name, address: addresses.get(name.step) }] : []
    })
    .sort((a, b) => b.used - a.used)
}

/** Does what is asked; answers what went. */
async function act(
  action: Action,
  entries: readonly Listed[],
  { chosen, workflow, now }: { chosen: ChosenStore; workflow: Workflow; now: number },
): Promise<Listed[]> {
  const gone = action === 'list' ? [] : action === 'clear' ? [...entries] : surplus(entries, workflow.cache, now)
  for (const { name } of gone) await chosen.store.remove(name, AbortSignal.timeout(workflow.cache.timeout))
  if (gone.length) await chosen.store.end?.(AbortSignal.timeout(workflow.cache.timeout))
  return gone
}

function asJson({ action, store, where }: { action: Action; store: string; where: string }, entries: Listed[]): string {
  const bytes = entries.reduce((sum, entry: StoredEntry) => sum + entry.bytes, 0)
  const shown = entries.map(({ address, key, scope, bytes, used }) => ({
    step: address ?? null,
    key: key ?? null,
    scope,
    bytes,
    used: new Date(used).toISOString(),
  }))
  return `${JSON.stringify({ version: 1, action, store, where, bytes, entries: shown }, null, 2)}\n`
}
