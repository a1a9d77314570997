import { expect, test } from '@jest/globals'
import { readFindings } from '../../reading.js'

const report = (one: object): string =>
  JSON.stringify({
    results: [
      { source: { path: '/r/go.mod', type: 'lockfile' }, packages: [{ package: { name: 'x', version: '1' }, ...one }] },
    ],
  })
const vector = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'

test('OSV-Scanner: identifiers of one group are one advisory', async () => {
  const vulnerabilities = [
    { id: 'GO-1', details: 'bad\nin detail' },
    { id: 'GHSA-1', summary: 'bad' },
  ]
  const { findings } = await readFindings(
    report({ vulnerabilities, groups: [{ ids: ['GO-1', 'GHSA-1'], max_severity: '7.5' }] }),
  )
  expect(findings).toMatchObject([
    { rule: 'GO-1', severity: 'high', message: 'x 1: bad', file: '/r/go.mod', url: 'https://osv.dev/GO-1' },
  ])
})

test.each([
  [{ database_specific: { severity: 'MODERATE' }, severity: [{ score: vector }] }, 'medium'],
  [{ severity: [{ type: 'CVSS_V3', score: vector }] }, 'critical'],
  [{ severity: [{ type: 'CVSS_V4', score: 'CVSS:4.0/AV:N' }] }, 'unknown'],
  [{}, 'unknown'],
])('OSV-Scanner: without groups and score, %j is %s', async (more, severity) => {
  const { findings } = await readFindings(report({ vulnerabilities: [{ id: 'A', ...more }] }))
  expect(findings.map((finding) => finding.severity)).toEqual([severity])
})

test.each([
  [{ 'GO-1': { called: false } }, 0],
  [{ 'GO-1': { called: true } }, 1],
  [{ 'GO-1': { called: false }, 'GHSA-1': { called: true } }, 1],
  [{}, 1],
])('OSV-Scanner: of the analysis of calls %j it shows %d', async (experimentalAnalysis, count) => {
  const one = { vulnerabilities: [{ id: 'GO-1' }], groups: [{ ids: ['GO-1'], experimentalAnalysis }] }
  const evidence = await readFindings(report(one))
  expect([evidence.findings.length, evidence.suppressed]).toEqual([count, 1 - count])
})

test('OSV-Scanner: licences that are not allowed count', async () => {
  const { findings } = await readFindings(report({ license_violations: ['GPL-3.0'] }))
  expect(findings).toMatchObject([{ rule: 'licence:GPL-3.0', package: 'x' }])
})

test.each([{ results: [] }, { results: [], experimental_config: {} }])('OSV-Scanner: %j is none', async (empty) => {
  expect((await readFindings(JSON.stringify(empty))).findings).toEqual([])
})
