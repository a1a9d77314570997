import { expect, test } from '@jest/globals'
import { readFindings } from '../../reading.js'

const match = (more: object = {}, path = '/web/package-lock.json'): object => ({
  vulnerability: { id: 'GHSA-1', severity: 'Critical', description: 'bad', ...more },
  artifact: { name: 'x', version: '1', locations: [{ path }] },
})
const report = (matches: unknown, more: object = {}): string =>
  JSON.stringify({ matches, source: { type: 'directory' }, descriptor: { name: 'grype' }, ...more })

test('Grype: place below the scanned folder, fixes, ignored matches', async () => {
  const one = match({ fix: { versions: ['2', '3'] } })
  const evidence = await readFindings(report([one, one], { ignoredMatches: [{}, {}] }))
  expect(evidence.findings).toMatchObject([
    { rule: 'GHSA-1', severity: 'critical', message: 'x 1: bad (fixed in 2, 3)', file: 'web/package-lock.json' },
  ])
  expect(evidence.suppressed).toBe(2)
})

test('Grype: a package of an image stands in no file of the repository', async () => {
  const { findings } = await readFindings(report([match({}, '/usr/lib/x')], { source: { type: 'image' } }))
  expect(findings).toMatchObject([{ message: 'x 1 in /usr/lib/x: bad' }])
  expect(findings[0]).not.toHaveProperty('file')
})

test.each([
  ['Negligible', 'note'],
  ['Unknown', 'unknown'],
  [undefined, 'unknown'],
])('Grype: severity %s is %s', async (severity, expected) => {
  expect((await readFindings(report([match({ severity })]))).findings[0]?.severity).toBe(expected)
})

test('Grype: no match is none', async () => {
  expect(await readFindings(report([]))).toMatchObject({ categories: ['vulnerabilities'], findings: [] })
})
