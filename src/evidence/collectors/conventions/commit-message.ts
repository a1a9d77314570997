import type { CommitRules } from '../../../workflow/conventions.js'

/** `type(scope)!: description`, as Conventional Commits 1.0.0 says; a type is read in any case. */
export interface CommitHeader {
  type: string
  scope?: string
  breaking: boolean
  description: string
}

const form = /^([A-Za-z][\w-]*)(?:\(([^()\n]*)\))?(!)?: ?(.*)$/s

/** The parts of a first line; nothing when it has another form. */
export function readHeader(line: string): CommitHeader | undefined {
  const [, type, scope, mark, description = ''] = form.exec(line) ?? []
  if (type === undefined) return undefined
  return { type, breaking: mark !== undefined, description, ...(scope === undefined ? {} : { scope }) }
}

/** What git and GitHub write by themselves is nobody's convention. */
const written = /^(?:Merge (?:branch|pull request|remote-tracking branch|tag|commit) |Initial commit$)/

/**
 * What is wrong with a message, and how its first line could read instead. Nothing is wrong with what git writes when it merges.
 */
export function checkMessage(message: string, rules: CommitRules): { wrong: string[]; instead?: string } {
  const lines = message.replace(/\s+$/, '').split(/\r?\n/)
  const [first = ''] = lines
  if (written.test(first)) return { wrong: [] }
  const wrong: string[] = []
  const [, fixup, line = first] = /^(fixup|squash|amend)! (.*)$/s.exec(first) ?? []
  if (fixup !== undefined) wrong.push(`it is a \`${fixup}!\` of another commit: squash it before the merge`)
  const header = readHeader(line)
  if (!header) wrong.push(line.trim() === '' ? 'it is empty' : formFault(line))
  else wrong.push(...headerFaults(header, line, rules))
  if (line.length > rules.maxLength)
    wrong.push(`its first line has ${line.length} characters, ${rules.maxLength} are allowed`)
  if (lines.length > 1 && lines[1]?.trim() !== '') wrong.push('a blank line has to stand before the body')
  const footer = lines.find((one) => /^breaking[ -]change: /i.test(one) && !/^BREAKING[ -]CHANGE: /.test(one))
  if (footer !== undefined) wrong.push('`BREAKING CHANGE` is written in capital letters')
  return wrong.length && line.trim() !== '' ? { wrong, instead: corrected(line, header, rules) } : { wrong }
}

function formFault(line: string): string {
  if (/^[A-Za-z][\w-]*(?:\([^()]*\))?!? ?:$/.test(line.trim())) return 'it has no description after the colon'
  if (/^[A-Za-z][\w-]* +\(/.test(line)) return 'no blank stands between type and scope'
  if (/^[A-Za-z][\w-]*(?:\([^()]*\))?!? +:/.test(line)) return 'no blank stands before the colon'
  return 'it does not begin with a type and a colon'
}

function headerFaults({ type, scope, description }: CommitHeader, line: string, rules: CommitRules): string[] {
  const wrong: string[] = []
  if (!rules.types.includes(type.toLowerCase()))
    wrong.push(`\`${type}\` is none of the types ${rules.types.map((one) => `\`${one}\``).join(', ')}`)
  if (scope !== undefined && scope.trim() === '') wrong.push('its scope is empty')
  else if (scope !== undefined && rules.scopes && !scope.split(/[,/] ?/).every((one) => rules.scopes?.includes(one)))
    wrong.push(`\`${scope}\` is none of the scopes ${rules.scopes.map((one) => `\`${one}\``).join(', ')}`)
  else if (scope === undefined && rules.scoped) wrong.push('it has no scope')
  if (description.trim() === '') wrong.push('it has no description after the colon')
  else if (!/^[^:]*: \S/.test(line)) wrong.push('one blank stands after the colon')
  if (/[^.]\.$/.test(description)) wrong.push('a full stop stands at its end')
  return wrong
}

/** The types that words at the beginning of a message most likely mean. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^(?:fix|bug|hotfix|repair|correct|resolve|patch)/i, 'fix'],
  [/^(?:doc|readme|comment)/i, 'docs'],
  [/^(?:test|spec|cover)/i, 'test'],
  [/^(?:refactor|rework|restructure|simplif|clean|move|rename|extract)/i, 'refactor'],
  [/^(?:perf|speed|optimi)/i, 'perf'],
  [/^(?:ci|workflow|pipeline)/i, 'ci'],
  [/^(?:secur|cve)/i, 'security'],
  [/^(?:build|release|bump|upgrade|depend|dist)/i, 'build'],
  [/^(?:style|format|lint|prettier)/i, 'style'],
  [/^revert/i, 'revert'],
  [/^(?:chore|misc|wip|tidy|update)/i, 'chore'],
]

function corrected(line: string, header: CommitHeader | undefined, rules: CommitRules): string {
  const bare = (header?.description ?? line.replace(/^[\w-]+ *(?:\([^)]*\))? *: */, '')).trim()
  const said = header?.type ?? /^[A-Za-z][\w-]*/.exec(line)?.[0] ?? ''
  const meant = meanings.find(([word]) => word.test(said) || (!header && word.test(bare)))?.[1]
  const type =
    [said.toLowerCase(), meant, 'feat', rules.types[0]].find((one) => one && rules.types.includes(one)) ?? 'feat'
  const own = header?.scope && (!rules.scopes || rules.scopes.includes(header.scope)) ? header.scope : undefined
  const scope = own ?? (rules.scoped ? (rules.scopes?.[0] ?? 'scope') : undefined)
  const start = `${type}${scope === undefined ? '' : `(${scope})`}${header?.breaking ? '!' : ''}: `
  const text = (bare === '' ? 'what it does' : bare[0]?.toLowerCase() + bare.slice(1)).replace(/\.+$/, '')
  const room = Math.max(20, rules.maxLength - start.length)
  return start + (text.length <= room ? text : `${text.slice(0, room - 1).trimEnd()}…`)
}
