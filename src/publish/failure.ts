import { count } from '../base/text.js'
import type { TestCase } from '../evidence/evidence.js'
import { cleanText } from './markdown.js'
import { isForeignFrame, isFrame } from './frames.js'
import { messageOf } from './words.js'

const maxLines = 6
const maxWidth = 200

/** Why a test failed: its first line, and up to six more that say what was expected and what came; no frames of a stack. */
export interface Failure {
  said: string
  more: string[]
}

/** What a failing test says for itself, in lines; paths inside the repository are relative where its root can be told. */
export function failureOf(test: TestCase): Failure {
  const [said = '', ...rest] = linesOf(withoutRoot(messageOf(test), test))
  const told = rest.length > 0 ? rest : furtherLines(withoutRoot(test.details ?? '', test), said)
  const more = told.filter((line) => !isFrame(line)).slice(0, maxLines)
  return { said: said.trim(), more: setOut(more).map((line) => cut(line, maxWidth)) }
}

/** The same as one text. */
export function failureText(test: TestCase): string {
  const { said, more } = failureOf(test)
  return [said, ...more].filter((line) => line !== '').join('\n')
}

/** The details of a failure without the frames of libraries, which are counted; paths as `failureOf` has them. */
export function detailsOf(test: TestCase): string | undefined {
  if (test.details === undefined) return undefined
  const shown: string[] = []
  let left: string[] = []
  const flush = (): void => {
    const last = left.at(-1)
    const opens = last?.trimEnd().endsWith('{') ? ' {' : ''
    if (last !== undefined)
      shown.push(`${/^\s*/.exec(last)?.[0] ?? ''}… ${count(left.length, 'frame')} of libraries${opens}`)
    left = []
  }
  let within: number | undefined
  for (const line of withoutRoot(cleanText(test.details), test).split('\n')) {
    const depth = line.search(/\S/)
    // Python shows the source of a frame below it, set in deeper.
    if (within !== undefined && depth > within) continue
    within = undefined
    if (isForeignFrame(line)) {
      left.push(line)
      if (/^\s*File "/.test(line)) within = depth
    } else {
      flush()
      shown.push(line)
    }
  }
  flush()
  return shown.join('\n')
}

const linesOf = (text: string): string[] =>
  cleanText(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')

/** What a report's details add to the first line of a message. */
function furtherLines(details: string, said: string): string[] {
  const [first = '', ...rest] = linesOf(details)
  const repeats = (line: string): boolean => said !== '' && (line.endsWith(said.trim()) || said.includes(line.trim()))
  // pytest marks what it says of a failure in the source that it shows.
  const marked = [first, ...rest].flatMap((line) => /^E {3,}(.*)$/.exec(line)?.[1] ?? [])
  if (marked.length > 0) return marked.filter((line) => !repeats(line))
  if (said !== '' && first.includes(said.trim())) return untilDump(rest).filter((line) => !repeats(line))
  return rest.filter((line) => /^\s*(?:expected|actual|wanted|found|got|received): *[^\s|>]/i.test(line))
}

/** Node prints what an error holds after the last frame of its stack, from a brace on. */
function untilDump(lines: readonly string[]): string[] {
  const end = lines.findIndex((line) => isFrame(line) && line.endsWith('{'))
  return end < 0 ? [...lines] : lines.slice(0, end)
}

/** Without the indentation that all lines share. */
function setOut(lines: readonly string[]): string[] {
  const depth = Math.min(...lines.map((line) => line.search(/\S/)))
  return lines.map((line) => line.slice(Math.max(0, depth)))
}

const cut = (line: string, max: number): string =>
  line.length <= max ? line : `${line.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`

/** Where a test's file is known, what stands before it in the text is the repository's folder: it says nothing to a reader. */
function withoutRoot(text: string, { file }: TestCase): string {
  if (file === undefined || file === '' || !text.includes(file)) return text
  const at = text.search(new RegExp(String.raw`(?<=[\\/])${escaped(file)}(?![\w-])`))
  const root = at < 0 ? undefined : rootBefore.exec(text.slice(Math.max(0, at - 1000), at))?.[1]
  return root === undefined
    ? text
    : text.replaceAll(new RegExp(String.raw`(?<![\w.:/\\-])(?:file://)?${escaped(root)}`, 'g'), '')
}

/** An absolute folder at the end of a text, from the start of its word. */
const rootBefore = /(?:^|[\s("'`@=[])(?:file:\/\/)?((?:[A-Za-z]:)?[\\/][^\s:()"'`[\]]+[\\/])$/

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
