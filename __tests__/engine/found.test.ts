import { describe, expect, test } from '@jest/globals'
import type { Finding, Severity } from '../../src/evidence/evidence.js'
import { foundText } from '../../src/engine/found.js'
import type { GateName } from '../../src/language/names.js'
import { finding, findingsEvidence, testsEvidence } from '../publish/outcomes.js'

const all = new Set<GateName>(['tests', 'lint', 'types', 'secrets', 'vulnerabilities'])
const of = (category: Finding['category'], line: number, severity: Severity = 'error'): Finding =>
  finding({ category, severity, file: 'a.js', line })
const failing = testsEvidence(2, [
  { name: 'adds', status: 'failed' },
  { name: 'ships', status: 'skipped' },
])

describe('what a step found', () => {
  test('is counted, of tests among those that ran', () => {
    expect(foundText([failing], all)).toBe('1 of 3 tests failed')
    expect(foundText([findingsEvidence([of('lint', 1), of('lint', 2)])], all)).toBe('2 lint findings')
  })

  test('is told of every gate in force and of no other', () => {
    const found = findingsEvidence([
      of('types', 1),
      of('types', 2, 'warning'),
      of('secrets', 3),
      of('vulnerabilities', 4),
    ])
    expect(foundText([found, failing], all)).toBe('1 of 3 tests failed, 1 type error, 1 secret, 1 known vulnerability')
    expect(foundText([found, failing], new Set(['secrets']))).toBe('1 secret')
  })
})
