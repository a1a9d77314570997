/** What a kind of token looks like, wherever it stands. None of them is longer than `longestToken`. */
export interface TokenShape {
  /** What it is called as the rule of a finding. */
  rule: string
  /** What it is, in words: `a token of GitHub`. */
  what: string
  /** With the flag `g`. */
  pattern: RegExp
}

/** Shapes that nothing but a token has. */
export const tokenShapes: readonly TokenShape[] = [
  // GitHub: classic, server (with dots since 2026), user, refresh and fine-grained tokens.
  { rule: 'github-token', what: 'a token of GitHub', pattern: /gh[pousr]_[A-Za-z0-9_.-]{20,255}/g },
  { rule: 'github-token', what: 'a token of GitHub', pattern: /github_pat_[A-Za-z0-9_]{22,255}/g },
  { rule: 'gitlab-token', what: 'a token of GitLab', pattern: /\bglpat-[A-Za-z0-9_.-]{20,255}/g },
  { rule: 'npm-token', what: 'a token of npm', pattern: /npm_[A-Za-z0-9]{36}/g },
  { rule: 'pypi-token', what: 'a token of PyPI', pattern: /\bpypi-AgE[A-Za-z0-9_-]{50,250}/g },
  { rule: 'aws-access-key-id', what: 'an access key of AWS', pattern: /\bA(?:KIA|SIA)[0-9A-Z]{16}\b/g },
  { rule: 'slack-token', what: 'a token of Slack', pattern: /xox[abposr]-[A-Za-z0-9-]{10,250}/g },
  { rule: 'api-key', what: 'a key of an API', pattern: /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,250}/g },
  { rule: 'google-api-key', what: 'a key of Google', pattern: /AIza[0-9A-Za-z_-]{35}\b/g },
  { rule: 'google-client-secret', what: 'a client secret of Google', pattern: /\bGOCSPX-[0-9A-Za-z_-]{28}\b/g },
  { rule: 'stripe-key', what: 'a live key of Stripe', pattern: /\b[sr]k_live_[A-Za-z0-9]{16,250}/g },
  { rule: 'sendgrid-key', what: 'a key of SendGrid', pattern: /\bSG\.[\w-]{22}\.[\w-]{43}\b/g },
  { rule: 'shopify-token', what: 'a token of Shopify', pattern: /\bshp(?:at|ca|pa|ss)_[A-Za-z0-9]{32,64}\b/g },
  { rule: 'docker-token', what: 'a token of Docker Hub', pattern: /\bdckr_pat_[\w-]{27}/g },
  { rule: 'huggingface-token', what: 'a token of Hugging Face', pattern: /\bhf_[A-Za-z]{34}\b/g },
  { rule: 'groq-key', what: 'a key of Groq', pattern: /\bgsk_[A-Za-z0-9]{52}\b/g },
  { rule: 'figma-token', what: 'a token of Figma', pattern: /\bfigd_[\w-]{40,200}/g },
  { rule: 'linear-key', what: 'a key of Linear', pattern: /\blin_api_[A-Za-z0-9]{32,128}\b/g },
  { rule: 'notion-token', what: 'a token of Notion', pattern: /\bntn_\d{11}[A-Za-z0-9]{35}\b/g },
  { rule: 'grafana-token', what: 'a token of Grafana', pattern: /\bglsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}\b/g },
  { rule: 'vault-token', what: 'a token of Vault', pattern: /\bhvs\.[\w-]{90,120}/g },
  { rule: 'databricks-token', what: 'a token of Databricks', pattern: /\bdapi[a-f0-9]{32}\b/g },
]

export const longestToken = 280

/** Whether a text is a token and nothing else. */
export const isToken = (text: string): boolean =>
  tokenShapes.some(({ pattern }) => text.replace(pattern, '') === '' && text !== '')
