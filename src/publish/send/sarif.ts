import { gzipSync } from 'node:zlib'
import type { Effect } from '../../effects/effect.js'
import type { GitHub } from '../../ports.js'
import { textOf } from './answers.js'

/** The commit and ref that findings belong to: those that were tested. */
export interface SarifPlace {
  sha: string
  ref: string
}

/** GitHub takes 10 MB of it, compressed. */
const maxBytes = 10_000_000

/** The effect that hands findings to code scanning; a later upload of the same commit takes the place of an earlier one. */
export function sarifEffect(github: GitHub, { sha, ref }: SarifPlace, text: string, signal: () => AbortSignal): Effect {
  const compressed = gzipSync(text)
  return {
    id: 'sarif',
    permission: 'security-events: write',
    look: async () => ({ ok: true, value: undefined }),
    change: async (remote) => ({ ok: true, value: remote }),
    async make() {
      if (compressed.length > maxBytes)
        return { ok: false, kind: 'refused', status: 413, message: `the findings are larger than ${maxBytes} bytes` }
      const answer = await github.request(
        'POST /repos/{owner}/{repo}/code-scanning/sarifs',
        { commit_sha: sha, ref, sarif: compressed.toString('base64'), tool_name: 'wf' },
        { signal: signal() },
      )
      if (!answer.ok) return answer
      const id = textOf(answer.data, 'id')
      if (id === undefined) return { ok: false, kind: 'network', message: 'GitHub answered what nobody can read' }
      return { ok: true, value: { id, url: textOf(answer.data, 'url') ?? null } }
    },
  }
}
