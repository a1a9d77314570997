import { stripControls } from '../base/text.js'

/**
 * Untrusted text as Markdown that GitHub shows literally. Everything in an outcome may come from a stranger (names of
 * tests, messages, paths), so every piece passes one of these functions.
 */

/** Characters that nobody sees: soft hyphens, joiners, marks of direction, fillers, tags. They hide text or forge it. */
const invisible =
  /\u034F|[\u180B-\u180F]|[\uFE00-\uFE0E]|[\u{E0000}-\u{E0FFF}]|\u17B4|\u17B5|[\u00AD\u061C\u115F\u1160\u200B-\u200F\u2028-\u202F\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]/gu
const gap = '\u200B'

/**
 * Text without controls, invisible characters and broken surrogates, lines ended by `\n`. The marks of HTML comments
 * are broken even here, so that no text can carry a marker like ours into a code span or a fence.
 */
export function cleanText(text: string): string {
  return stripControls(text.replaceAll(/\r\n?|[\u000B\u000C\u0085\u2028\u2029]/g, '\n'))
    .replaceAll(invisible, '')
    .replaceAll(/\p{Surrogate}/gu, '\uFFFD')
    .replaceAll('<!--', `<!${gap}--`)
    .replaceAll(/--(!?)>/g, `--${gap}$1>`)
}

/** Signs that everybody sees, with single blanks between. */
const plain = /^[!-~]+(?: [!-~]+)*$/

/** Whether a text is clean as it is, in one line: most are. */
const isClean = (text: string): boolean => plain.test(text) && !text.includes('--')

/** Cleaned text in one line of at most `max` characters, `…` where it was cut; blanks are single. */
export function oneLine(text: string, max: number): string {
  if (text.length <= max && isClean(text)) return text
  // What is far over the limit is not worth cleaning.
  const clean = cleanText(text.slice(0, max * 8 + 64))
    .replaceAll(/\s+/g, ' ')
    .trim()
  return clean.length <= max ? clean : `${whole(clean.slice(0, max - 1))}…`
}

/** Without the half of a character that a cut left. */
const whole = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, '')

const entities: Record<string, string> = { '&': '&amp;', '|': '&#124;', '\\': '&#92;' }

/**
 * Text for a sentence or a table cell, of at most `max` characters before escaping: no markup, no mention, no link, no
 * reference to an issue comes of it.
 */
export function escapeText(text: string, max = 300): string {
  return escapeLine(oneLine(text, max))
    .replace(/^[-+=>]/, String.raw`\$&`)
    .replace(/^(\d+)([.)])/, String.raw`$1\$2`)
}

/** Nothing in a line means anything to GitHub. */
const isHarmless = (line: string): boolean => /^[A-Za-z0-9 ,.;()%-]*$/.test(line) && !/www|gh/i.test(line)

const escapeLine = (line: string): string => (isHarmless(line) ? line : escaped(line))

