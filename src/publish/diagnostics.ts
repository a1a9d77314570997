import { sha256 } from '../base/hash.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { document } from './sarif-document.js'
import type { Remark } from './sarif-document.js'
import { repositoryUri } from './places.js'

/** Mistakes in workflow files as SARIF 2.1.0, each at its line and columns, the hint after the message. */
export function diagnosticsSarif(problems: readonly Diagnostic[]): string {
  const remarks = problems.map(remarkOf)
  return document(new Map([['wf validate', remarks]]), [], { results: 25_000, fallback: '.github/wf.yml' })
}

function remarkOf({ code, level, message, hint, place }: Diagnostic): Remark {
  const uri = place && repositoryUri(place.file)
  const region = place && {
    startLine: place.line,
    startColumn: place.column,
    endLine: place.line,
    endColumn: place.column + place.length,
  }
  const key = [code, place?.file ?? '', place?.source.trim() ?? '', message].join('\n')
  return {
    rule: code,
    gate: 'workflow',
    level,
    severity: level,
    message: hint === undefined ? message : `${message} (${hint})`,
    uri,
    region,
    fingerprint: sha256(key).slice(0, 16),
  }
}
