import { expect, test } from '@jest/globals'
import { fromPurl } from '../../../../src/evidence/readers/security/dependency-check.js'
import { messages, read, readFindings } from '../../reading.js'

const report = (dependency: object, scanInfo: object = {}): string =>
  JSON.stringify({ reportSchema: '1.1', scanInfo, dependencies: [{ fileName: 'x.jar', ...dependency }] })

test('Dependency-Check: package, file without what is inside of it, suppressed ones', async () => {
  const evidence = await readFindings(
    report({
      filePath: '/r/package-lock.json?lodash',
      packages: [{ id: 'pkg:npm/%40scope/lodash@4.17.20' }],
      vulnerabilities: [{ name: 'CVE-2021-1', severity: 'MODERATE', description: 'bad' }],
      suppressedVulnerabilities: [{}],
    }),
  )
  expect(evidence.findings).toMatchObject([
    { rule: 'CVE-2021-1', severity: 'medium', message: '@scope/lodash 4.17.20: bad', file: '/r/package-lock.json' },
  ])
  expect(evidence.suppressed).toBe(1)
})

test.each([
  [{ severity: 'critical' }, 'critical'],
  [{ severity: '8.1' }, 'high'],
  [{ severity: 'unscored', cvssv2: { score: 5 } }, 'medium'],
  [{ cvssv3: { baseScore: 9.8 }, cvssv2: { score: 5 } }, 'critical'],
  [{ severity: 'Unknown' }, 'unknown'],
])('Dependency-Check: %j is %s', async (more, severity) => {
  const { findings } = await readFindings(report({ vulnerabilities: [{ name: 'CVE-1', ...more }] }))
  expect(findings[0]?.severity).toBe(severity)
})

test('Dependency-Check: an analysis that failed is an error', async () => {
  const text = report({}, { analysisExceptions: [{ exception: { message: 'no index' } }] })
  expect(messages(await read(text))).toEqual(['says that its analysis failed: no index'])
})

test.each([
  ['pkg:npm/lodash@4.17.20', { name: 'lodash', version: '4.17.20' }],
  ['pkg:deb/debian/x@1%2B2?arch=a', { name: 'debian/x', version: '1+2' }],
  ['pkg:golang/x', { name: 'x' }],
  ['no purl', {}],
])('the package URL %s is %j', (purl, expected) => {
  expect(fromPurl(purl)).toEqual(expected)
})
