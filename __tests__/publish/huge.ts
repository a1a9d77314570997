import type { Evidence, Finding, TestCase } from '../../src/evidence/evidence.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { finding, findingsEvidence, instance, outcome, stage, step, testsEvidence } from './outcomes.js'

/** How many of everything a huge run holds. */
export const many = 3000

/** A run with far more of everything than there is room for. */
export function hugeRun(): Outcome {
  const cases = Array.from({ length: many }, (_, i): TestCase => ({
    name: `case ${i} ${'ä'.repeat(100)}`,
    file: `test/file-${i % 50}.test.js`,
    line: i + 1,
    status: 'failed',
    message: 'm'.repeat(900),
    details: 'at somewhere (file.js:1:1)\n'.repeat(100),
  }))
  const findings = Array.from({ length: many }, (_, i): Finding =>
    finding({
      category: 'lint',
      file: `src/file-${i % 100}.js`,
      line: i + 1,
      message: 'm'.repeat(900),
      tool: 'eslint',
    }),
  )
  const coverage: Evidence = {
    kind: 'coverage',
    lines_valid: many * 10,
    lines_covered: many,
    branches_valid: 0,
    branches_covered: 0,
    files: Array.from({ length: many }, (_, i) => ({
      path: `src/deep/folder/file-${i}.js`,
      lines_valid: 10,
      lines_covered: 1,
      branches_valid: 0,
      branches_covered: 0,
    })),
  }
  const steps = Array.from({ length: 300 }, (_, i) =>
    step(`test/step-${i}`, {
      status: 'failure',
      reason: 'exit 1',
      tail: Array.from({ length: 20 }, () => 'x'.repeat(300)),
    }),
  )
  const evidence = [{ stage: 'test', evidence: [testsEvidence(10, cases), findingsEvidence(findings), coverage] }]
  const stages = [stage('test', [instance('test', steps, 'failure')], { status: 'failure' })]
  return outcome(
    stages,
    evidence,
    { test: { tests: {}, coverage: {}, lint: {} } },
    { notes: Array.from({ length: 500 }, (_, i) => `note ${i}`) },
  )
}
