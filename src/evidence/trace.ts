import { normalisePath } from './paths.js'

export interface TracePlace {
  file: string
  line: number
}

const maxLines = 120
const maxLineLength = 600

/** Code that is not the reader's own: libraries, runtimes and test frameworks. */
const foreign =
  /(?:^|[\\/])(?:node_modules|site-packages|dist-packages|vendor[\\/](?:bundle|phpunit)|lib[\\/]python\d|\.cargo|rustc)[\\/]|[\\/]src[\\/](?:testing[\\/]testing|runtime[\\/]\w{1,40})\.go$|^(?:node|internal|bun|deno):|^<|^internal[\\/]/

const javaFile = /\(([\w$-]+\.(?:java|kt|scala|groovy|clj)):(\d{1,9})\)/
const javaForeign =
  /^(?:java|javax|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|clojure|worker\.org\.gradle|org\.(?:junit|testng|hamcrest|assertj|mockito|opentest4j|gradle|apache\.maven|spockframework|scalatest))\./

/**
 * The place in the user's own code that a failure's text points to: of a stack the innermost frame that is no library's,
 * in the spellings of JavaScript, Python, Java, .NET, PHP, Ruby, Go, Rust and C; undefined when none is there.
 */
export function placeInTrace(text: string, classname?: string): TracePlace | undefined {
  const lines = text
    .split('\n', maxLines * 2)
    .filter((line) => line.length <= maxLineLength)
    .slice(0, maxLines)
  return pythonPlace(lines) ?? javaPlace(lines, classname) ?? dotnetPlace(lines) ?? plainPlace(lines)
}

/** Whether a path of a stack is code of the reader's own, and not of a library, a runtime or a test framework. */
export const isOwnFile = (file: string): boolean => !foreign.test(file)

/** The same of a type of Java and its relatives, by its full name. */
export const isOwnType = (type: string): boolean => !javaForeign.test(`${type}.`)

/** Python names the innermost frame last; pytest writes `path.py:25: AssertionError` below the source. */
function pythonPlace(lines: string[]): TracePlace | undefined {
  let found: TracePlace | undefined
  for (const line of lines) {
    const match = /^\s*File "([^"]+)", line (\d+)/.exec(line) ?? /^(\S[^:"']*\.pyx?):(\d+): /.exec(line)
    if (match && isOwnFile(match[1] as string)) found = place(match[1], match[2])
  }
  return found
}

/** A frame of the test's own class is the test's line; else the first that is no framework's. */
function javaPlace(lines: string[], classname: string | undefined): TracePlace | undefined {
  let first: TracePlace | undefined
  for (const line of lines) {
    const match = javaFile.exec(line)
    if (!match) continue
    const type = javaType(line.slice(0, match.index))
    if (type === undefined || !isOwnType(type)) continue
    const folder = type.split('.').slice(0, -1).join('/')
    const here = place(folder ? `${folder}/${match[1]}` : match[1], match[2])
    if (classname && (type === classname || type.startsWith(`${classname}$`))) return here
    first ??= here
  }
  return first
}

/** `at module/pkg.Type.the method` is of `pkg.Type`; methods of Kotlin and Groovy may hold blanks. */
export function javaType(frame: string): string | undefined {
  const word = frame.trimStart().replace(/^at /, '').split(/\s/, 1)[0] ?? ''
  const name = word.slice(word.lastIndexOf('/') + 1)
  return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : undefined
}

function dotnetPlace(lines: string[]): TracePlace | undefined {
  for (const line of lines) {
    const at = line.lastIndexOf(':line ')
    const from = at < 0 ? -1 : line.indexOf(' in ')
    const number = /^\d{1,9}$/.exec(line.slice(at + 6).trim())?.[0]
    if (from < 0 || from > at || number === undefined) continue
    const file = line.slice(from + 4, at)
    if (isOwnFile(file)) return place(file, number)
  }
  return undefined
}

/** `path.ext:12` or `path.ext:12:5`, as most compilers and runtimes write it; the path starts a word. */
const plain =
  /(?<![^\s("'`[@])((?:file:\/{2,3})?(?:[A-Za-z]:)?[^\s:"'`()[\]]+\.(?:[cm]?[jt]sx?|vue|svelte|py|rb|php|go|rs|swift|dart|exs?|erl|lua|p[lm]|t|hs|ml|nim|zig|sh|bats|c|cc|cpp|cxx|h|hh|hpp|m|mm|cs|fs|java|kt|scala)):(\d+)\b/g

function plainPlace(lines: string[]): TracePlace | undefined {
  for (const line of lines.filter((line) => !javaFile.test(line)))
    for (const match of line.matchAll(plain)) if (isOwnFile(match[1] as string)) return place(match[1], match[2])
  return undefined
}

const place = (file: string | undefined, line: string | undefined): TracePlace => ({
  file: normalisePath(file ?? ''),
  line: Number(line),
})
