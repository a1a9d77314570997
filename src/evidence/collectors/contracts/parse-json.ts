import { caps, Unreadable } from './values.js'
import type { Members } from './values.js'
import type { Places } from './places.js'

/** A mapping or a list that is not closed yet. */
interface Open {
  container: Members | unknown[]
  /** The key that was read and waits for its value. */
  key: string | undefined
}

/** What a text is made of; of a string the beginning, since a long one is too much for an expression. */
const token = /[{}[\]:,"]|[^\s{}[\]:,"]+/g

/** The words of a text that is JSON. */
function* wordsOf(text: string): Generator<{ word: string; index: number }> {
  token.lastIndex = 0
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [word] = found
    const { index } = found
    const end = word === '"' ? endOfString(text, index) : index + word.length
    yield { word: text.slice(index, end), index }
    token.lastIndex = end
  }
}

/** Behind the quote that ends the string which begins at `from`. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; ;) {
    const quote = text.indexOf('"', at)
    let first = quote
    while (text[first - 1] === '\\') first--
    if ((quote - first) % 2 === 0) return quote + 1
    at = quote + 1
  }
}

/** Reads JSON and notes where its parts stand. Without recursion: the depth is bounded before anything else meets it. */
export function parseJson(text: string, places: Places): unknown {
  const plain = text.replace(/^\uFEFF/, '')
  checkJson(plain)
  const stack: Open[] = []
  let [line, parts, root]: [number, number, unknown] = [1, 0, undefined]
  let lineEnd = endOfLine(plain, 0)
  const place = (value: unknown): void => {
    const top = stack.at(-1)
    if (!top) root = value
    else if (Array.isArray(top.container)) {
      places.part(top.container, top.container.length, line)
      top.container.push(value)
    } else if (top.key !== undefined) {
      top.container[top.key] = value
      top.key = undefined
    }
    if (++parts > caps.parts) throw new Unreadable(`it has more than ${caps.parts} parts`)
  }
  for (const { word, index } of wordsOf(plain)) {
    for (; lineEnd < index; lineEnd = endOfLine(plain, lineEnd + 1)) line++
    const top = stack.at(-1)
    if (word === '{' || word === '[') {
      const container = word === '{' ? (Object.create(null) as Members) : []
      places.begin(container, line)
      place(container)
      if (stack.length >= caps.depth) throw new Unreadable(`it is nested deeper than ${caps.depth} levels`, line)
      stack.push({ container, key: undefined })
    } else if (word === '}' || word === ']') stack.pop()
    else if (word === ':' || word === ',') continue
    else if (top && !Array.isArray(top.container) && top.key === undefined) {
      top.key = JSON.parse(word) as string
      if (Object.hasOwn(top.container, top.key)) throw new Unreadable(`the key \`${top.key}\` stands twice`, line)
      places.part(top.container, top.key, line)
    } else place(JSON.parse(word))
  }
  return root
}

/** Looked for once a line: where there is none, nobody looks again. */
const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from)
  return end === -1 ? Number.POSITIVE_INFINITY : end
}

/** What is wrong with the JSON itself, at its line. */
function checkJson(text: string): void {
  try {
    JSON.parse(text)
  } catch (cause) {
    const [, offset] = /position (\d+)/.exec(cause instanceof Error ? cause.message : '') ?? []
    const line = offset === undefined ? 1 : text.slice(0, Number(offset)).split('\n').length
    throw new Unreadable('it is no JSON here', line)
  }
}
