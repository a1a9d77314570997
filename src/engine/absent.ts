import type { AbsentGate } from '../workflow/rules.js'
import type { Engine } from './engine.js'

/** Writes down, as failed, the gates of the base that the change kept from judging. Every stage of the run has ended. */
export function tellAbsent({ absent, results, journal }: Engine): void {
  const isTold = ({ stage, when }: AbsentGate): boolean => {
    const result = results.get(stage)
    // What failed before it is told already; then nobody had to let it out.
    return when === 'always' || (result?.status === 'skipped' && !result.tainted)
  }
  for (const { stage, gate, reason, mend } of absent.filter(isTold))
    journal.append({
      type: 'gate.judged',
      stage,
      verdict: { gate, address: stage, status: 'fail', reason, figures: [], mend, later: [], implied: false },
    })
}
