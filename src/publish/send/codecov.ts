import { count } from '../../base/text.js'
import type { Effect, Failure } from '../../effects/effect.js'
import type { Json } from '../../base/json.js'
import type { Journal } from '../../journal/journal.js'
import { textOf } from './answers.js'
import { Codecov } from './codecov-client.js'
import type { ClientTools } from './codecov-client.js'
import { collectCoverage, leftOut } from './codecov-files.js'
import type { CollectTools, CoverageFile } from './codecov-files.js'
import type { CodecovAccess, CodecovPlace } from './codecov-place.js'

/** What a run sends to Codecov, when it has ended. */
export interface CodecovUpload {
  /** The effect that sends it; nothing where there is nothing to send, which the journal then says. */
  effect(signal: () => AbortSignal): Promise<Effect | undefined>
}

type Tools = ClientTools & CollectTools & { journal: Journal }

/** Gathers coverage reports from now on, and those that the journal names already. */
export function openCodecov(place: CodecovPlace, access: CodecovAccess, tools: Tools): CodecovUpload {
  const collected = collectCoverage(tools.journal, tools)
  const note = (message: string): void => tools.journal.append({ type: 'note', message })
  return {
    async effect(signal) {
      const { files, left } = await collected()
      const stays = leftOut(left)
      if (stays !== undefined) note(stays)
      if (files.length === 0) {
        if (stays === undefined) note('nothing was sent to Codecov: no step left a coverage report')
        return undefined
      }
      return uploadEffect(files, new Codecov(place, access, tools, signal), note)
    },
  }
}

function uploadEffect(files: readonly CoverageFile[], codecov: Codecov, note: (message: string) => void): Effect {
  let advice: string | undefined
  // Each request is repeated by itself, so all of them together are not.
  let sent: ReturnType<Effect['make']> | undefined
  const make: Effect['make'] = async () => {
    const done = await codecov.send(files)
    if (!done.ok) {
      advice = done.advice
      return done.failure
    }
    const url = urlOf(done.data)
    const flags = [...new Set(files.flatMap(({ suite }) => suite ?? []))].sort()
    const flagged = flags.length > 0 ? ` (${flags.join(', ')})` : ''
    note(`${count(files.length, 'coverage report')} sent to Codecov${flagged}${url === null ? '' : `: ${url}`}`)
    return { ok: true, value: { id: codecov.sha, url } }
  }
  return {
    id: 'codecov',
    permission: '',
    look: async () => ({ ok: true, value: undefined }),
    change: async (remote) => ({ ok: true, value: remote }),
    make: async () => (sent ??= make()),
    explain: (failure) => ({ reason: reasonOf(failure), ...(advice === undefined ? {} : { mend: advice }) }),
  }
}

const reasonOf = (failure: Failure): string =>
  failure.kind === 'cancelled' ? 'there was no time left to wait for Codecov' : failure.message

/** The page that shows the result. */
function urlOf(data: Json): string | null {
  const url = textOf(data, 'url')
  return url !== undefined && url.length <= 500 && /^https?:\/\/[!-~]+$/.test(url) ? url : null
}
