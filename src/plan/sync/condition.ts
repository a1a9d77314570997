import { FunctionCall, Grouping, Literal, Logical, Unary } from '@actions/expressions/ast'
import type { Expr } from '@actions/expressions/ast'
import { TokenType } from '@actions/expressions/lexer'
import { truthy } from '@actions/expressions/result'
import { expressionsOf } from '../../workflow/expression/template.js'
import type { Stage } from '../../workflow/model.js'

/**
 * When the job of a stage starts. Its own condition is asked in the job, by wf; here stands what GitHub must know before: whether the
 * plan has the stage, and whether the job starts after a failure or a cancellation. A stage that was skipped before it stops nobody here.
 */
export function jobCondition(stage: Stage, planJob: string): string {
  const planned = `contains(fromJSON(needs.${planJob}.outputs.stages), '${stage.id}')`
  const asks = stage.if && expressionsOf(stage.if).find(({ asksStatus }) => asksStatus)
  if (!asks) return `!cancelled() && !failure() && ${planned}`
  const when = whenCancelled(asks.tree) === false ? '!cancelled()' : 'always()'
  return `${when} && needs.${planJob}.result == 'success' && ${planned}`
}

const answers: Record<string, boolean> = { always: true, cancelled: true, success: false, failure: false }

/** What a condition says of a cancelled run, as far as that is known from its text. */
function whenCancelled(node: Expr): boolean | undefined {
  if (node instanceof Grouping) return whenCancelled(node.group)
  if (node instanceof FunctionCall) return answers[node.functionName.lexeme.toLowerCase()]
  if (node instanceof Unary) {
    const inner = whenCancelled(node.expr)
    return inner === undefined ? undefined : !inner
  }
  if (node instanceof Literal) return truthy(node.literal)
  if (!(node instanceof Logical)) return undefined
  const parts = node.args.map(whenCancelled)
  const decides = node.operator.type === TokenType.OR
  if (parts.includes(decides)) return decides
  return parts.includes(undefined) ? undefined : !decides
}