const escaped = (line: string): string =>
  line
    .replaceAll(/[@#]/g, `$&${gap}`)
    .replaceAll(/[&|\\]/g, (char) => entities[char] ?? char)
    // A sign between blanks is what it seems: `42% < 50%`.
    .replaceAll(/[*_`[\]~$]|[<>](?! )|(?<! )>/g, String.raw`\$&`)
    .replaceAll('://', `:${gap}//`)
    .replaceAll(/www(?=\.)/gi, `$&${gap}`)
    .replaceAll(/\bgh(?=-\d)/gi, `$&${gap}`)

/**
 * A sentence of ours as Markdown: what it sets in backticks becomes a code span. Names of strangers inside it stay
 * harmless, whatever backticks they bring.
 */
export function prose(text: string, max = 1000): string {
  const parts = oneLine(text, max).split('`')
  const last = parts.length % 2 === 0 ? parts.length - 1 : parts.length
  const spans = parts.map((part, i) => {
    if (i === last) return escapeLine(`\`${part}`)
    if (i % 2 === 0) return part === '' && i > 0 && i < parts.length - 1 ? ' ' : escapeLine(part)
    return part.trim() === '' ? '' : codeSpan(part)
  })
  return spans.join('').replace(/^(?:[-+=>]|\d+[.)])(?=\s|$)/, `${gap}$&`)
}

/** A code span for a sentence or a table cell, of at most `max` characters; nothing inside it can end it. */
export function codeSpan(text: string, max = 200): string {
  const line = oneLine(text, max)
  if (line === '') return '(empty)'
  // A pipe ends a table cell even inside a code span, and escaping it there depends on the backslashes before it.
  if (line.includes('|')) return codeHtml(line, max)
  if (!line.includes('`')) return `\`${line}\``
  const ticks = '`'.repeat(longestRun(line) + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${ticks}${pad}${line}${pad}${ticks}`
}

/** The same as HTML, for where Markdown is not read: inside a `<summary>`. */
export const codeHtml = (text: string, max = 200): string => `<code>${encoded(oneLine(text, max))}</code>`

/** Every sign as a character reference: none of them is markup any more. */
const encoded = (line: string): string =>
  line
    .replaceAll(/[!-~]/g, (char) => (/[A-Za-z0-9]/.test(char) ? char : `&#${char.charCodeAt(0)};`))
    .replaceAll('&#64;', `&#64;${gap}`)

const longestRun = (text: string): number =>
  [...text.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), 0)

/** How much of a long text a fence shows, and which end of it. */
export interface Excerpt {
  lines: number
  width: number
  keep: 'head' | 'tail'
}

/** A fenced block, closed whatever it holds; says how many lines were left out. */
export function fence(text: string, { lines: max, width, keep }: Excerpt): string {
  const lines = cleanText(text).trimEnd().split('\n')
  const left = Math.max(0, lines.length - max)
  const said = `… (${left} more lines)`
  const shown = keep === 'head' ? lines.slice(0, max) : lines.slice(left)
  const cut = shown.map((line) => (line.length <= width ? line : `${whole(line.slice(0, width - 1))}…`))
  const body = left === 0 ? cut : keep === 'head' ? [...cut, said] : [said, ...cut]
  const ticks = '`'.repeat(Math.max(3, longestRun(body.join('\n')) + 1))
  return [`${ticks}text`, ...body, ticks].join('\n')
}

/** Head and rule of a table. A name that ends with a colon stands above figures, which are aligned to the right. */
export function tableHead(...names: string[]): string {
  const rules = names.map((name) => (name.endsWith(':') ? '---:' : '---'))
  return `${tableRow(...names.map((name) => name.replace(/:$/, '')))}\n${tableRow(...rules)}`
}

/** Whether a text ends with the head of a table, which its rows follow at once. */
export const isTableHead = (text: string): boolean => /\| ---:? \|$/.test(text)

/** One row of a table. Cells are Markdown made by the functions above. */
export const tableRow = (...cells: string[]): string => `| ${cells.join(' | ')} |`

/** Folds Markdown away under a line of trusted text. */
export const folded = (summary: string, body: string): string => `${foldHead(summary)}\n\n${body}\n\n${foldFoot}`

/** What begins such a fold, and what ends it. */
export const foldHead = (summary: string): string => `<details><summary>${summary}</summary>`
export const foldFoot = '</details>'

const plainAddress = /^https:\/\/[A-Za-z0-9.-]{1,200}(?::\d{1,5})?(?:\/[A-Za-z0-9._~/?#=&%+-]{0,300})?$/

/** Trusted text linked to an address that is not a report's; nothing unless that is https and of plain characters. */
export const link = (text: string, url: string | undefined): string =>
  url !== undefined && plainAddress.test(url) ? `[${text}](${url})` : ''

/** Hosts whose pages a rule or an advisory may link to; no other link is made of what a report brings. */
const knownHosts =
  /^https:\/\/(?:github\.com\/advisories|nvd\.nist\.gov|osv\.dev|cwe\.mitre\.org|eslint\.org|typescript-eslint\.io|docs\.astral\.sh|www\.npmjs\.com\/advisories)\/[A-Za-z0-9._~/?#=&%+-]{1,300}$/

/** Text as a code span, linked where `url` leads to a known host by https. */
export const linked = (text: string, url: string | undefined, max?: number): string =>
  url !== undefined && knownHosts.test(url) ? `[${codeSpan(text, max)}](${url})` : codeSpan(text, max)

/** Sets every line in, so that it belongs to the list item above it. */
export const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ')
