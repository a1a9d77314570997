import { isToken } from '../../../base/tokens.js'
import type { Remark } from '../../build-findings.js'

/** Files of variables that belong to a machine, and those that only show what they are called. */
const example =
  /(?:^|\/)\.env(?:\.[\w-]+)*\.(?:example|sample|template|dist|defaults)$|(?:^|\/)(?:example|sample)\.env$/
const own = /(?:^|\/)\.env(?:\.[\w-]+)*$/

export const isEnvFile = (path: string): boolean => own.test(path) || example.test(path)

/** `.env` files that git tracks, and values in examples that are no placeholders. */
export function checkEnvFile(path: string, content: string): Remark[] {
  if (!example.test(path))
    return [
      {
        rule: 'env-tracked',
        severity: 'error',
        message:
          'git tracks a file of variables, which holds what must not be shared; `git rm --cached` it and ignore it',
        tool: 'wf',
        file: path,
        line: 1,
      },
    ]
  return content.split(/\r?\n/).flatMap((line, i): Remark[] => {
    const [, name, written = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line) ?? []
    if (name === undefined || isPlaceholder(name, valueOf(written))) return []
    const message = `the value of \`${name}\` is no placeholder: write \`${name}=<${name.toLowerCase().replaceAll('_', '-')}>\``
    return [{ rule: 'env-example', severity: 'error', message, tool: 'wf', file: path, line: i + 1 }]
  })
}

const valueOf = (text: string): string =>
  text
    .trim()
    .replace(/^(["'])(.*)\1(?:\s+#.*)?$/, '$2')
    .replace(/\s+#.*$/, '')
    .trim()

const secretName =
  /(?:^|_)(?:KEY|KEYS|SECRET|SECRETS|TOKEN|TOKENS|PASSWORD|PASSWD|PWD|PASS|CREDENTIALS?|PRIVATE|SALT|DSN)(?:_|$)/i
const placeholder =
  /^$|^<.*>$|^\$\{?.*\}?$|^\[.*\]$|^\{\{.*\}\}$|^(?:x{3,}|\*{3,}|\.{3,}|-+|0+|1234\d*|none|null|true|false|todo|tbd)$|change.?me|your|example|placeholder|replace|insert|dummy|fake|sample|secret|password|foobar/i
const webToken = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/

/** Empty, marked as one, or harmless: what a name that is no secret's may hold, unless it looks like a token. */
function isPlaceholder(name: string, value: string): boolean {
  if (isToken(value) || webToken.test(value) || hasPassword(value)) return false
  return placeholder.test(value) || !secretName.test(name) || isSimple(value)
}

/** An address with a user and a password that is no placeholder: `postgres://app:hunter2@db/app`. */
function hasPassword(value: string): boolean {
  const [, password] = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:([^/\s@]+)@/i.exec(value) ?? []
  return (
    password !== undefined &&
    !placeholder.test(password) &&
    !/^(?:postgres|root|admin|user|guest|test|dev)$/i.test(password)
  )
}

/** A number, a flag, a path or a name without digits is nobody's key. */
const isSimple = (value: string): boolean => /^\d{1,5}$|^[./][\w./-]*$|^[A-Za-z][A-Za-z_-]{0,15}$/.test(value)
