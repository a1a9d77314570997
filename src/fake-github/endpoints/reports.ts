import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { Json } from '../../base/json.js'
import { json, refusal, unprocessable } from '../answer.js'
import type { Answer } from '../answer.js'
import { mapOf, textOf } from '../call.js'
import type { Call, Endpoint } from '../call.js'
import { resolveRef } from '../graph.js'
import { apiOf, nodeId } from '../shapes/addresses.js'
import { authorOf, userShape } from '../shapes/user.js'
import type { CommitStatus } from '../state.js'
import { present } from '../world.js'

/** What code scanning takes: bytes packed, bytes unpacked (so that nothing here explodes), runs, results of one run. */
const limits = { packed: 10_485_760, unpacked: 209_715_200, runs: 20, results: 25_000 }

/** Takes a SARIF file: gzip within base64. The real service tells some of these refusals only later, of the finished upload. */
function uploadSarif({ world, repository, body }: Call): Answer {
  const sha = textOf(body['commit_sha']) ?? ''
  const packed = Buffer.from(textOf(body['sarif']) ?? '', 'base64')
  if (packed.length > limits.packed) return refusal(413, 'The SARIF file is larger than 10 MB')
  const sarif = unpack(packed)
  const fault = sarif === undefined ? 'the file is not gzip of JSON, in base64' : faultOf(sarif)
  if (sarif === undefined || fault) return refusal(400, `Invalid SARIF: ${fault ?? ''}`)
  if (!Object.hasOwn(repository.commits, sha)) return unprocessable(`commit not found: ${sha}`)
  const id = createHash('sha1').update(String(world.nextId())).digest('hex').slice(0, 32)
  repository.uploads.push({ id, commit_sha: sha, ref: textOf(body['ref']) ?? '', sarif })
  return json(202, { id, url: `${apiOf(world, repository)}/code-scanning/sarifs/${id}` })
}

function unpack(packed: Uint8Array): Json | undefined {
  try {
    return JSON.parse(gunzipSync(packed, { maxOutputLength: limits.unpacked }).toString()) as Json
  } catch {
    return undefined
  }
}

function faultOf(sarif: Json): string | undefined {
  const { version, runs } = mapOf(sarif)
  if (version !== '2.1.0') return 'version must be 2.1.0'
  if (!Array.isArray(runs)) return 'it has no runs'
  if (runs.length > limits.runs) return `it has more than ${limits.runs} runs`
  const results = runs.map((run) => mapOf(run)['results'])
  if (results.some((each) => Array.isArray(each) && each.length > limits.results))
    return `a run has more than ${limits.results} results`
  return undefined
}

function createStatus({ world, repository, body, params, token }: Call): Answer {
  const sha = resolveRef(repository, params['sha'] ?? '')
  if (sha === undefined || !token) return unprocessable(`No commit found for SHA: ${params['sha'] ?? ''}`)
  const status: CommitStatus = {
    id: world.nextId(),
    state: textOf(body['state']) ?? '',
    context: textOf(body['context']) ?? 'default',
    description: textOf(body['description']) ?? null,
    target_url: textOf(body['target_url']) ?? null,
    creator: authorOf(token),
    created_at: present(world),
  }
  repository.statuses[sha] = [...(repository.statuses[sha] ?? []), status]
  const creator = userShape(world, status.creator)
  return json(201, {
    ...status,
    url: `${apiOf(world, repository)}/statuses/${sha}`,
    avatar_url: creator['avatar_url'] ?? null,
    node_id: nodeId('Status', status.id),
    updated_at: status.created_at,
    creator,
  })
}

/** Findings for code scanning, and commit statuses. */
export const reports: readonly Endpoint[] = [
  { operation: 'code-scanning/upload-sarif', permission: 'security_events=write', handle: uploadSarif },
  { operation: 'repos/create-commit-status', permission: 'statuses=write', handle: createStatus },
]
