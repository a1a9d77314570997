import { describe, expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const config = (more: object = {}): object => ({
  config: { protocol_version: 'v1.0.0', scanner_name: 'govulncheck', ...more },
})
const frame = { module: 'golang.org/x/text', version: 'v0.3.5' }
const finding = (osv: string, ...trace: object[]): object => ({ finding: { osv, fixed_version: 'v0.3.7', trace } })
const called = finding(
  'GO-1',
  { ...frame, package: 'golang.org/x/text/language', receiver: 'Tag', function: 'Parse' },
  { module: 'example.com/shop', function: 'main', position: { filename: 'cmd/main.go', line: 18, column: 2 } },
)
const stream = (...documents: object[]): string => documents.map((one) => `${JSON.stringify(one, null, 2)}\n`).join('')

describe('govulncheck', () => {
  test('what is called counts once, at the place of the call; what is only there is suppressed', async () => {
    const osv = { osv: { id: 'GO-1', summary: 'Out of bounds', database_specific: {} } }
    const imported = finding('GO-2', { ...frame, package: 'golang.org/x/text/language' })
    const text = stream(config(), osv, finding('GO-1', frame), called, called, finding('GO-3', frame), imported)
    const evidence = await readFindings(text)
    expect(evidence.findings).toMatchObject([
      {
        rule: 'GO-1',
        severity: 'unknown',
        message:
          'golang.org/x/text v0.3.5: Out of bounds; golang.org/x/text/language.Tag.Parse is called (fixed in v0.3.7)',
        file: 'cmd/main.go',
        line: 18,
        package: 'golang.org/x/text',
        url: 'https://pkg.go.dev/vuln/GO-1',
      },
    ])
    expect(evidence.suppressed).toBe(2)
  })

  test.each([
    ['module', 2, 0],
    ['package', 1, 1],
    ['symbol', 0, 2],
  ])('a scan of level %s counts %d and suppresses %d', async (scan_level, count, suppressed) => {
    const imported = finding('GO-2', { ...frame, package: 'golang.org/x/text/language' })
    const evidence = await readFindings(stream(config({ scan_level }), finding('GO-1', frame), imported))
    expect([evidence.findings.length, evidence.suppressed]).toEqual([count, suppressed])
  })

  test('a document a line is read too', async () => {
    const text = [config(), called].map((one) => JSON.stringify(one)).join('\n')
    expect((await readFindings(text)).findings.length).toBe(1)
  })

  test('a finding that cannot be read, and another document, are errors', async () => {
    const text = stream(config(), { finding: { osv: 'GO-1' } })
    expect(messages(await read(text))).toEqual(['holds a finding without an advisory or trace'])
    expect(messages(await read(stream(config(), { other: {} })))).toEqual([
      'holds a document that is none of govulncheck',
    ])
  })
})
