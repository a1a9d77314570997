import type { Reader } from '../../reader.js'
import { banditText } from './bandit-text.js'
import { bandit } from './bandit.js'
import { cargoAudit } from './cargo-audit.js'
import { checkov } from './checkov.js'
import { cyclonedx } from './cyclonedx.js'
import { dependencyCheck } from './dependency-check.js'
import { detectSecrets } from './detect-secrets.js'
import { githubAlerts } from './github-alerts.js'
import { gitleaksJson } from './gitleaks-json.js'
import { gosec } from './gosec.js'
import { govulncheck } from './govulncheck.js'
import { grype } from './grype.js'
import { npmAudit } from './npm-audit.js'
import { osvScanner } from './osv-scanner.js'
import { pipAudit } from './pip-audit.js'
import { safety } from './safety.js'
import { semgrep } from './semgrep.js'
import { snyk } from './snyk.js'
import { tfsec } from './tfsec.js'
import { trivy } from './trivy.js'
import { trufflehog } from './trufflehog.js'
import { yarnAudit } from './yarn-audit.js'

/** Readers of what scanners write, in the order in which they are asked whether a report is theirs. */
export const security = [
  npmAudit,
  yarnAudit,
  trivy,
  grype,
  snyk,
  cyclonedx,
  cargoAudit,
  govulncheck,
  dependencyCheck,
  safety,
  bandit,
  banditText,
  semgrep,
  osvScanner,
  pipAudit,
  gosec,
  checkov,
  tfsec,
  gitleaksJson,
  trufflehog,
  detectSecrets,
  githubAlerts,
] as const satisfies readonly Reader[]
