import { describe, expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const report = (results: unknown, more: object = {}): string =>
  JSON.stringify({ SchemaVersion: 2, ArtifactName: 'shop', ArtifactType: 'filesystem', Results: results, ...more })
const vulnerability = (more: object = {}): object => ({
  VulnerabilityID: 'CVE-2021-1',
  PkgName: 'x',
  InstalledVersion: '1',
  Severity: 'HIGH',
  Title: 'bad',
  ...more,
})
const target = (more: object): object => ({ Target: 'web/package-lock.json', Class: 'lang-pkgs', Type: 'npm', ...more })

describe('Trivy', () => {
  test('a vulnerability stands in its lock file, with package, versions and address', async () => {
    const one = vulnerability({ FixedVersion: '2', PrimaryURL: 'https://avd.example/1' })
    expect((await readFindings(report([target({ Vulnerabilities: [one] })]))).findings).toMatchObject([
      {
        category: 'vulnerabilities',
        rule: 'CVE-2021-1',
        severity: 'high',
        message: 'x 1: bad (fixed in 2)',
        file: 'web/package-lock.json',
        package: 'x',
        url: 'https://avd.example/1',
      },
    ])
  })

  test.each([
    ['CRITICAL', 'critical'],
    ['MEDIUM', 'medium'],
    ['LOW', 'low'],
    ['UNKNOWN', 'unknown'],
    ['', 'unknown'],
    ['DREADFUL', 'unknown'],
  ])('severity %j is %s', async (Severity, severity) => {
    const { findings } = await readFindings(report([target({ Vulnerabilities: [vulnerability({ Severity })] })]))
    expect(findings[0]?.severity).toBe(severity)
  })

  test('repeated is one, graded otherwise it is another', async () => {
    const list = [vulnerability(), vulnerability(), vulnerability({ Severity: 'CRITICAL' })]
    const evidence = await readFindings(report([target({ Vulnerabilities: list })]))
    expect(evidence.by_severity).toEqual({ high: 1, critical: 1 })
  })

  test('what is inside of an image is no file of the repository', async () => {
    const results = [
      { Target: 'shop (debian 12.1)', Class: 'os-pkgs', Vulnerabilities: [vulnerability()] },
      target({ Target: 'Node.js', Vulnerabilities: [vulnerability({ PkgPath: 'app/package.json' })] }),
    ]
    const { findings } = await readFindings(report(results, { ArtifactType: 'container_image' }))
    expect(findings.map(({ file, message }) => [file, message])).toEqual([
      [undefined, 'x 1 in shop: bad'],
      [undefined, 'x 1 in app/package.json: bad'],
    ])
  })

  test('passed checks are none, exceptions and modified findings are suppressed', async () => {
    const checks = ['PASS', 'EXCEPTION', 'FAIL', undefined].map((Status, i) => ({
      ID: `${i}`,
      Severity: 'LOW',
      Status,
    }))
    const evidence = await readFindings(
      report([{ Target: 'Dockerfile', Misconfigurations: checks, ExperimentalModifiedFindings: [{}] }]),
    )
    expect([evidence.findings.length, evidence.suppressed]).toEqual([2, 2])
  })

  test('failures that are stated and not listed are an error', async () => {
    const answer = await read(
      report([{ Target: 'Dockerfile', MisconfSummary: { Failures: 2 }, Misconfigurations: null }]),
    )
    expect(messages(answer)).toEqual(['states 2 misconfigurations of a target and lists 0'])
  })

  test('of a secret only rule and place are taken, and only then it says something of secrets', async () => {
    const Secrets = [{ RuleID: 'aws', Severity: 'CRITICAL', Title: 'AWS', StartLine: 3, EndLine: 3, Match: 'canary' }]
    const evidence = await readFindings(report([{ Target: 'a.sh', Class: 'secret', Secrets }]))
    expect(evidence.findings).toMatchObject([{ category: 'secrets', rule: 'aws', file: 'a.sh', line: 3 }])
    expect(JSON.stringify(evidence)).not.toContain('canary')
    expect((await readFindings(report([]))).categories).toEqual(['vulnerabilities'])
  })

  test('a scan without results found nothing; of the older list that is null or empty', async () => {
    expect((await readFindings(report(undefined))).findings).toEqual([])
    expect((await readFindings('null\n', { path: 'trivy.json' })).findings).toEqual([])
    expect((await readFindings('[]', { path: 'trivy.json' })).findings).toEqual([])
    expect((await read('null')).evidence).toBeNull()
    expect((await read('null', { path: 'eslint.json' })).evidence).toBeNull()
  })

  test('a resource of a cluster that could not be scanned is an error', async () => {
    const cluster = { ClusterName: 'c', Resources: [{ Namespace: 'n', Kind: 'Pod', Name: 'p', Error: 'no access' }] }
    expect(messages(await read(JSON.stringify(cluster)))).toEqual(['says that n/Pod/p could not be scanned: no access'])
  })

  test('another schema is refused', async () => {
    expect(messages(await read(report([], { SchemaVersion: 3 })))).toEqual(["is of Trivy's schema 3; 2 is read"])
  })
})
