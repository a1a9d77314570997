import type { Body, SimpleBody } from '../../workflow/model.js'
import { succeeded } from '../kind.js'
import type { StepKind, StepKinds } from '../kind.js'

type Choose = Extract<Body, { kind: 'choose' }>

/** The first branch whose condition holds, else the default; with neither there is nothing to do. */
export const choose =
  (kinds: Omit<StepKinds, 'choose'>): StepKind<Choose> =>
  async (call) => {
    const { body, expressions, print } = call
    const taken = body.branches.findIndex((branch) => expressions.holds(branch.if))
    const chosen: SimpleBody | undefined = body.branches[taken]?.body ?? body.otherwise
    if (!chosen) {
      print('stdout', 'no branch holds, and there is no default\n')
      return { ending: succeeded }
    }
    print(
      'stdout',
      taken === -1
        ? 'no branch holds: the default\n'
        : `branch ${taken + 1}: ${body.branches[taken]?.if.source.trim() ?? ''}\n`,
    )
    const kind = kinds[chosen.kind] as StepKind
    return kind({ ...call, body: chosen })
  }
