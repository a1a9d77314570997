import { error } from '../../base/diagnostic.js'
import type { Diagnostic } from '../../base/diagnostic.js'
import { fail, ok } from '../../base/result.js'
import type { Result } from '../../base/result.js'

/** An action as a workflow names it, and what stands behind its name. */
export interface Action {
  uses: string
  note?: string
}

/** The actions of others that a synced workflow uses: commits, with their versions for people. */
const pinned = {
  checkout: { name: 'actions/checkout', version: '7.0.1', commit: '3d3c42e5aac5ba805825da76410c181273ba90b1' },
  upload: { name: 'actions/upload-artifact', version: '7.0.0', commit: 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f' },
  download: { name: 'actions/download-artifact', version: '8.0.1', commit: '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c' },
} as const
type Pinned = keyof typeof pinned

/** What a synced workflow uses. */
export type Actions = Record<Pinned, Action> & { wf: Action }

/** Our action where nobody says which; its commit is known only when it has been released. */
const ourAction = 'org/wf-action@v1'

/**
 * The actions to use. Ours is the one asked for, else the one that the file there uses; of another's the file may have a newer version
 * than is known here, which whoever looks after versions has put there, and which stays.
 */
export function actionsOf(existing: string, asked?: Action): Actions {
  return {
    checkout: newer('checkout', existing),
    upload: newer('upload', existing),
    download: newer('download', existing),
    wf: asked ?? used(existing) ?? { uses: ourAction },
  }
}

function newer(key: Pinned, existing: string): Action {
  const { name, version, commit } = pinned[key]
  const [, there, its = ''] =
    RegExp(`^[ -]*uses: ${name}@([0-9a-f]{40}) # v(\\d+\\.\\d+\\.\\d+)$`, 'm').exec(existing) ?? []
  return there !== undefined && isNewer(its, version)
    ? { uses: `${name}@${there}`, note: `v${its}` }
    : { uses: `${name}@${commit}`, note: `v${version}` }
}

function isNewer(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number)) as [number[], number[]]
  const at = a.findIndex((part, i) => part !== b[i])
  return at !== -1 && (a[at] ?? 0) > (b[at] ?? 0)
}

/** The lines of a synced workflow that name our action follow this one. */
const ours = '- id: wf\n +uses: '

function used(existing: string): Action | undefined {
  const [, uses, note] = RegExp(`${ours}'?([^\\s']+)'?(?: # (.*))?`).exec(existing) ?? []
  if (uses === undefined) return undefined
  return note === undefined || note === pinIt ? { uses } : { uses, note }
}

const names = Object.values(pinned).map(({ name }) => name)
/** Up to where the version of an action begins. */
const ourLines = RegExp(`(${ours}[^@\\n]*@).*`, 'g')
const theirLines = RegExp(`^([ -]*uses: (?:${names.join('|')})@).*`, 'gm')

/** The text without what a machine that looks after versions may change in it. */
export const withoutVersions = (text: string): string => text.replaceAll(ourLines, '$1').replaceAll(theirLines, '$1')

/** What is said where our action is named by a tag. */
export const pinIt = 'pin it: `wf sync --action OWNER/NAME@COMMIT`'

/** Whether an action is named by what cannot be moved to other code. */
export const isPinned = ({ uses }: Action): boolean =>
  uses.startsWith('./') || /@(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(uses)

/** Reads an action as a user writes it, with what people are told behind `#`: `org/wf-action@<commit> # v1.2.3`. */
export function readAction(text: string): Result<Action, Diagnostic> {
  const [, uses, note] = /^\s*(\.\/[\w./-]*|[\w.-]+\/[\w./-]+@[\w./+-]+)\s*(?:#\s*([\w .+-]+?))?\s*$/.exec(text) ?? []
  if (uses === undefined)
    return fail(
      error('arguments', `\`${text}\` is no action`, {
        hint: 'it is `OWNER/NAME@COMMIT`, with its version for people behind it: `--action "org/wf-action@<commit> # v1.2.3"`',
      }),
    )
  return ok(note ? { uses, note } : { uses })
}
