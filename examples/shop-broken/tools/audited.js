/**
 * Says whether the stored audit is of this lock file: as many packages, and each vulnerable one is locked. The audit is
 * stored because this example works without a network; in a repository of yours, write `npm audit --json` instead.
 */
import { readFileSync } from 'node:fs'

const read = (/** @type {string} */ path) => JSON.parse(readFileSync(path, 'utf8'))
const audit = read('audit/npm-audit.json')
const locked = Object.keys(read('package-lock.json').packages).filter((path) => path !== '')
const strangers = Object.keys(audit.vulnerabilities).filter((name) => !locked.includes(`node_modules/${name}`))

if (audit.metadata.dependencies.total === locked.length && strangers.length === 0)
  process.stdout.write(`${locked.length} locked packages are audited\n`)
else {
  process.stderr.write('package-lock.json changed since: run `npm audit --json > audit/npm-audit.json`\n')
  process.exitCode = 3
}
