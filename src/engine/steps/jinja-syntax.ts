/** Every tag of a template: comments, expressions and statements. */
export const tags = /\{#[^]*?#\}|\{\{[^]*?\}\}|\{%[^]*?%\}/g

/** The line, from 1, of a place in a text. */
export const lineAt = (source: string, offset: number): number => source.slice(0, offset).split('\n').length

const blocks = new Set(['if', 'for', 'macro', 'call', 'filter', 'set'])
const branches: Record<string, readonly string[]> = { else: ['if', 'for'], elif: ['if'] }
const lone = new Set(['break', 'continue'])

interface Fault {
  line: number
  message: string
}
interface Open {
  word: string
  line: number
}

/**
 * What is wrong with a template that does not parse, and where: the library tells no lines. Each tag is tried by itself, then it is seen
 * whether every block is closed. `parses` tells whether a text is a template.
 */
export function syntaxFault(source: string, parses: (text: string) => boolean): Fault | undefined {
  const open: Open[] = []
  for (const { 0: tag, index } of source.matchAll(tags)) {
    const line = lineAt(source, index)
    const message = tag.startsWith('{%')
      ? statementFault({ tag, line }, open, parses)
      : tag.startsWith('{{') && !parses(tag)
        ? `${short(tag)} is no expression`
        : undefined
    if (message) return { line, message }
  }
  const last = open.at(-1)
  if (last) return { line: last.line, message: `\`{% ${last.word} %}\` is not closed: add \`{% end${last.word} %}\`` }
  const unclosed = source.search(/\{\{(?![^]*\}\})|\{%(?![^]*%\})|\{#(?![^]*#\})/)
  return unclosed === -1
    ? undefined
    : { line: lineAt(source, unclosed), message: `\`${source.slice(unclosed, unclosed + 2)}\` is not closed` }
}

/** What is wrong with one statement after those before it, which are still `open`; a block that begins or ends is noted there. */
function statementFault(
  { tag, line }: { tag: string; line: number },
  open: Open[],
  parses: (text: string) => boolean,
): string | undefined {
  const word = /^\{%[-+]?\s*(\w+)/.exec(tag)?.[1] ?? ''
  const inside = open.at(-1)
  if (word.startsWith('end') && blocks.has(word.slice(3))) {
    if (inside?.word !== word.slice(3))
      return `\`{% ${word} %}\` closes nothing${inside ? `: \`{% ${inside.word} %}\` of line ${inside.line} is open` : ''}`
    open.pop()
    return undefined
  }
  if (Object.hasOwn(branches, word)) {
    if (!inside || !branches[word]?.includes(inside.word)) return `\`{% ${word} %}\` stands outside of a block`
    return parses(`{% if 1 %}${tag}{% endif %}`) ? undefined : `${short(tag)} does not parse`
  }
  if (lone.has(word) || (word === 'set' && parses(tag))) return undefined
  if (!blocks.has(word)) return `there is no statement \`${word || tag.slice(0, 20)}\``
  if (!parses(`${tag}{% end${word} %}`)) return `${short(tag)} does not parse`
  open.push({ word, line })
  return undefined
}

const short = (tag: string): string => `\`${tag.replaceAll(/\s+/g, ' ').slice(0, 60)}\``
