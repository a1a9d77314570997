/**
 * Looks for keys that were written into files, because this example installs nothing. It reports as Gitleaks does, and
 * never repeats what it found; in a repository of yours, write `gitleaks dir . -f json -r reports/gitleaks.json` instead.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { placeOf, sources } from './sources.js'

const rules = [
  { id: 'aws-access-token', description: 'an access key of AWS', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { id: 'github-token', description: 'a token of GitHub', pattern: /\bgh[opsur]_[0-9A-Za-z]{36}\b/g },
  { id: 'private-key', description: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/g },
  { id: 'slack-token', description: 'a token of Slack', pattern: /\bxox[abps]-[0-9A-Za-z-]{20,}/g },
]

const leaks = sources(['.']).flatMap(({ path, text }) =>
  rules.flatMap(({ id, description, pattern }) =>
    [...text.matchAll(pattern)].map((match) => {
      const { line, column } = placeOf(text, match.index ?? 0)
      return {
        RuleID: id,
        Description: `${description} stands in a file of the repository`,
        File: path,
        StartLine: line,
        EndLine: line,
        StartColumn: column,
        EndColumn: column + match[0].length - 1,
        Match: 'REDACTED',
        Secret: 'REDACTED',
        Fingerprint: `${path}:${id}:${line}`,
      }
    }),
  ),
)
mkdirSync('reports', { recursive: true })
writeFileSync('reports/gitleaks.json', `${JSON.stringify(leaks, null, 2)}\n`)
process.exitCode = leaks.length > 0 ? 1 : 0
