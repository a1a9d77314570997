/** What a kind of token looks like, wherever it stands. None of them is longer than `longestToken`. */
export interface TokenShape {
  /** What it is called as the rule of a finding. */
  rule: string
  /** What it is, in words: `a token of GitHub`. */
  what: string
  /** One of these stands in each of them. */
  marks: readonly string[]
  /** With the flag `g`. */
  pattern: RegExp
}

/** Shapes that nothing but a token has. */
export const tokenShapes: readonly TokenShape[] = [
  // GitHub: classic, server (with dots since 2026), user, refresh and fine-grained tokens.
  {
    rule: 'github-token',
    what: 'a token of GitHub',
    marks: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: /gh[pousr]_[A-Za-z0-9_.-]{20,255}/g,
  },
  {
    rule: 'github-token',
    what: 'a token of GitHub',
    marks: ['github_pat_'],
    pattern: /github_pat_[A-Za-z0-9_]{22,255}/g,
  },
  // GitLab: of persons, runners, deployments, triggers, jobs, SCIM, feeds, mail, agents and applications.
  {
    rule: 'gitlab-token',
    what: 'a token of GitLab',
    marks: ['glpat-', 'glrt-', 'gldt-', 'glptt-', 'glcbt-', 'glsoat-', 'glft-', 'glimt-', 'glagent-', 'gloas-'],
    pattern: /\bgl(?:pat|rt|dt|ptt|cbt|soat|ft|imt|agent|oas)-[A-Za-z0-9_.-]{20,255}/g,
  },
  { rule: 'npm-token', what: 'a token of npm', marks: ['npm_'], pattern: /npm_[A-Za-z0-9]{36}/g },
  { rule: 'pypi-token', what: 'a token of PyPI', marks: ['pypi-AgE'], pattern: /\bpypi-AgE[A-Za-z0-9_-]{50,250}/g },
  {
    rule: 'aws-access-key-id',
    what: 'an access key of AWS',
    marks: ['AKIA', 'ASIA'],
    pattern: /\bA(?:KIA|SIA)[0-9A-Z]{16}\b/g,
  },
  {
    rule: 'slack-token',
    what: 'a token of Slack',
    marks: ['xoxa-', 'xoxb-', 'xoxp-', 'xoxo-', 'xoxs-', 'xoxr-'],
    pattern: /xox[abposr]-[A-Za-z0-9-]{10,250}/g,
  },
  {
    rule: 'slack-token',
    what: 'a token of Slack',
    marks: ['xapp-'],
    pattern: /\bxapp-\d-[A-Z0-9]{8,20}-\d{8,20}-[a-f0-9]{32,128}/g,
  },
  {
    rule: 'slack-webhook',
    what: 'an address that posts to Slack',
    marks: ['hooks.slack.com/'],
    pattern:
      /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Z0-9]{6,20}\/[A-Z0-9]{6,40}\/[A-Za-z0-9]{16,64}/g,
  },
  {
    rule: 'discord-webhook',
    what: 'an address that posts to Discord',
    marks: ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    pattern: /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{15,21}\/[\w-]{60,80}/g,
  },
  { rule: 'api-key', what: 'a key of an API', marks: ['sk-'], pattern: /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,250}/g },
  { rule: 'google-api-key', what: 'a key of Google', marks: ['AIza'], pattern: /AIza[0-9A-Za-z_-]{35}\b/g },
  {
    rule: 'google-client-secret',
    what: 'a client secret of Google',
    marks: ['GOCSPX-'],
    pattern: /\bGOCSPX-[0-9A-Za-z_-]{28}\b/g,
  },
  {
    rule: 'google-access-token',
    what: 'an access token of Google',
    marks: ['ya29.'],
    pattern: /\bya29\.[\w-]{60,250}/g,
  },
  {
    rule: 'stripe-key',
    what: 'a live key of Stripe',
    marks: ['sk_live_', 'rk_live_'],
    pattern: /\b[sr]k_live_[A-Za-z0-9]{16,250}/g,
  },
  { rule: 'sendgrid-key', what: 'a key of SendGrid', marks: ['SG.'], pattern: /\bSG\.[\w-]{22}\.[\w-]{43}\b/g },
  {
    rule: 'shopify-token',
    what: 'a token of Shopify',
    marks: ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    pattern: /\bshp(?:at|ca|pa|ss)_[A-Za-z0-9]{32,64}\b/g,
  },
  {
    rule: 'docker-token',
    what: 'a token of Docker Hub',
    marks: ['dckr_pat_', 'dckr_oat_'],
    pattern: /\bdckr_[po]at_[\w-]{27,32}/g,
  },
  { rule: 'huggingface-token', what: 'a token of Hugging Face', marks: ['hf_'], pattern: /\bhf_[A-Za-z]{34}\b/g },
  { rule: 'groq-key', what: 'a key of Groq', marks: ['gsk_'], pattern: /\bgsk_[A-Za-z0-9]{52}\b/g },
  { rule: 'figma-token', what: 'a token of Figma', marks: ['figd_'], pattern: /\bfigd_[\w-]{40,200}/g },
  { rule: 'linear-key', what: 'a key of Linear', marks: ['lin_api_'], pattern: /\blin_api_[A-Za-z0-9]{32,128}\b/g },
  {
    rule: 'notion-token',
    what: 'a token of Notion',
    marks: ['ntn_', 'secret_'],
    pattern: /\b(?:ntn_\d{11}[A-Za-z0-9]{35}|secret_[A-Za-z0-9]{43})\b/g,
  },
  {
    rule: 'grafana-token',
    what: 'a token of Grafana',
    marks: ['glsa_'],
    pattern: /\bglsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}\b/g,
  },
  {
    rule: 'grafana-token',
    what: 'a token of Grafana',
    marks: ['glc_eyJ'],
    pattern: /\bglc_eyJ[A-Za-z0-9+/]{32,400}={0,2}/g,
  },
  {
    rule: 'vault-token',
    what: 'a token of Vault',
    marks: ['hvs.', 'hvb.', 'hvr.'],
    pattern: /\bhv[sbr]\.[\w-]{90,300}/g,
  },
  { rule: 'databricks-token', what: 'a token of Databricks', marks: ['dapi'], pattern: /\bdapi[a-f0-9]{32}\b/g },
  {
    rule: '1password-token',
    what: 'a token of 1Password',
    marks: ['ops_eyJ'],
    pattern: /\bops_eyJ[A-Za-z0-9+/=_-]{100,1280}/g,
  },
  {
    rule: '1password-key',
    what: 'a secret key of 1Password',
    marks: ['A3-'],
    pattern: /\bA3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}\b/g,
  },
  {
    rule: 'vercel-token',
    what: 'a token of Vercel',
    marks: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'],
    pattern: /\bvc[piark]_[A-Za-z0-9]{20,60}\b/g,
  },
  {
    rule: 'digitalocean-token',
    what: 'a token of DigitalOcean',
    marks: ['doo_v1_', 'dop_v1_', 'dor_v1_'],
    pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/g,
  },
  { rule: 'twilio-key', what: 'a key of Twilio', marks: ['SK'], pattern: /\bSK[a-f0-9]{32}\b/g },
  {
    rule: 'telegram-token',
    what: 'a token of a bot of Telegram',
    marks: [':AA'],
    pattern: /\b\d{8,10}:AA[\w-]{33}\b/g,
  },
  { rule: 'rubygems-key', what: 'a key of RubyGems', marks: ['rubygems_'], pattern: /\brubygems_[a-f0-9]{48}\b/g },
  {
    rule: 'crates-token',
    what: 'a token of crates.io',
    marks: ['cio'],
    pattern: /\bcio(?=[A-Za-z]{0,31}\d)[A-Za-z0-9]{32}\b/g,
  },
  { rule: 'xai-key', what: 'a key of xAI', marks: ['xai-'], pattern: /\bxai-[A-Za-z0-9]{70,100}\b/g },
  { rule: 'perplexity-key', what: 'a key of Perplexity', marks: ['pplx-'], pattern: /\bpplx-[A-Za-z0-9]{40,64}\b/g },
  { rule: 'replicate-token', what: 'a token of Replicate', marks: ['r8_'], pattern: /\br8_[A-Za-z0-9]{37}\b/g },
  {
    rule: 'azure-secret',
    what: 'a client secret of Azure',
    marks: ['Q~'],
    pattern: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~-])/g,
  },
  {
    rule: 'terraform-token',
    what: 'a token of HCP Terraform',
    marks: ['atlasv1.'],
    pattern: /\batlasv1\.[\w-]{60,70}\b/g,
  },
  { rule: 'heroku-key', what: 'a key of Heroku', marks: ['HRKU-AA'], pattern: /\bHRKU-AA[\w-]{40,64}/g },
  { rule: 'pulumi-token', what: 'a token of Pulumi', marks: ['pul-'], pattern: /\bpul-[a-f0-9]{40}\b/g },
  {
    rule: 'doppler-token',
    what: 'a token of Doppler',
    marks: ['dp.pt.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    pattern: /\bdp\.(?:pt|ct|sa|scim|audit)\.[A-Za-z0-9]{40,44}\b/g,
  },
  {
    rule: 'doppler-token',
    what: 'a token of Doppler',
    marks: ['dp.st.'],
    pattern: /\bdp\.st\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}\b/g,
  },
  { rule: 'new-relic-key', what: 'a key of New Relic', marks: ['NRAK-'], pattern: /\bNRAK-[A-Z0-9]{27}\b/g },
  {
    rule: 'sentry-token',
    what: 'a token of Sentry',
    marks: ['sntryu_', 'sntrys_eyJ'],
    pattern: /\bsntry(?:u_[a-f0-9]{64}\b|s_eyJ[A-Za-z0-9+/=_]{60,250})/g,
  },
  { rule: 'postman-key', what: 'a key of Postman', marks: ['PMAK-'], pattern: /\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}\b/g },
  { rule: 'atlassian-token', what: 'a token of Atlassian', marks: ['ATATT3'], pattern: /\bATATT3[\w=-]{60,250}/g },
  { rule: 'age-key', what: 'a key of age', marks: ['AGE-SECRET-KEY-1'], pattern: /\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b/g },
  { rule: 'supabase-token', what: 'a token of Supabase', marks: ['sbp_'], pattern: /\bsbp_[a-f0-9]{40}\b/g },
  {
    rule: 'planetscale-token',
    what: 'a token of PlanetScale',
    marks: ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'],
    pattern: /\bpscale_(?:tkn|pw|oauth)_[\w.=-]{32,64}/g,
  },
]

/** Any of them: one pass over a text costs half of what one for each does. */
export const anyToken = new RegExp(tokenShapes.map(({ pattern }) => pattern.source).join('|'), 'g')

const anyMark = new RegExp(
  [...new Set(tokenShapes.flatMap(({ marks }) => marks))].map((one) => one.replace(/[.]/g, '\\$&')).join('|'),
)

/** False only where no token is: a text is searched for plain words several times as fast as for shapes. */
export const mayHoldToken = (text: string): boolean => anyMark.test(text)

export const longestToken = 1300

/** Whether a text is a token and nothing else. */
export const isToken = (text: string): boolean =>
  tokenShapes.some(({ pattern }) => text.replace(pattern, '') === '' && text !== '')
