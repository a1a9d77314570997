import type { Answer } from './answer.js'
import { filesOf, resolveRef } from './graph.js'
import type { Annotation, CheckRun, Comment, Repository, ReviewComment, State } from './state.js'

/** A part of a page; its text is shown as it is, Markdown as its source. */
interface Part {
  readonly id?: string
  readonly heading: string
  readonly text: string | null
}

interface Page {
  readonly title: string
  readonly parts: readonly Part[]
}

/**
 * The page for people at an address that the fake hands out as `html_url`: a check, a pull request or issue with its
 * comments, a run, a commit, a file. Whoever opens one is no client of the API, so nothing is asked of the request.
 */
export function pageAt(state: State, path: string): Answer | undefined {
  if (path === '/favicon.ico') return { status: 204 }
  const [, owner, name, kind, ...rest] = path.split('/').map(decoded)
  const repository = ownOf(state.repositories, `${owner ?? ''}/${name ?? ''}`)
  const page = repository && kind !== undefined ? ownOf(pages, kind)?.(repository, rest) : undefined
  return page && answerOf(page)
}

const pages: { readonly [kind: string]: (repository: Repository, rest: readonly string[]) => Page | undefined } = {
  runs: (repository, [id]) => {
    const run = Object.values(repository.checkRuns)
      .flat()
      .find((each) => String(each.id) === id)
    return run && checkPage(run)
  },
  pull: issuePage,
  issues: issuePage,
  actions: ({ runs }, [kind, id = '']) => {
    const run = kind === 'runs' ? ownOf(runs, id) : undefined
    if (!run) return kind === 'runs' ? { title: `Run ${id}`, parts: [] } : undefined
    return {
      title: `${run.name}: ${run.conclusion ?? run.status}`,
      parts: [{ heading: run.head_sha, text: run.event }],
    }
  },
  commit: ({ commits }, [sha = '']) => {
    const commit = ownOf(commits, sha)
    return commit && { title: commit.sha, parts: [{ heading: commit.date, text: commit.message }] }
  },
  blob: (repository, [ref = '', ...path]) => {
    const text = ownOf(filesOf(repository.commits, resolveRef(repository, ref)), path.join('/'))
    return text === undefined ? undefined : { title: path.join('/'), parts: [{ heading: ref, text }] }
  },
}

function checkPage({ name, status, conclusion, output, annotations }: CheckRun): Page {
  return {
    title: `${name}: ${conclusion ?? status}`,
    parts: [
      { heading: output.title ?? 'Without a title', text: output.summary },
      { heading: 'Text', text: output.text },
      { heading: `Annotations: ${annotations.length}`, text: annotations.map(annotationText).join('\n\n') || null },
    ],
  }
}

const annotationText = ({ path, start_line: line, annotation_level: level, title, message }: Annotation): string =>
  `${path}:${line} ${level}${title === null ? '' : ` ${title}`}\n${message}`

const remarkPart = ({ id, user, path, start_line: start, line, body }: ReviewComment): Part => ({
  id: `discussion_r${id}`,
  heading: `${user.login} at ${path}:${start === null ? '' : `${start}-`}${line}`,
  text: body,
})

function issuePage({ issues, comments, reviews }: Repository, [number = '']: readonly string[]): Page | undefined {
  const issue = ownOf(issues, number)
  const part = ({ id, user, body, updated_at: at }: Comment): Part => ({
    id: `issuecomment-${id}`,
    heading: `${user.login}, ${at}`,
    text: body,
  })
  const remarks = (reviews[number] ?? []).flatMap(({ comments }) => comments).map(remarkPart)
  return issue && { title: `${issue.title} #${number}`, parts: [...(comments[number] ?? []).map(part), ...remarks] }
}

function answerOf({ title, parts }: Page): Answer {
  const shown = parts
    .filter(({ text }) => text !== null)
    .map(({ id, heading, text }) => {
      const at = id === undefined ? '' : ` id="${escaped(id)}"`
      return `<h2${at}>${escaped(heading)}</h2>\n<pre>${escaped(text ?? '')}</pre>`
    })
  const html = [
    '<!doctype html><meta charset="utf-8">',
    `<title>${escaped(title)}</title>`,
    '<style>body { margin: 2em; font-family: sans-serif } pre { white-space: pre-wrap }</style>',
    `<h1>${escaped(title)}</h1>`,
    ...shown,
    '',
  ].join('\n')
  return {
    status: 200,
    raw: { type: 'text/html; charset=utf-8', bytes: Buffer.from(html) },
    headers: { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" },
  }
}

const entities: { readonly [char: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (char) => entities[char] ?? char)

const ownOf = <T>(map: { readonly [key: string]: T }, key: string): T | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
