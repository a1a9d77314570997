import { describe, expect, test } from '@jest/globals'
import { Buffer } from 'node:buffer'
import { findSecrets } from '../../../src/evidence/collectors/secrets/find.js'

/** Looks like chance, is the same at every run, and stands nowhere as it is, so that no scanner takes this file for a leak. */
function noise(length: number, letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'): string {
  let seed = 42
  return Array.from({ length }, () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return letters[Math.floor((seed / 2 ** 31) * letters.length)]
  }).join('')
}
const web = (text: string): string => Buffer.from(text).toString('base64url')
const jwt = `${web('{"alg":"HS256","typ":"JWT"}')}.${web('{"sub":"someone","iat":1}')}.${noise(43)}`
const github = `ghp_${noise(36)}`
const [digits, hex] = ['9753186420', '0123456789abcdef']
const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

describe('a secret', () => {
  test.each([
    ['github-token', github],
    ['github-token', `ghs_${noise(20)}.${noise(30)}.${noise(30)}`],
    ['github-token', `ghs_1234_${jwt}`],
    ['github-token', `github_pat_${noise(22)}_${noise(59)}`],
    ['gitlab-token', `glpat-${noise(20)}`],
    ['npm-token', `//host/:_authToken=npm_${noise(36)}`],
    ['slack-token', `xoxb-${noise(12, '9753186420')}-${noise(24)}`],
    ['api-key', `sk-ant-api03-${noise(80)}`],
    ['google-api-key', `AIza${noise(35)}`],
    ['google-client-secret', `GOCSPX-${noise(28)}`],
    ['stripe-key', `sk_live_${noise(24)}`],
    ['sendgrid-key', `SG.${noise(22)}.${noise(43)}`],
    ['shopify-token', `shpat_${noise(32, '0123456789abcdef')}`],
    ['docker-token', `dckr_pat_${noise(27)}`],
    ['huggingface-token', `hf_${noise(34, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')}`],
    ['groq-key', `gsk_${noise(52)}`],
    ['figma-token', `figd_${noise(40)}`],
    ['linear-key', `lin_api_${noise(40)}`],
    ['notion-token', `ntn_${noise(11, '9753186420')}${noise(35)}`],
    ['grafana-token', `glsa_${noise(32)}_${noise(8, '0123456789abcdef')}`],
    ['vault-token', `hvs.${noise(95)}`],
    ['databricks-token', `dapi${noise(32, '0123456789abcdef')}`],
    ['notion-token', `secret_${noise(43)}`],
    ['gitlab-token', `glrt-${noise(20)}`],
    ['slack-token', `xapp-1-A${noise(10, capitals)}-${noise(13, digits)}-${noise(64, hex)}`],
    ['slack-webhook', `https://hooks.slack.com/services/T${noise(8, capitals)}/B${noise(8, capitals)}/${noise(24)}`],
    ['discord-webhook', `https://discord.com/api/webhooks/${noise(18, digits)}/${noise(68)}`],
    ['google-access-token', `ya29.${noise(120)}`],
    ['docker-token', `dckr_oat_${noise(32)}`],
    ['grafana-token', `glc_${web(`{"o":"1","k":"${noise(40)}"}`)}`],
    ['vault-token', `hvb.${noise(150)}`],
    ['vault-token', `hvr.${noise(95)}`],
    ['1password-token', `ops_${web(`{"email":"a@b.c","secretKey":"${noise(300)}"}`)}`],
    ['1password-key', `A3-${noise(6, capitals)}-${noise(11, capitals)}${`-${noise(5, capitals)}`.repeat(3)}`],
    ['vercel-token', `vcp_${noise(56)}`],
    ['digitalocean-token', `dop_v1_${noise(64, hex)}`],
    ['twilio-key', `SK${noise(32, hex)}`],
    ['twilio-key', `TWILIO_AUTH_TOKEN=${noise(32, hex)}`],
    ['telegram-token', `${noise(10, digits)}:AA${noise(33)}`],
    ['rubygems-key', `rubygems_${noise(48, hex)}`],
    ['crates-token', `cio${noise(32)}`],
    ['xai-key', `xai-${noise(80)}`],
    ['perplexity-key', `pplx-${noise(48)}`],
    ['replicate-token', `r8_${noise(37)}`],
    ['azure-secret', `${noise(3)}8Q~${noise(34)}`],
    ['azure-key', `AccountName=shop;AccountKey=${noise(86)}==;`],
    ['azure-key', `SharedAccessKey=${noise(43)}=`],
    ['terraform-token', `${noise(14)}.atlasv1.${noise(67)}`],
    ['heroku-key', `HRKU-AA${noise(58)}`],
    ['pulumi-token', `pul-${noise(40, hex)}`],
    ['doppler-token', `dp.pt.${noise(43)}`],
    ['doppler-token', `dp.st.dev.${noise(43)}`],
    ['new-relic-key', `NRAK-${noise(27, capitals)}`],
    ['sentry-token', `sntryu_${noise(64, hex)}`],
    ['postman-key', `PMAK-${noise(24, hex)}-${noise(34, hex)}`],
    ['atlassian-token', `ATATT3xFfGF0${noise(180)}=${noise(8, hex)}`],
    ['age-key', `AGE-SECRET-KEY-1${noise(58, capitals)}`],
    ['supabase-token', `sbp_${noise(40, hex)}`],
    ['planetscale-token', `pscale_tkn_${noise(43)}`],
    ['npm-token', `//host/:_authToken=${noise(8, hex)}-${noise(4, hex)}-${noise(4, hex)}-${noise(12, hex)}`],
    ['github-token', `https://${noise(40, hex)}:x-oauth-basic@github.com/org/repo`],
    ['password-in-address', `redis://:${noise(16)}@cache.internal:6379/0`],
    ['json-web-token', jwt],
    ['github-token', Buffer.from(github).toString('base64')],
    ['github-token', `auth: ${Buffer.from(`x-access-token:${github}`).toString('base64')}`],
    ['aws-secret-key', `AWS_SECRET_ACCESS_KEY=${noise(40)}`],
    ['aws-secret-key', `{ "secretAccessKey": "${noise(40)}" }`],
    ['aws-secret-key', `id AKIA${noise(16, capitals)}\nkey ${noise(40)}`],
    ['private-key', `-----BEGIN RSA PRIVATE KEY-----\n${noise(64)}\n-----END RSA PRIVATE KEY-----`],
    ['private-key', `"-----BEGIN PRIVATE KEY-----\\n${noise(64)}\\n"`],
    ['password-in-address', `postgres://app:${noise(12)}@db.internal:5432/app`],
  ])('%s is found', (rule, text) => {
    expect(findSecrets(`first line\n  ${text}\nlast line\n`).map((one) => one.rule)).toEqual([rule])
  })

  test.each([
    `ghp_${'x'.repeat(36)}`,
    'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    `ghs_${'a1.B2'.repeat(8)}`,
    'ghs_the_name_of_some_variable_that_is_long',
    `AKIA${noise(16, capitals)}`,
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'AWS_SECRET_ACCESS_KEY=${{ secrets.AWS_SECRET_ACCESS_KEY }}',
    `AIza${'0'.repeat(35)}`,
    'sk-spinner-fade-in-out-circle-bounce',
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
    'postgres://app:${PASSWORD}@db/app',
    'postgres://app:correct1Horse@localhost/app',
    'https://user:password1@host.internal/',
    'eyJhbGciOi.eyJzdWIiOi.x',
    'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
    '//registry.internal/:_authToken=${NPM_TOKEN}',
    'cioReadsTheWholeStreamUntilItIsDone',
    'secret_name_of_a_variable_that_is_long_enough_for_it',
    'TWILIO_AUTH_TOKEN=${{ secrets.TWILIO_AUTH_TOKEN }}',
    `sha512-${Buffer.from(noise(64)).toString('base64')}`,
    `"integrity": "sha1-${noise(27)}="`,
    `commit ${noise(40, '0123456789abcdef')}`,
  ])('%j is none', (text) => expect(findSecrets(text)).toEqual([]))

  test('is looked for in a time that grows with the text alone', () => {
    const hostile = [
      'eyJ',
      '-eyJ',
      'eyJaaaaaaaa.',
      'a://b:c',
      'AKIA',
      'secret_key',
      '-----BEGIN A ',
      'ghp_',
      'A',
      'a.',
      ' = ',
    ].map((one) => one.repeat(60_000))
    const begun = performance.now()
    for (const text of hostile) findSecrets(text)
    expect(performance.now() - begun).toBeLessThan(60_000)
  })
})
