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
    expect(performance.now() - begun).toBeLessThan(5000)
  })
})
