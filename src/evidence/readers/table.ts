import type { Format } from '../../language/formats.js'
import type { Reader } from '../reader.js'
import { cobertura } from './cobertura.js'
import { eslintJson } from './eslint-json.js'
import { gitleaksJson } from './gitleaks-json.js'
import { junit } from './junit.js'
import { lcov } from './lcov.js'
import { npmAudit } from './npm-audit.js'
import { pyrightJson } from './pyright-json.js'
import { ruffJson } from './ruff-json.js'
import { sarif } from './sarif.js'
import { tap } from './tap.js'
import { tsc } from './tsc.js'

/** All readers, in the order in which they are asked whether a report is theirs; a format without a reader does not compile. */
export const readers: Readonly<Record<Format, Reader>> = {
  junit,
  cobertura,
  sarif,
  'eslint-json': eslintJson,
  'ruff-json': ruffJson,
  'pyright-json': pyrightJson,
  'npm-audit': npmAudit,
  'gitleaks-json': gitleaksJson,
  lcov,
  tap,
  tsc,
}
