import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import type { Git } from '../ports.js'
import type { Workflow } from '../workflow/model.js'
import { readCheckout } from './checkout.js'
import type { LocalBase } from './checkout.js'
import type { RunContext } from './context.js'
import { contextOfEvent, namesActor } from './event.js'
import type { Event } from './event.js'
import { targetOfEvent } from './target.js'

/** Who asks for what, and where. */
export interface Known {
  context: RunContext
  /** The commit that is checked out, whatever the event names. */
  checkout: string | null
  notes: string[]
}

/** Who asks for what: the event's payload over what git says of the folder; and what does not agree between the two. */
export async function readContext(
  git: Git,
  folder: string,
  asked: { base?: string; event?: Event; found?: Promise<LocalBase | null> },
): Promise<Result<Known, Diagnostic>> {
  const { event, base, found } = asked
  const anonymous = event !== undefined && namesActor(event)
  const { context, unknownBase } = await readCheckout(git, folder, { base, found, anonymous })
  if (unknownBase !== undefined)
    return fail(
      error('unknown-base', `git knows no commit \`${unknownBase}\``, {
        hint: 'name a branch, a tag or a commit that is here; a shallow clone may need `git fetch --unshallow`',
      }),
    )
  const checkout = context.sha
  if (!event) return ok({ context, checkout, notes: [] })
  const told = contextOfEvent(event, context)
  const known = [told.sha, told.merged].filter((sha) => sha !== null)
  const other = checkout !== null && known.length > 0 && !known.includes(checkout)
  const note = `the steps saw the files of ${checkout ?? ''}, which is checked out, not those of ${told.sha ?? ''}, which the event names`
  return ok({ context: told, checkout, notes: other ? [note] : [] })
}

/** The target: the one asked for, else the event's, else on a laptop what pull requests walk to; `undefined` is every stage. */
export function chooseTarget(
  workflow: Workflow,
  context: RunContext,
  asked: string | undefined,
): Result<string | undefined, Diagnostic> {
  if (asked !== undefined) return ok(asked)
  const target = targetOfEvent(workflow, context)
  if (target !== undefined || context.event === 'local') return ok(target)
  const hint = `add it under \`on:\`, or name a target`
  return fail(
    error(
      'no-target',
      `the workflow does not answer this event: \`${context.event}\`${context.ref === null ? '' : ` of ${context.ref}`}`,
      { hint },
    ),
  )
}
