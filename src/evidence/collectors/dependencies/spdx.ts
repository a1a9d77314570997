/** A licence expression as SPDX 2.3, annex D, writes it: licences joined by `AND` and `OR`, `AND` binding closer. */
export type Licence =
  | { kind: 'one'; id: string; exception?: string }
  | { kind: 'and'; parts: readonly Licence[] }
  | { kind: 'or'; parts: readonly Licence[] }

const deepest = 50
const tokens = /\s*(\(|\)|[A-Za-z0-9.+:-]+)/y

/** Reads an expression; nothing when it is none, such as `SEE LICENSE IN x`. Operators are read in any case. */
export function readLicence(text: string): Licence | undefined {
  const words = split(text.trim())
  if (!words?.length) return undefined
  let at = 0
  const word = (): string => words[at] ?? ''
  const one = (depth: number): Licence | undefined => {
    if (depth > deepest) return undefined
    if (word() === '(') {
      at++
      const inner = either(depth + 1)
      return words[at++] === ')' ? inner : undefined
    }
    const id = words[at++]
    if (id === undefined || !isName(id)) return undefined
    if (word().toUpperCase() !== 'WITH') return { kind: 'one', id }
    const exception = words[at + 1]
    at += 2
    return exception !== undefined && isName(exception) ? { kind: 'one', id, exception } : undefined
  }
  const joined = (operator: 'and' | 'or', part: () => Licence | undefined): Licence | undefined => {
    const parts = [part()]
    for (; word().toLowerCase() === operator; parts.push(part())) at++
    if (parts.some((each) => !each)) return undefined
    return parts.length === 1 ? parts[0] : { kind: operator, parts: parts as Licence[] }
  }
  const either = (depth: number): Licence | undefined => joined('or', () => joined('and', () => one(depth)))
  const whole = either(0)
  return at === words.length ? whole : undefined
}

function split(text: string): string[] | undefined {
  const words: string[] = []
  for (let at = 0; at < text.length;) {
    tokens.lastIndex = at
    const match = tokens.exec(text)
    if (!match) return undefined
    words.push(match[1] ?? '')
    at = tokens.lastIndex
  }
  return words
}

const isName = (word: string): boolean => /^[A-Za-z0-9]/.test(word) && !/^(?:and|or|with)$/i.test(word)

/** Which licences are allowed (all without a list) and which are denied; `*` stands for anything, in any case of letters. */
export interface LicencePolicy {
  allow?: readonly string[]
  deny?: readonly string[]
}

/** Whether the software can be used under a choice that the expression leaves, with allowed licences alone. */
export function isAllowed(licence: Licence, policy: LicencePolicy): boolean {
  if (licence.kind === 'and') return licence.parts.every((part) => isAllowed(part, policy))
  if (licence.kind === 'or') return licence.parts.some((part) => isAllowed(part, policy))
  const { id, exception } = licence
  // An exception only permits more, and so does "or later": who accepts the licence itself accepts both.
  const whole = exception === undefined ? [] : [`${id} WITH ${exception}`]
  const bare = id.replace(/(?:\+|-or-later)$/, '')
  const names = bare === id ? [id] : [id, bare, `${bare}-only`, `${bare}+`, `${bare}-or-later`]
  if (policy.deny && named(policy.deny, whole)) return false
  if (policy.allow && named(policy.allow, whole)) return true
  if (policy.deny && named(policy.deny, bare === id ? [id] : [id, `${bare}+`, `${bare}-or-later`])) return false
  return !policy.allow || named(policy.allow, names)
}

/** Whether a name is in a list; `*` stands for anything. */
export const named = (list: readonly string[], names: readonly string[]): boolean =>
  list.some((glob) => names.some((name) => matchesStars(glob.toLowerCase(), name.toLowerCase())))

/** Parts between stars stand one after the other: no part needs a second look. */
function matchesStars(glob: string, name: string): boolean {
  const parts = glob.split('*')
  const [first = '', ...rest] = parts
  const last = rest.pop()
  if (last === undefined) return glob === name
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  let at = first.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found === -1 || found + part.length > name.length - last.length) return false
    at = found + part.length
  }
  return true
}
