import { expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const issue = (more: object = {}): object => ({
  severity: 'MEDIUM',
  rule_id: 'G204',
  details: 'a subprocess',
  file: '/r/main.go',
  line: '12-14',
  column: '2',
  code: 'canary',
  cwe: { url: 'https://cwe.example/78' },
  nosec: false,
  suppressions: null,
  ...more,
})
const report = (issues: unknown, stats: object = {}, more: object = {}): string =>
  JSON.stringify({ 'Golang errors': {}, Issues: issues, Stats: { found: 0, nosec: 0, ...stats }, ...more })

test('gosec: place, severity, not the code; what is suppressed in the source', async () => {
  const list = [issue(), issue({ nosec: true }), issue({ suppressions: [{ kind: 'inSource' }] })]
  const evidence = await readFindings(report(list, { nosec: 2 }))
  expect(evidence.findings).toMatchObject([
    {
      rule: 'G204',
      severity: 'medium',
      file: '/r/main.go',
      line: 12,
      end_line: 14,
      column: 2,
      url: 'https://cwe.example/78',
    },
  ])
  expect(evidence.suppressed).toBe(2)
  expect(JSON.stringify(evidence)).not.toContain('canary')
})

test('gosec: suppressed ones that are only counted', async () => {
  expect(await readFindings(report(null, { nosec: 3 }))).toMatchObject({ findings: [], suppressed: 3 })
})

test('gosec: a run over no file is said', async () => {
  expect(messages(await read(report([], { files: 0 })), 'warning')).toEqual(['says that no file was scanned'])
})

test('gosec: issues that are stated and not listed, and packages that did not compile, are errors', async () => {
  expect(messages(await read(report([], { found: 2 })))).toEqual(['states 2 issues and lists 0'])
  const broken = report([], {}, { 'Golang errors': { 'a.go': [{ error: 'undefined: x' }] } })
  expect(messages(await read(broken))).toEqual(['says that a.go did not compile: undefined: x'])
})
