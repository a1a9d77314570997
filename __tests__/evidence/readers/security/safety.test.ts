import { expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const json = JSON.stringify
const one = { vulnerability_id: '36546', package_name: 'x', analyzed_version: '1', ignored: {}, advisory: 'bad' }
const report = (vulnerabilities: object[], more: object = {}): string =>
  json({ report_meta: { vulnerabilities_found: vulnerabilities.length }, vulnerabilities, ...more })

test('Safety 1: rows, with the score of CVSS 3 before that of 2', async () => {
  const rows = [
    ['x', '<2', '1', 'bad', '36546', null, null],
    ['y', '<2', '1', 'bad', '1', { base_score: 5 }, { base_score: 9.8 }],
  ]
  expect((await readFindings(json(rows))).findings).toMatchObject([
    { rule: '36546', severity: 'unknown', message: 'x 1: bad' },
    { rule: '1', severity: 'critical' },
  ])
})

test('Safety 2: its report; what is ignored is suppressed', async () => {
  const graded = { ...one, CVE: 'CVE-1', severity: { cvssv3: { base_severity: 'HIGH', base_score: 1 } } }
  const evidence = await readFindings(report([graded, { ...one, ignored: true }], { ignored_vulnerabilities: [{}] }))
  expect(evidence.findings).toMatchObject([{ rule: 'CVE-1', severity: 'high', package: 'x' }])
  expect(evidence.suppressed).toBe(2)
})

test('Safety 2: fewer than stated is an error', async () => {
  const text = report([], { report_meta: { vulnerabilities_found: 2 } })
  expect(messages(await read(text))).toEqual(['states 2 vulnerabilities and lists 0'])
})

test('Safety 3: what was ignored is suppressed, the file is the place', async () => {
  const known = [
    { id: '1', ignored: null, vulnerable_spec: '<2' },
    { id: '2', ignored: { code: 'manual' }, vulnerable_spec: '<2' },
  ]
  const specifications = [{ raw: 'x==1', vulnerabilities: { known_vulnerabilities: known } }]
  const files = [{ location: 'requirements.txt', results: { dependencies: [{ name: 'x', specifications }] } }]
  const evidence = await readFindings(json({ meta: {}, scan_results: { projects: [{ files }] } }))
  expect(evidence.findings).toMatchObject([
    { rule: '1', severity: 'unknown', message: 'x: x==1 is affected (<2)', file: 'requirements.txt' },
  ])
  expect(evidence.suppressed).toBe(1)
})
