import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import type { Json } from '../base/json.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import type { EventName } from '../language/names.js'
import type { Git } from '../ports.js'
import type { Workflow } from '../workflow/model.js'
import { readCheckout } from './checkout.js'
import type { RunContext } from './context.js'
import { contextOfEvent } from './event.js'
import { targetOfEvent } from './target.js'

/** Who asks for what: the event's payload over what git says of the folder. */
export async function readContext(
  git: Git,
  folder: string,
  asked: { base?: string; event?: { name: EventName; payload: { [key: string]: Json } } },
): Promise<Result<RunContext, Diagnostic>> {
  const { context, unknownBase } = await readCheckout(git, folder, asked.base)
  if (unknownBase !== undefined)
    return fail(
      error('unknown-base', `git knows no commit \`${unknownBase}\``, {
        hint: 'name a branch, a tag or a commit that is here; a shallow clone may need `git fetch --unshallow`',
      }),
    )
  return ok(asked.event ? contextOfEvent(asked.event.name, asked.event.payload, context) : context)
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
