import { createHash } from 'node:crypto'
import type { Proposal } from '../../engine/fixes/propose.js'
import { entriesOf, told } from '../../engine/fixes/tree.js'
import { headLines } from '../../evidence/collectors/head-lines.js'
import { lineMap } from '../../evidence/line-map.js'
import type { LineMap } from '../../evidence/line-map.js'
import type { Git, GitHub } from '../../ports.js'

/** The head commit as far as fixes concern it: where judged lines stand in it, and what it has of a file. */
export interface Head {
  map: LineMap
  /** The name of the file's blob; none where it has no such file. */
  blob(path: string): string | undefined
  text(path: string): Promise<string>
}

/** So many files are asked of GitHub, and so many bytes of each. */
const limits = { files: 50, bytes: 2 ** 20 }

/**
 * The head of what was judged: the commit itself, or that of which GitHub made a merge. From git, which fetches it; where that may not,
 * since the checkout kept no credentials, file by file from GitHub. Nothing where a file cannot be had.
 */
export async function headOf(
  proposal: Proposal,
  sha: string,
  git: Git,
  github: { port: GitHub; signal: AbortSignal },
): Promise<Head | undefined> {
  const { root, commit, files } = proposal
  const map = commit === sha ? (_: string, line: number) => line : await headLines(git, root, sha)
  if (!map) return fromGitHub(proposal, sha, git, github)
  const paths = files.map(({ path }) => path)
  const there = await entriesOf(git, root, sha, paths)
  const blob = (path: string): string | undefined => there.get(path)?.sha
  return { map, blob, text: async (path) => told(git, root, ['cat-file', 'blob', blob(path) ?? '']) }
}

async function fromGitHub(
  { root, files }: Proposal,
  sha: string,
  git: Git,
  { port, signal }: { port: GitHub; signal: AbortSignal },
): Promise<Head | undefined> {
  if (files.length > limits.files) return undefined
  const texts = new Map<string, { name: string; text: string; map: LineMap }>()
  for (const { path, before } of files) {
    const headers = { accept: 'application/vnd.github.raw+json' }
    const asked = { path, ref: sha, headers }
    const options = { signal, maxBytes: limits.bytes }
    const answer = await port.request('GET /repos/{owner}/{repo}/contents/{path}', asked, options)
    if (!answer.ok && answer.kind === 'refused' && answer.status === 404) continue
    if (!answer.ok || !answer.bytes) return undefined
    const name = createHash('sha1').update(`blob ${answer.bytes.length}\0`).update(answer.bytes).digest('hex')
    const text = new TextDecoder().decode(answer.bytes)
    texts.set(path, { name, text, map: await mapBetween(git, root, before?.sha, { name, text }) })
  }
  return {
    map: (path, line) => texts.get(path)?.map(path, line),
    blob: (path) => texts.get(path)?.name,
    text: async (path) => texts.get(path)?.text ?? '',
  }
}

/** Where the lines of one blob stand in another, which git does not have yet. */
async function mapBetween(
  git: Git,
  root: string,
  before: string | undefined,
  { name, text }: { name: string; text: string },
): Promise<LineMap> {
  if (before === name) return (_, line) => line
  const written = (await told(git, root, ['hash-object', '-w', '--stdin'], text)).trim()
  // Not the same bytes as there: nothing is known of its lines.
  if (before === undefined || written !== name) return () => undefined
  const diff = [
    'diff',
    '--unified=0',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--src-prefix=a/',
    '--dst-prefix=b/',
  ]
  const map = lineMap(await told(git, root, [...diff, before, name]))
  return (_, line) => map(before, line)
}
