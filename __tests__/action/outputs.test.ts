import { expect, test } from '@jest/globals'
import { outputsOf } from '../../src/action/outputs.js'
import type { Outcome } from '../../src/journal/outcome.js'
import { failingShop } from '../publish/outcomes.js'

const shop = failingShop()

test('a run answers its verdict, its files and its figures', () => {
  expect(outputsOf(shop, '/run')).toMatchObject({
    verdict: 'fail',
    target: 'review',
    outcome: '/run/outcome.json',
    sarif: '/run/report.sarif',
    tests: '15',
    'tests-failed': '2',
    'coverage-lines': '42.1',
    'findings-lint': '2',
  })
})

test('how many findings are new is told only where a run of the base is known', () => {
  const compared = (baseline: NonNullable<Outcome['compared']>['baseline']): Outcome => ({
    ...shop,
    compared: { base: null, baseline, change: { missing: 'no' } },
  })
  expect(outputsOf(shop, '/run')).not.toHaveProperty('findings-new')
  expect(outputsOf(compared({ missing: 'none' }), '/run')).not.toHaveProperty('findings-new')
  const { findings, 'findings-new': fresh } = outputsOf(compared({ sha: 'a', distance: 0 }), '/run')
  expect(fresh).toBe(findings)
})
