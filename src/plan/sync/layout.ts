import type { Json } from '../../base/json.js'
import { isPinned, pinIt } from './actions.js'
import type { Actions } from './actions.js'
import { planJob, verdictJob } from './names.js'
import type { Existing, OwnName } from './own.js'
import type { Layout } from './text.js'

type Path = readonly (string | number)[]

/** Where users may write, by the path in the workflow; behind all that stands there. */
const ownPlaces: Record<string, OwnName> = {
  on: 'triggers',
  jobs: 'jobs',
  [`jobs/${verdictJob}/permissions`]: 'verdict-permissions',
  [`jobs/${verdictJob}/steps/2/with`]: 'verdict-with',
  [`jobs/${verdictJob}/steps`]: 'verdict-steps',
}

/** The own part that stands at the end of a mapping. */
export const placeOf = (path: Path): OwnName | undefined => ownPlaces[path.join('/')]

/** Why the last job may do what it may. */
const reasons: Record<string, string> = {
  contents: 'to check out',
  checks: 'for the check',
  'pull-requests': 'for the comment',
}

/** How the parts of a workflow stand on the page, with what is said of them, and with what users wrote at its places. */
export function layoutOf(actions: Actions, own: Existing['own']): Layout {
  const notes = new Map(Object.values(actions).flatMap(({ uses, note }) => (note === undefined ? [] : [[uses, note]])))
  return {
    note(path, value) {
      const [top, job, key, ...rest] = path
      if (top !== 'jobs') return undefined
      if (key === 'permissions' && rest.length === 1) return reasonOf(String(job), String(rest[0]), value)
      if (key !== 'steps' || rest[1] !== 'uses' || rest.length !== 2) return undefined
      if (value !== actions.wf.uses || isPinned(actions.wf)) return notes.get(value as string)
      return job === planJob ? pinIt : undefined
    },
    apart: ([top, ...rest]) => top === 'jobs' && (rest.length === 0 || (rest.length === 1 && rest[0] !== planJob)),
    block: (path) => placeOf(path) !== undefined || (path[0] === 'jobs' && isWide(path)),
    rest(path) {
      const name = placeOf(path)
      return name === undefined ? [] : indented(own.get(name) ?? [], ownIndents[name])
    },
  }
}

/** How many blanks stand before the members of the places of own parts. */
const ownIndents: Record<OwnName, number> = {
  triggers: 2,
  jobs: 2,
  'verdict-permissions': 6,
  'verdict-with': 10,
  'verdict-steps': 6,
}

/** Lines as their place asks, whatever blanks they have in common now; the marks around them stand where they like. */
function indented(lines: readonly string[], indent: number): string[] {
  const isMark = (i: number): boolean => i === 0 || i === lines.length - 1
  const written = lines.filter((line, i) => line.trim() !== '' && !isMark(i))
  const common = Math.min(...written.map((line) => line.search(/\S/)))
  return lines.map((line, i) =>
    line.trim() === '' ? '' : ' '.repeat(indent) + (isMark(i) ? line.trim() : line.slice(common)),
  )
}

/** Jobs, their steps and their matrices are read from top to bottom. */
const isWide = (path: Path): boolean =>
  path.length === 2 ||
  path.at(-2) === 'steps' ||
  ['steps', 'strategy', 'matrix', 'include'].includes(String(path.at(-1)))

/** Why a job may do something; one that only reads the repository needs no word about it. */
function reasonOf(job: string, permission: string, value: Json): string | undefined {
  if (job !== verdictJob) return permission === 'contents' && value === 'read' ? undefined : 'the stage asks for it'
  return permission === 'contents' && value === 'write' ? 'to check out, and to keep the history' : reasons[permission]
}
