import { expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const json = JSON.stringify
const vulnerability = (more: object = {}): object => ({
  id: 'SNYK-JS-X-1',
  packageName: 'x',
  version: '1',
  severity: 'high',
  title: 'bad',
  from: ['shop', 'x@1'],
  ...more,
})
const project = (vulnerabilities: object[], more: object = {}): object => ({
  ok: vulnerabilities.length === 0,
  vulnerabilities,
  displayTargetFile: 'web/package-lock.json',
  ...more,
})

test('Snyk: a vulnerability counts once, however many paths lead to it', async () => {
  const paths = [vulnerability(), vulnerability({ from: ['shop', 'y', 'x@1'] })]
  const evidence = await readFindings(json(project(paths, { uniqueCount: 1, filtered: { ignore: [{}], patch: [] } })))
  expect(evidence.findings).toMatchObject([
    { rule: 'SNYK-JS-X-1', severity: 'high', message: 'x 1: bad', file: 'web/package-lock.json', package: 'x' },
  ])
  expect(evidence.suppressed).toBe(1)
})

test('Snyk: a list of projects, and what is inside of an image', async () => {
  const inside = { applications: [project([vulnerability({ packageName: 'y' })])] }
  const evidence = await readFindings(json([project([]), project([vulnerability()], inside)]))
  expect(evidence.findings.map(({ package: name }) => name)).toEqual(['x', 'y'])
})

test('Snyk: configuration of infrastructure', async () => {
  const issue = { publicId: 'SNYK-CC-1', severity: 'medium', title: 'open', lineNumber: 4 }
  const issues = { ok: false, targetFile: 'a.tf', infrastructureAsCodeIssues: [issue, { ...issue, isIgnored: true }] }
  const evidence = await readFindings(json(issues))
  expect(evidence.findings).toMatchObject([{ rule: 'SNYK-CC-1', severity: 'medium', file: 'a.tf', line: 4 }])
  expect(evidence.suppressed).toBe(1)
})

test.each([
  ['a test that failed', { ok: false, error: 'no lock file', path: '/r' }, 'says that the test failed: no lock file'],
  ['one failed of several', [project([]), { ok: false, error: 'e' }], 'says that the test failed: e'],
  ['not ok without a finding', { ok: false, vulnerabilities: [], path: '/r' }, 'states problems of /r and lists none'],
  [
    'fewer than stated',
    project([vulnerability()], { uniqueCount: 3 }),
    'states 3 vulnerabilities of web/package-lock.json, lists 1',
  ],
])('Snyk: %s is an error', async (_, report, message) => {
  expect(messages(await read(json(report)))).toEqual([message])
})
