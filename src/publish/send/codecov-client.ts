import type { Json } from '../../base/json.js'
import type { Failure } from '../../effects/effect.js'
import type { Clock, Http } from '../../ports.js'
import { textOf } from './answers.js'
import { ask } from './codecov-ask.js'
import type { Asked } from './codecov-ask.js'
import type { CoverageFile } from './codecov-files.js'
import type { CodecovAccess, CodecovPlace } from './codecov-place.js'

/** Codecov's own address for uploads, and the name under which it knows identities that GitHub vouches for. */
const service = 'https://ingest.codecov.io'
const audience = 'https://codecov.io'
/** So many characters are sent at once. */
const maxPayload = 100_000_000
const patience = { asking: 30_000, sending: 60_000 }

export interface ClientTools {
  http: Http
  clock: Clock
  /** The paths that git tracks; Codecov finds the files that a report means among them. */
  tracked: () => Promise<readonly string[]>
}

/** One Codecov and what it is told: the commit and its report once, and an upload for each suite, whose flag it carries. */
export class Codecov {
  readonly sha: string
  readonly #base: string
  #token: string

  constructor(
    private readonly place: CodecovPlace,
    private readonly access: CodecovAccess,
    private readonly tools: ClientTools,
    private readonly signal: () => AbortSignal,
  ) {
    this.sha = place.sha
    this.#token = access.token
    this.#base = `${access.url ?? service}/upload/${place.service}/${place.repository.replace('/', '::::')}`
  }

  /** Sends all files; answers what Codecov says of the last upload. */
  async send(files: readonly CoverageFile[]): Promise<Asked> {
    const { branch, pullRequest, sha } = this.place
    const identified = await this.#identify()
    if (!identified.ok) return identified
    const commit = {
      branch,
      commitid: sha,
      parent_commit_id: null,
      pullid: pullRequest === null ? null : `${pullRequest}`,
    }
    const known = await this.#post('commits', { ...commit, version: 'wf' })
    if (!known.ok) return known
    const report = await this.#post(`commits/${sha}/reports`, { code: 'default', version: 'wf' })
    if (!report.ok) return report
    const tracked = await this.tools.tracked()
    let last: Asked = report
    for (const suite of new Set(files.map((file) => file.suite))) {
      const group = files.filter((file) => file.suite === suite)
      last = await this.#upload(suite, group, tracked)
      if (!last.ok) return last
    }
    return last
  }

  /** Without a token GitHub is asked to vouch for the job, where it does. */
  async #identify(): Promise<Asked> {
    const { identity, url } = this.access
    if (this.#token !== '' || identity === undefined) return { ok: true, data: null }
    const address = new URL(identity.url)
    address.searchParams.set('audience', url ?? audience)
    const headers = { accept: 'application/json', authorization: `bearer ${identity.token}` }
    const answer = await this.#ask('GitHub, which was asked to vouch for this job,', {
      method: 'GET',
      url: address.href,
      headers,
      // The runner itself gives this address.
      allowPrivate: true,
    })
    if (!answer.ok) return { ...answer, advice: 'give a token in the input `codecov-token`' }
    this.#token = textOf(answer.data, 'value') ?? ''
    return answer
  }

  async #upload(suite: string | undefined, files: readonly CoverageFile[], tracked: readonly string[]): Promise<Asked> {
    const payload = JSON.stringify({
      report_fixes: { format: 'legacy', value: {} },
      network_files: tracked,
      coverage_files: files.map(({ path, data }) => ({
        filename: path,
        format: 'base64+compressed',
        data,
        labels: '',
      })),
      metadata: {},
    })
    if (payload.length > maxPayload)
      return wrong(`the coverage reports are longer than ${maxPayload} characters, compressed`)
    const { build, job, sha } = this.place
    const asked = await this.#post(`commits/${sha}/reports/default/uploads`, {
      ci_service: 'github-actions',
      ci_url: build,
      env: {},
      flags: suite === undefined ? [] : [suite],
      job_code: job,
      name: job,
      version: 'wf',
      file_not_found: false,
      report_payload_bytes: Buffer.byteLength(payload),
    })
    if (!asked.ok) return asked
    const location = this.#storage(asked.data)
    if (location === undefined) return wrong('Codecov named no place that the report could go to')
    // The address is signed; the token is not for whoever keeps the files.
    const stored = await this.#ask('the storage that Codecov named', {
      method: 'PUT',
      url: location,
      headers: {},
      body: payload,
      timeoutMs: patience.sending,
    })
    return stored.ok ? asked : { ...stored, advice: stored.advice ?? 'run the job again' }
  }

  /** Where the report goes: encrypted, unless Codecov itself is asked in the clear. */
  #storage(data: Json): string | undefined {
    const text = textOf(data, 'raw_upload_location')
    const protocol = text !== undefined && URL.canParse(text) ? new URL(text).protocol : undefined
    const clear = this.access.url?.startsWith('http:') === true
    return protocol === 'https:' || (protocol === 'http:' && clear) ? text : undefined
  }

  async #post(path: string, body: { [key: string]: Json }): Promise<Asked> {
    const asked = await this.#ask('Codecov', {
      method: 'POST',
      url: `${this.#base}/${path}`,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...(this.#token === '' ? {} : { authorization: `token ${this.#token}` }),
      },
      body: JSON.stringify(body),
    })
    if (asked.ok) return asked
    const advice = asked.advice ?? this.#adviceOn(asked.failure)
    return { ...asked, ...(advice === undefined ? {} : { advice }) }
  }

  #adviceOn(failure: Failure): string | undefined {
    if (failure.kind !== 'refused') return undefined
    const { status } = failure
    if (status === 0 || (status >= 300 && status < 400)) return 'check the input `codecov-url`'
    if (status !== 400 && status !== 401 && status !== 403 && status !== 404) return undefined
    return this.#token === ''
      ? 'give the repository’s token in the input `codecov-token`, or the job `id-token: write`: Codecov takes uploads without one from forks of public repositories only, unless its settings say otherwise'
      : `check that Codecov has the repository ${this.place.repository}, and that the token is of it`
  }

  async #ask(
    who: string,
    request: Omit<Parameters<typeof ask>[1], 'timeoutMs' | 'allowPrivate'> & {
      timeoutMs?: number
      allowPrivate?: boolean
    },
  ): Promise<Asked> {
    const { http, clock } = this.tools
    // A Codecov of one's own may stand in a private network, and its storage too.
    const usual = { timeoutMs: patience.asking, allowPrivate: this.access.url !== undefined }
    return ask(who, { ...usual, ...request }, { http, clock, signal: this.signal() })
  }
}

const wrong = (message: string): Asked => ({ ok: false, failure: { ok: false, kind: 'refused', status: 0, message } })
