import type { Evidence } from '../evidence/evidence.js'
import type { GateName } from '../language/names.js'
import { countFindings, total } from './counts.js'
import { typeErrors } from './types.js'

/**
 * Whether fresh evidence explains a non-zero exit: it holds failed tests or findings that one of `gates` (those in
 * force) judges. Coverage never explains an exit code, nor do a type checker's warnings.
 */
export const judgesFailure = (evidence: readonly Evidence[], gates: ReadonlySet<GateName>): boolean =>
  evidence.some((one) => {
    if (one.kind === 'tests') return gates.has('tests') && one.failed + one.errors > 0
    if (one.kind !== 'findings') return false
    const found = (gate: 'lint' | 'secrets' | 'vulnerabilities'): boolean =>
      gates.has(gate) && total(countFindings([one], gate)) > 0
    if (found('lint') || found('secrets') || found('vulnerabilities')) return true
    return gates.has('types') && total(countFindings([one], 'types'), ...typeErrors) > 0
  })
