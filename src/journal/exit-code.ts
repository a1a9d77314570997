import { exitCodes } from '../base/errors.js'
import type { ExitCode } from '../base/errors.js'
import type { Outcome } from './outcome.js'

/** The exit code that an outcome means. */
export function exitCodeOf(outcome: Outcome): ExitCode {
  if (outcome.verdict === 'cancelled') return exitCodes.cancelled
  if (outcome.verdict === 'pass' || outcome.verdict === 'warn') return exitCodes.pass
  const failed = outcome.stages
    .flatMap((s) => s.instances)
    .flatMap((i) => i.steps)
    .filter((s) => s.conclusion === 'failure')
  const onlyOutside =
    failed.length > 0 && failed.every((s) => s.outside) && outcome.verdicts.every((v) => v.status !== 'fail')
  return onlyOutside ? exitCodes.outside : exitCodes.fail
}
