import { expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const entry = (advisory: object | null, more: object = {}): object => ({
  advisory,
  package: { name: 'x', version: '1.0.0' },
  versions: { patched: ['>=1.0.2'] },
  ...more,
})
const report = (vulnerabilities: object, warnings: object = {}): string =>
  JSON.stringify({ lockfile: { 'dependency-count': 1 }, vulnerabilities, warnings })

test('cargo audit: vulnerabilities and warnings', async () => {
  const vector = 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H'
  const list = [
    entry({ id: 'RUSTSEC-1', title: 'bad', cvss: vector }),
    entry({ id: 'RUSTSEC-2', title: 'worse', cvss: null }),
  ]
  const yanked = [entry(null, { kind: 'yanked', package: { name: 'y', version: '2' }, versions: null })]
  const { findings } = await readFindings(report({ found: true, count: 2, list }, { yanked }))
  expect(findings.map(({ rule, severity, message, file }) => [rule, severity, message, file])).toEqual([
    ['RUSTSEC-1', 'high', 'x 1.0.0: bad (fixed in >=1.0.2)', 'Cargo.lock'],
    ['RUSTSEC-2', 'unknown', 'x 1.0.0: worse (fixed in >=1.0.2)', 'Cargo.lock'],
    ['yanked', 'low', 'y 2: yanked', 'Cargo.lock'],
  ])
})

test.each([
  { found: true, list: [] },
  { found: true, count: 1, list: [] },
])('cargo audit: %j is an error', async (odd) => {
  expect(messages(await read(report(odd)))).toEqual(['states 1 vulnerabilities and lists 0'])
})
