import { describe, expect, test } from '@jest/globals'
import { walk } from '../support/walk.js'
import { eslint } from '../support/samples.js'

const audit = (high: number, moderate: number): string =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      [...Array<string>(high).fill('high'), ...Array<string>(moderate).fill('moderate')].map((severity, i) => [
        `p${i}`,
        {
          name: `p${i}`,
          severity,
          via: [{ source: i, name: `p${i}`, title: 't', url: `https://x/${i}`, severity, range: '<1' }],
          effects: [],
        },
      ]),
    ),
    metadata: { vulnerabilities: {} },
  })

describe('keys of the language that no other test runs', () => {
  test('a matrix with exclude and include gives its instances in order', async () => {
    const done = await walk(`t:
  matrix: { os: [a, b], node: [20, 24], exclude: [{ os: b, node: 20 }], include: [{ os: c, node: 24 }] }
  steps: [{ run: 'echo \${{ matrix.os }}\${{ matrix.node }}' }]`)
    expect(done.started.map(({ script }) => script)).toEqual(['echo a20', 'echo a24', 'echo b24', 'echo c24'])
  })

  test('inputs have descriptions, types and options', async () => {
    const text = `version: 1
name: walk
inputs:
  where: { type: choice, description: where to, options: [here, there], default: here }
  deep: { type: boolean, description: all of it }
stages: { t: { steps: [{ run: 'go \${{ inputs.where }} \${{ inputs.deep }}' }] } }`
    const done = await walk(text, { inputs: { where: 'there', deep: 'true' } })
    expect(done.started[0]?.script).toBe('go there true')
  })

  test('vulnerabilities are judged by severity', async () => {
    const judge = async (report: string, limits: string): Promise<string | undefined> => {
      const done = await walk(
        `t: { steps: [{ run: audit, reports: { stdout: npm-audit } }], gates: { vulnerabilities: ${limits} } }`,
        { scripts: { audit: { stdout: report, code: 1 } } },
      )
      return done.outcome.verdicts[0]?.status
    }
    expect(await judge(audit(0, 5), '{}')).toBe('pass')
    expect(await judge(audit(0, 6), '{}')).toBe('fail')
    expect(await judge(audit(1, 0), '{}')).toBe('fail')
    expect(await judge(audit(1, 2), '{ critical: 0, high: 1, medium: 2, low: 0 }')).toBe('pass')
    expect(await judge(audit(1, 2), '{ high: 1, medium: 1 }')).toBe('fail')
  })

  test('format and category say what a report does not', async () => {
    const done = await walk(
      `t:
  steps: [{ run: lint, reports: { path: out.json, format: eslint-json, category: secrets } }]
  gates: { secrets: { any: 1 }, lint: off }`,
      { scripts: (files) => ({ lint: { code: 1, does: () => files.write('out.json', eslint(2)) } }) },
    )
    expect(done.outcome.verdicts.map((v) => [v.gate, v.status])).toEqual([['secrets', 'fail']])
  })
})
