import { describe, expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const bom = (vulnerabilities: unknown, more: object = {}): string =>
  JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', vulnerabilities, ...more })
const vulnerability = (more: object = {}): object => ({
  id: 'CVE-1',
  description: 'bad',
  affects: [{ ref: 'r' }],
  ...more,
})
const components = [{ 'bom-ref': 'r', group: '@g', name: 'x', version: '1' }]

describe('CycloneDX', () => {
  test('one finding an affected component, by reference, link or package URL', async () => {
    const affects = ['r', 'urn:cdx:11-22/1#in', 'pkg:npm/y@2', 'r'].map((ref) => ({ ref }))
    const nested = [{ ...components[0], components: [{ 'bom-ref': 'in', name: 'inner' }] }]
    const { findings } = await readFindings(bom([vulnerability({ affects })], { components: nested }))
    expect(findings.map(({ message }) => message)).toEqual(['@g/x 1: bad', 'inner: bad', 'y 2: bad'])
  })

  test.each([
    ['not_affected', 0],
    ['false_positive', 0],
    ['resolved', 0],
    ['resolved_with_pedigree', 0],
    ['exploitable', 1],
    ['in_triage', 1],
    ['whatever', 1],
  ])('the state %s of an analysis shows %d', async (state, count) => {
    const evidence = await readFindings(bom([vulnerability({ analysis: { state } })], { components }))
    expect([evidence.findings.length, evidence.suppressed]).toEqual([count, 1 - count])
  })

  test('a component whose versions are all unaffected is suppressed', async () => {
    const of = (...states: string[]) => [{ ref: 'r', versions: states.map((status) => ({ version: '1', status })) }]
    const list = [
      vulnerability({ affects: of('unaffected') }),
      vulnerability({ affects: of('unaffected', 'affected') }),
    ]
    const evidence = await readFindings(bom(list, { components }))
    expect([evidence.findings.length, evidence.suppressed]).toEqual([1, 1])
  })

  test.each([
    [[{ severity: 'low' }, { severity: 'critical' }], 'critical'],
    [[{ score: 7.2, method: 'CVSSv31' }], 'high'],
    [[{ score: 9, method: 'OWASP' }], 'unknown'],
    [[{ vector: 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N', method: 'CVSSv31' }], 'low'],
    [undefined, 'unknown'],
  ])('ratings %j are %s', async (ratings, severity) => {
    expect((await readFindings(bom([vulnerability({ ratings })]))).findings[0]?.severity).toBe(severity)
  })

  test('a list of parts alone says nothing of vulnerabilities', async () => {
    const report = await read(bom(undefined, { components }))
    expect([report.evidence, messages(report).length]).toEqual([null, 1])
    expect((await readFindings(bom([]))).findings).toEqual([])
  })

  test('components may nest deeply', async () => {
    const depth = 20_000
    const deep = `${'{"components":['.repeat(depth)}${']}'.repeat(depth)}`
    const text = `{"bomFormat":"CycloneDX","vulnerabilities":[],"components":[${deep}]}`
    expect((await readFindings(text)).findings).toEqual([])
  })
})
