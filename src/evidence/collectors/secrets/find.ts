import { anyToken, tokenShapes } from '../../../base/tokens.js'

/** Where a secret stands in a text, and what it is; never the secret itself. */
export interface Secret {
  rule: string
  what: string
  /** From 0. */
  offset: number
}

/** A key of the table that takes two lines to be a secret: the name alone is none. */
const pairOnly = 'aws-access-key-id'
const shapes = tokenShapes.filter(({ rule }) => rule !== pairOnly)
const awsIds = tokenShapes.filter(({ rule }) => rule === pairOnly)

/** All secrets of a text, in its order, each place once. */
export function findSecrets(text: string): Secret[] {
  const found = [
    ...tokens(text),
    ...webTokens(text),
    ...encoded(text),
    ...awsSecrets(text),
    ...named(text),
    ...keyBlocks(text),
    ...passwords(text),
  ]
  const seen = new Set<number>()
  return found.sort((a, b) => a.offset - b.offset).filter(({ offset }) => !seen.has(offset) && seen.add(offset))
}

const tokens = (text: string): Secret[] =>
  shapes.flatMap(({ rule, what, pattern }) =>
    [...text.matchAll(pattern)].flatMap(({ 0: value, index }) =>
      isFake(value) ? [] : [{ rule, what, offset: index }],
    ),
  )

/** JSON Web Tokens, signed, whose head says so. */
const webTokens = (text: string): Secret[] =>
  [...text.matchAll(/(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,8000}\.[\w-]{20,1000}/g)].flatMap(({ 0: value, index }) => {
    const [head = '', , signature = ''] = value.split('.')
    const isOne = /"alg"\s*:/.test(Buffer.from(head, 'base64url').toString('latin1')) && !isFake(signature)
    return isOne ? [{ rule: 'json-web-token', what: 'a JSON Web Token', offset: index }] : []
  })

/** Base64 of something with a token in it, as manifests of Kubernetes and headers of Basic authentication have it. */
const encoded = (text: string): Secret[] =>
  [...text.matchAll(/[A-Za-z0-9+/_-]{27,}/g)].flatMap(({ 0: value, index }) => {
    if (value.length > longestEncoded) return []
    const text = Buffer.from(value, 'base64').toString('latin1')
    const [inside] = text.search(anyToken) === -1 ? [] : tokens(text)
    return inside ? [{ ...inside, what: `${inside.what} in Base64`, offset: index }] : []
  })
const longestEncoded = 4096

/** A secret key by its name, or near the name of an access key. */
function awsSecrets(text: string): Secret[] {
  const secret = { rule: 'aws-secret-key', what: 'a secret key of AWS' }
  const byName = /(?:aws|secret)\w{0,20}key["']?\s{0,5}(?:=>|[:=])\s{0,5}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi
  const named = [...text.matchAll(byName)].flatMap(({ 0: all, 1: value = '', index }) =>
    isFake(value) ? [] : [{ ...secret, offset: index + all.length - value.length }],
  )
  const ids = awsIds.flatMap(({ pattern }) => [...text.matchAll(pattern)]).filter(({ 0: id }) => !isFake(id))
  const near = ids.flatMap(({ index }) => {
    const from = Math.max(0, index - nearby)
    const around = text.slice(from, index + nearby)
    return [...around.matchAll(/(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g)]
      .filter(({ 0: value }) => !isFake(value) && classes(value) === 3)
      .map((match) => ({ ...secret, offset: from + match.index }))
  })
  return [...named, ...near]
}
const nearby = 200

/** What only its name tells from any other text; the secret is the one group. */
const namedShapes: readonly { rule: string; what: string; pattern: RegExp }[] = [
  {
    rule: 'npm-token',
    what: 'credentials of a registry of npm',
    pattern: /\/:_(?:authToken|auth|password)\s{0,5}=\s{0,5}"?([A-Za-z0-9+/=_-]{16,500})/g,
  },
  { rule: 'azure-key', what: 'a key of Azure', pattern: /\bAccountKey=([A-Za-z0-9+/]{86}==)/g },
  { rule: 'azure-key', what: 'a key of Azure', pattern: /\bSharedAccessKey=([A-Za-z0-9+/]{43}=)/g },
  {
    rule: 'twilio-key',
    what: 'a key of Twilio',
    pattern: /twilio\w{0,20}(?:token|secret)["']?\s{0,5}(?:=>|[:=])\s{0,5}["']?([a-f0-9]{32})\b/gi,
  },
  { rule: 'github-token', what: 'a token of GitHub', pattern: /:\/\/([\w-]{20,255}):x-oauth-basic@github\.com\b/g },
]

const named = (text: string): Secret[] =>
  namedShapes.flatMap(({ rule, what, pattern }) =>
    [...text.matchAll(pattern)].flatMap(({ 0: all, 1: value = '', index }) =>
      isFake(value) ? [] : [{ rule, what, offset: index + all.indexOf(value) }],
    ),
  )

/** Blocks of private keys that hold one: the mark alone, as parsers and manuals have it, is none. */
const keyBlocks = (text: string): Secret[] =>
  [...text.matchAll(/-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g)].flatMap(
    ({ 0: mark, index }) => {
      const body = text.slice(index + mark.length, index + mark.length + 1000)
      const [value = ''] = /[A-Za-z0-9+/]{40}/.exec(body) ?? []
      const ended = body.indexOf('-----END')
      const isThere = value !== '' && (ended === -1 || body.indexOf(value) < ended)
      return isThere && !isFake(value) ? [{ rule: 'private-key', what: 'a private key', offset: index }] : []
    },
  )

/** Passwords in addresses of other machines. */
const passwords = (text: string): Secret[] =>
  [
    ...text.matchAll(/\b[a-z][a-z0-9+.-]{1,20}:\/\/[\w.%+-]{0,100}:([^\s:@/"'`<>{}$()[\]\\]{8,200})@([\w.-]{1,200})/gi),
  ].flatMap(({ 0: all, 1: value = '', 2: host = '', index }) => {
    const isHere =
      /^(?:localhost|127\.|0\.0\.0\.0|example\.|.*\.(?:example|test|invalid|localhost)$|.*\bexample\.(?:com|org|net)$)/i
    if (isHere.test(host) || isFake(value) || classes(value) < 2 || /pass|secret|token|\*/i.test(value)) return []
    return [{ rule: 'password-in-address', what: 'a password in an address', offset: index + all.indexOf(value) }]
  })

const words = /example|fake|dummy|sample|placeholder|redacted|change_?-?me|your[_-]|x{4,}|0{6,}|\*{3,}|\.{3,}/i
const rows = ['abcdefgh', '12345678', '01234567', 'qwertyui']

/** What nobody takes for a real one: it says so, it is a row or a repetition, or it is written in one kind of characters. */
function isFake(value: string): boolean {
  const lower = value.toLowerCase()
  return (
    words.test(value) ||
    rows.some((row) => lower.includes(row)) ||
    new Set(value).size < Math.min(11, value.length * 0.7) ||
    classes(value) < 2
  )
}

/** How many of capital letters, small letters and digits it has. */
const classes = (value: string): number => [/[A-Z]/, /[a-z]/, /\d/].filter((one) => one.test(value)).length
