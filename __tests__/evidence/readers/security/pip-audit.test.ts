import { expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const json = JSON.stringify
const vulns = [{ id: 'PYSEC-1', fix_versions: ['2', '3'], description: 'bad\nmore' }]

test.each([
  ['the list', (list: object[]) => list],
  ['the object', (list: object[]) => ({ dependencies: list, fixes: [] })],
])('pip-audit: %s', async (_, shape) => {
  const { findings } = await readFindings(
    json(
      shape([
        { name: 'x', version: '1', vulns },
        { name: 'y', version: '1', vulns: [] },
      ]),
    ),
  )
  expect(findings).toMatchObject([
    { rule: 'PYSEC-1', severity: 'unknown', message: 'x 1: bad (fixed in 2, 3)', package: 'x', tool: 'pip-audit' },
  ])
})

test('pip-audit: a package that was not audited is said, all of them are an error', async () => {
  const skipped = { name: 'inner', skip_reason: 'not found on PyPI' }
  const some = await read(json([skipped, { name: 'y', version: '1', vulns: [] }]))
  expect([messages(some, 'warning'), messages(some)]).toEqual([['inner was not audited: not found on PyPI'], []])
  expect(messages(await read(json({ dependencies: [skipped], fixes: [] })))).toEqual([
    'says that no package was audited',
  ])
})

test('pip-audit: an entry without a result is an error', async () => {
  const list = [
    { name: 'a', version: '1', vulns: [] },
    { name: 'b', vulns: [] },
    { name: 'c', vulns: [] },
    { name: 'd' },
  ]
  expect(messages(await read(json(list)))).toEqual(['holds no result for d'])
})

test('pip-audit: nothing to audit is none', async () => {
  expect((await readFindings(json({ dependencies: [], fixes: [] }))).findings).toEqual([])
  expect((await readFindings('[\n]', { path: 'reports/pip_audit.json' })).findings).toEqual([])
})
