import { benchmarksGate } from './benchmarks.js'
import { coverageGate } from './coverage.js'
import { durationGate } from './duration.js'
import { expressionGate } from './expression.js'
import type { Gate } from './gate.js'
import { lintGate } from './lint.js'
import { contractsGate, conventionsGate, dependenciesGate } from './remarks.js'
import { secretsGate } from './secrets.js'
import { testsGate } from './tests.js'
import { typesGate } from './types.js'
import { vulnerabilitiesGate } from './vulnerabilities.js'

/** Every gate, in the order in which verdicts are shown. */
export const gates: readonly Gate[] = [
  testsGate,
  coverageGate,
  lintGate,
  typesGate,
  secretsGate,
  vulnerabilitiesGate,
  benchmarksGate,
  conventionsGate,
  dependenciesGate,
  contractsGate,
  durationGate,
  expressionGate,
]
