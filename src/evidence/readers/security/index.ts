import type { Reader } from '../../reader.js'
import { gitleaksJson } from './gitleaks-json.js'
import { npmAudit } from './npm-audit.js'

/** Readers of what scanners write, in the order in which they are asked whether a report is theirs. */
export const security = [npmAudit, gitleaksJson] as const satisfies readonly Reader[]
