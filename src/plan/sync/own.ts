import { sha256 } from '../../base/hash.js'
import { error } from '../../base/diagnostic.js'
import type { Diagnostic } from '../../base/diagnostic.js'
import type { Result } from '../../base/result.js'
import { nearest } from '../../base/text.js'
import { withoutVersions } from './actions.js'

/** The places of a synced workflow where a user may write. */
export const ownNames = ['triggers', 'jobs', 'verdict-permissions', 'verdict-with', 'verdict-steps'] as const
export type OwnName = (typeof ownNames)[number]

/** A synced workflow as it lies there. */
export interface Existing {
  /** With line feeds alone, whatever the checkout made of them. */
  text: string
  /** What users wrote into it, with the marks around, by name. */
  own: ReadonlyMap<OwnName, readonly string[]>
  /** Whether it is as `wf sync` wrote it, own parts and versions of actions aside; nothing where it did not write it. */
  asWritten: boolean | undefined
  /** The workflow file that it says it was made from. */
  from: string | undefined
}

const madeFrom = (file: string): string =>
  `# Made by \`wf sync\` from ${file}: change that file and run \`wf sync\` again.`
const madeLine = RegExp(`^${madeFrom('(.*)')}$`, 'm')

const begins = /^\s*#\s*wf:own\b\s*(.*?)\s*$/
const ends = /^\s*#\s*wf:end\s*$/
const hashLine = /^# wf:sha256 ([0-9a-f]{64})$/m

/** Reads a workflow that may be of `wf sync`; a part whose place nobody knows would be lost, so it is a mistake. */
export function readExisting(file: string, written: string): Result<Existing, Diagnostic> {
  const text = written.replaceAll('\r\n', '\n')
  const lines = text.split('\n')
  const own = new Map<OwnName, string[]>()
  const problems: Diagnostic[] = []
  const rest: string[] = []
  let open: { part: string[]; line: number } | undefined
  const say = (index: number, message: string, hint: string): void => {
    const source = lines[index] ?? ''
    const column = source.search(/\S/) + 1
    const place = { file, line: index + 1, column, length: Math.max(1, source.trim().length), source }
    problems.push(error('own-part', message, { hint, place }))
  }
  const unclosed = (line: number): void => say(line, 'this part has no end', 'write `# wf:end` behind its last line')
  for (const [i, line] of lines.entries()) {
    const name = begins.exec(line)?.[1]
    if (name !== undefined) {
      if (open) unclosed(open.line)
      open = { part: [line], line: i }
      const wrong = whyNot(name, own)
      if (wrong) say(i, ...wrong)
      else own.set(name as OwnName, open.part)
    } else if (open) {
      open.part.push(line)
      if (ends.test(line)) open = undefined
    } else {
      if (ends.test(line)) say(i, 'nothing begins before this end', 'write `# wf:own NAME` before its first line')
      rest.push(line)
    }
  }
  if (open) unclosed(open.line)
  if (problems.length) return { ok: false, problems }
  const known = hashLine.exec(text)?.[1]
  const generated = rest.join('\n')
  const asWritten = known === undefined ? undefined : hashOf(generated) === known
  return { ok: true, value: { text, own, asWritten, from: madeLine.exec(text)?.[1] } }
}

function whyNot(name: string, own: ReadonlyMap<string, unknown>): [message: string, hint: string] | undefined {
  const all = `the parts are ${ownNames.map((one) => `\`${one}\``).join(', ')}`
  if (own.has(name)) return [`the part \`${name}\` stands twice`, 'put both into one']
  if (ownNames.some((one) => one === name)) return undefined
  if (name === '') return ['this part has no name', all]
  const [near] = nearest(name, ownNames)
  return [`there is no place for a part \`${name}\``, near ? `did you mean \`${near}\`?` : all]
}

/** The hash of a workflow without own parts; neither its own line nor versions of actions count. */
const hashOf = (text: string): string => sha256(withoutVersions(text).replace(hashLine, ''))

/** A workflow with its first lines; `bare` is the same without own parts, which its hash is of. */
export function sealed(file: string, bare: string, whole: string): string {
  const head = (seal: string): string =>
    [
      madeFrom(file),
      `# Lines between \`# wf:own NAME\` and \`# wf:end\` are yours and stay (${ownNames.join(', ')}).`,
      seal,
      '',
    ].join('\n')
  return `${head(`# wf:sha256 ${hashOf(head('') + bare)}`)}${whole}`
}
