import { expect, test } from '@jest/globals'
import type { Log } from 'sarif'
import { error } from '../../src/base/diagnostic.js'
import { diagnosticsSarif } from '../../src/publish/diagnostics.js'

test('mistakes in a workflow file are results at their line and columns, with the hint', () => {
  const place = { file: '.github/wf.yml', line: 4, column: 7, length: 5, source: '      neeeds: build' }
  const problems = [
    error('unknown-key', 'there is no key `neeeds`', { hint: 'did you mean `needs`?', place }),
    error('no-file', 'there is no workflow file', { level: 'warning' }),
  ]
  const log = JSON.parse(diagnosticsSarif(problems)) as Log
  const [run] = log.runs
  expect(run?.tool.driver.name).toBe('wf validate')
  expect(run?.results?.[0]).toMatchObject({
    ruleId: 'unknown-key',
    level: 'error',
    message: { text: 'there is no key `neeeds` (did you mean `needs`?)' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: '.github/wf.yml' },
          region: { startLine: 4, startColumn: 7, endLine: 4, endColumn: 12 },
        },
      },
    ],
  })
  expect(run?.results?.[1]).toMatchObject({ ruleId: 'no-file', level: 'warning' })
  expect((JSON.parse(diagnosticsSarif([])) as Log).runs[0]?.results).toEqual([])
})
