import { expect, test } from '@jest/globals'
import { fixture, messages, read, readFindings } from './reading.js'

/** Of each tool what it found: severity, rule, place and the beginning of the message. */
const found: Record<string, string[]> = {
  'checkstyle-10.21.xml': [
    'error JavadocPackageCheck shop/Cart.java:1 Missing package-info.java file.',
    "error AvoidStarImportCheck shop/Cart.java:3:17 Using the '.*' form of import should be avoided - java.util.*.",
    "error MemberNameCheck shop/Cart.java:7:15 Name 'Total' must match pattern '^[a-z][a-zA-Z0-9]*$'.",
    "error braces shop/Cart.java:10:5 'if' construct must use '{}'s.",
    'note FileTabCharacterCheck shop/Cart.java:12:1 File contains tab characters (this is the first instance).',
    'warning LineLengthCheck shop/Cart.java:15 Line is longer than 100 characters (found 142).',
  ],
  'dependency-check-12.1.json': [
    'high CVE-2099-0001 /home/runner/.m2/repository/commons-io/commons-io/2.4/commons-io-2.4.jar commons-io/commons-io 2.4: an advisory of our own about commons io',
    'medium CVE-2099-0002 /home/runner/.m2/repository/commons-io/commons-io/2.4/commons-io-2.4.jar commons-io/commons-io 2.4: an older advisory of our own',
  ],
  'grype-0.110.json': [
    'critical GHSA-gggg-hhhh-jjjj package-lock.json debug 2.6.8: an advisory of our own about debug (fixed in 2.6.9)',
    'high GHSA-aaaa-bbbb-cccc package-lock.json ms 2.0.0: an advisory of our own about ms (fixed in 2.1.0)',
  ],
  'grype-0.110-cyclonedx.json': [
    'critical GHSA-gggg-hhhh-jjjj package-lock.json debug 2.6.8: an advisory of our own about debug',
    'high GHSA-aaaa-bbbb-cccc package-lock.json ms 2.0.0: an advisory of our own about ms',
  ],
  'npm-6.14-audit.json': [
    'high 1001 nowhere ms (<2.1.0): an advisory of our own about ms',
    'medium 1002 nowhere minimist (<=99): an advisory of our own about minimist',
  ],
  'osv-scanner-2.2.json': [
    'low GHSA-dddd-eeee-ffff package-lock.json minimist 1.2.0: an advisory of our own about minimist',
    'high GHSA-aaaa-bbbb-cccc package-lock.json ms 2.0.0: an advisory of our own about ms',
  ],
  'reviewdog-0.20.jsonl': ['warning b cart.c:2:2 no b', 'note shop-lint cart.c the whole file'],
  'reviewdog-0.20-efm.jsonl': ['warning own cart.c:2:1 no b [-Wb]', 'error own cart.c:3 off <by> one'],
  'safety-3.2.json': ['unknown CVE-2099-0002 nowhere idna 3.4: an advisory of our own about idna'],
  'semgrep-1.182.sarif': [
    'warning no-print cart.py:5:5 use the log',
    'error eval-of-input cart.py:7:12 `eval` of text runs what others write',
    'note todo cart.py:11:3 a note',
  ],
  'snyk-1.668-all.json': [
    'high SNYK-JS-MS-1 package-lock.json ms 2.0.0: an advisory of our own about ms (fixed in 2.1.0)',
    'medium SNYK-JS-MINIMIST-2 package-lock.json minimist 1.2.0: an advisory of our own about minimist',
  ],
  'trivy-0.69.json': [
    'medium CVE-2099-0002 package-lock.json minimist 1.2.0: an advisory of our own about minimist (fixed in 1.2.6)',
    'high CVE-2099-0001 package-lock.json ms 2.0.0: an advisory of our own about ms (fixed in 2.1.0)',
    "medium DS-0001 Dockerfile:1 Specify a tag in the 'FROM' statement for image 'node'",
    'high DS-0002 Dockerfile Specify at least 1 USER command in Dockerfile with non-root user as argument',
    "low DS-0005 Dockerfile:2 Consider using 'COPY . /app' command instead of 'ADD . /app'",
    'low DS-0026 Dockerfile Add HEALTHCHECK instruction in your Dockerfile',
    'high AWS-0026 infra/main.tf:1 EBS volume is not encrypted.',
    'low AWS-0027 infra/main.tf:1 EBS volume does not use a customer-managed KMS key.',
    'critical aws-access-key-id config.py:4 AWS Access Key ID',
    'critical github-pat config.py:7 GitHub Personal Access Token',
    'high licence:GPL-3.0-only package-lock.json copyleft: licence GPL-3.0-only (restricted)',
    'low licence:MIT package-lock.json debug: licence MIT (notice)',
    'low licence:MIT package-lock.json minimist: licence MIT (notice)',
    'low licence:MIT package-lock.json ms: licence MIT (notice)',
  ],
  'trufflehog-3.90-git.ndjson': [
    'high Github src/config.py:7 a secret of the kind Github',
    'high AWS src/config.py:4 a secret of the kind AWS',
    'high URI src/config.py:6 a secret of the kind URI',
  ],
}

test.each(Object.entries(found))('%s', async (name, wanted) => {
  const { findings } = await readFindings(fixture(name), { path: name })
  const told = findings.map((one) => {
    const place = [one.file?.replace('/home/runner/work/shop/shop/', '') ?? 'nowhere', one.line, one.column]
    return `${one.severity} ${one.rule} ${place.filter((part) => part !== undefined).join(':')} ${one.message}`
  })
  expect(told).toEqual(wanted)
})

test.each([
  ['grype-0.110.json', 1],
  ['semgrep-1.182.sarif', 1],
  ['trivy-0.69-suppressed.json', 1],
])('%s has told the tool to pass over %d', async (name, suppressed) => {
  expect((await readFindings(fixture(name), { path: name })).suppressed).toBe(suppressed)
})

test('findings that a tool gives equal fingerprints stay apart', async () => {
  const { findings } = await readFindings(fixture('semgrep-1.182.sarif'))
  expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(3)
})

test('that TruffleHog could not read what it was to look through is an error, although it ends with 0', async () => {
  expect(messages(await read(fixture('trufflehog-3.90-gone.ndjson')))).toEqual([
    'says: encountered errors during scan: lstat gone: no such file or directory',
  ])
})

test('a test of Snyk that could not be done is an error that says why', async () => {
  expect(messages(await read(fixture('snyk-1.668-error.json')))[0]).toContain('Could not detect supported target files')
})

test('files that Checkov could not parse are an error where only its summary tells of them', async () => {
  const report = await read(fixture('checkov-3.3-quiet.json'))
  expect(messages(report)).toEqual(['says that 1 file of terraform could not be parsed'])
  expect(report.evidence).toMatchObject({
    suppressed: 1,
    findings: [{ file: 'main.tf', line: 1 }, { file: 'main.tf' }],
  })
})

test('of a secret in SARIF the rule is told, not what is quoted of its place', async () => {
  const { findings } = await readFindings(fixture('trivy-0.69.sarif'))
  expect(findings.filter(({ category }) => category === 'secrets')).toMatchObject([
    { severity: 'critical', message: 'AWS Access Key ID', line: 4 },
    { severity: 'critical', message: 'GitHub Personal Access Token', line: 7 },
  ])
})

test('an audit of npm 6 that could not ask is an error, never clean', async () => {
  expect(messages(await read(fixture('npm-6.14-audit-error.json')))[0]).toContain('says that the audit failed')
})
