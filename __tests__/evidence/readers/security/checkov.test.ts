import { expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const check = (more: object = {}): object => ({
  check_id: 'CKV_AWS_24',
  check_name: 'open to the world',
  file_path: '/main.tf',
  repo_file_path: '/infra/main.tf',
  file_line_range: [4, 11],
  resource: 'aws_x.y',
  severity: null,
  ...more,
})
const report = (failed: object[], more: object = {}, type = 'terraform'): object => ({
  check_type: type,
  results: { failed_checks: failed, skipped_checks: [{}], parsing_errors: [], ...more },
  summary: { failed: failed.length },
})

test('checkov: place, severity only where it has one, skipped ones', async () => {
  const evidence = await readFindings(JSON.stringify(report([check(), check({ severity: 'LOW' })])))
  expect(evidence.findings).toMatchObject([
    {
      rule: 'CKV_AWS_24',
      severity: 'unknown',
      file: 'infra/main.tf',
      line: 4,
      end_line: 11,
      message: 'open to the world (aws_x.y)',
    },
    { severity: 'low' },
  ])
  expect(evidence.suppressed).toBe(1)
})

test('checkov: secrets, of whose resource nothing is told', async () => {
  const { findings } = await readFindings(
    JSON.stringify([report([]), report([check({ resource: 'canary' })], {}, 'secrets')]),
  )
  expect(findings).toMatchObject([{ category: 'secrets', severity: 'high', message: 'open to the world' }])
})

test('checkov: files that were not parsed and failures that are not listed are errors', async () => {
  const text = JSON.stringify({ ...report([], { parsing_errors: ['/a.tf'] }), summary: { failed: 2 } })
  expect(messages(await read(text))).toEqual([
    'says that /a.tf could not be parsed',
    'states 2 failed checks of terraform and lists 0',
  ])
})

test('checkov: a run that found nothing to check is said', async () => {
  const totals = { passed: 0, failed: 0, skipped: 0, parsing_errors: 0, checkov_version: '3' }
  const answer = await read(JSON.stringify(totals))
  expect([answer.format, messages(answer), messages(answer, 'warning')]).toEqual([
    'checkov',
    [],
    ['says that there was nothing to check'],
  ])
  expect(messages(await read(JSON.stringify({ ...totals, failed: 1 }))).length).toBe(1)
})
