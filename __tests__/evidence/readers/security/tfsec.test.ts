import { expect, test } from '@jest/globals'
import { readFindings } from '../../reading.js'

const result = (more: object = {}): object => ({
  rule_id: 'AVD-AWS-0086',
  long_id: 'aws-s3-block-public-acls',
  description: 'no block',
  severity: 'HIGH',
  status: 0,
  links: ['https://tfsec.example/1'],
  resource: 'aws_s3_bucket.shop',
  location: { filename: '/r/main.tf', start_line: 1, end_line: 3 },
  ...more,
})

test('tfsec: failures count, ignored ones are suppressed, passed ones are none, other states count', async () => {
  const results = [0, 1, 2, 9, undefined].map((status) => result({ status }))
  const evidence = await readFindings(JSON.stringify({ results }))
  expect(evidence.findings[0]).toMatchObject({
    rule: 'aws-s3-block-public-acls',
    severity: 'high',
    message: 'no block (aws_s3_bucket.shop)',
    file: '/r/main.tf',
    line: 1,
    end_line: 3,
    url: 'https://tfsec.example/1',
  })
  expect([evidence.findings.length, evidence.suppressed]).toEqual([3, 1])
})

test('tfsec: null and nothing are none', async () => {
  expect((await readFindings('{"results":null}')).findings).toEqual([])
  expect((await readFindings('{"results":[]}', { format: 'tfsec' })).findings).toEqual([])
})
