import type { Body } from '../../workflow/model.js'
import { failed, succeeded } from '../kind.js'
import type { StepKind } from '../kind.js'

type Assert = Extract<Body, { kind: 'assert' }>

/** An expression that must hold; of level `warning` it is only said that it does not. */
export const assertHolds: StepKind<Assert> = async ({ body, expressions, print }) => {
  if (expressions.holds(body.condition)) return { ending: succeeded }
  const message = body.message ? expressions.text(body.message) : `does not hold: ${body.condition.source.trim()}`
  print('stderr', `${message}\n`)
  return body.level === 'warning' ? { ending: succeeded, warnings: [message] } : failed(message)
}
