import { join, resolve } from 'node:path'
import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import type { Json } from '../base/json.js'
import { nearest } from '../base/text.js'
import { fail, ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import { eventNames } from '../language/names.js'
import type { CacheService } from '../engine/cache/stores/github-service.js'
import type { Files } from '../ports.js'
import type { Event } from '../trigger/event.js'
import type { Environment } from './inputs.js'

/** What the runner says of the job. */
export interface Runner {
  event: Event
  /** The folder of the checkout's parent, absolute. */
  workspace: string
  /** Where runs are kept: outside of the workspace, which steps may clean. */
  home: string
  repository: string
  /** The run of GitHub Actions, and its page. */
  stamp?: { id: number; attempt: number }
  url?: string
  /** GitHub's own pages. */
  site: string
  api: string
  graphql?: string
  proxied: boolean
  /** Where GitHub vouches for this job, and what it wants to see for it; only with `id-token: write`. */
  identity?: { url: string; token: string }
  /** The cache of GitHub Actions, and what the job may do there. */
  cacheService?: CacheService
}

/** Reads the job's event and surroundings from the runner's variables. */
export function readRunner(environment: Environment, files: Files): Result<Runner, Diagnostic> {
  const of = (name: string): string => environment[name] ?? ''
  const name = of('GITHUB_EVENT_NAME')
  const known = eventNames.find((one) => one === name)
  if (!known) return fail(unknownEvent(name))
  const payload = readPayload(of('GITHUB_EVENT_PATH'), files)
  if (!payload.ok) return payload
  const repository = of('GITHUB_REPOSITORY')
  if (!/^[^/]+\/[^/]+$/.test(repository))
    return fail(error('runner', 'GITHUB_REPOSITORY is no `owner/name`', { hint: onlyThere }))
  const [id, attempt] = [Number(of('GITHUB_RUN_ID')), Number(of('GITHUB_RUN_ATTEMPT') || 1)]
  const numbered = Number.isSafeInteger(id) && id > 0 && Number.isSafeInteger(attempt) && attempt > 0
  const site = of('GITHUB_SERVER_URL') || 'https://github.com'
  const page = `${site}/${repository}/actions/runs/${id}`
  return ok({
    event: {
      name: known,
      payload: payload.value,
      ...(of('GITHUB_SHA') ? { sha: of('GITHUB_SHA') } : {}),
      ...(of('GITHUB_REF') ? { ref: of('GITHUB_REF') } : {}),
    },
    workspace: resolve(of('GITHUB_WORKSPACE') || '.'),
    home: join(resolve(of('RUNNER_TEMP') || '.'), 'wf'),
    repository,
    ...(numbered ? { stamp: { id, attempt }, url: attempt > 1 ? `${page}/attempts/${attempt}` : page } : {}),
    site,
    api: of('GITHUB_API_URL') || 'https://api.github.com',
    ...(of('GITHUB_GRAPHQL_URL') ? { graphql: of('GITHUB_GRAPHQL_URL') } : {}),
    ...(of('ACTIONS_ID_TOKEN_REQUEST_URL') && of('ACTIONS_ID_TOKEN_REQUEST_TOKEN')
      ? { identity: { url: of('ACTIONS_ID_TOKEN_REQUEST_URL'), token: of('ACTIONS_ID_TOKEN_REQUEST_TOKEN') } }
      : {}),
    ...cacheServiceOf(of),
    proxied: isProxied(of),
  })
}

const isProxied = (of: (name: string) => string): boolean =>
  ['HTTPS_PROXY', 'https_proxy'].some((one) => of(one) !== '')

/** The second protocol of the cache, which GitHub's own servers speak; older ones of enterprises do not. */
function cacheServiceOf(of: (name: string) => string): Pick<Runner, 'cacheService'> {
  const [url, token] = [of('ACTIONS_RESULTS_URL'), of('ACTIONS_RUNTIME_TOKEN')]
  // What is fetched for steps goes no way through a proxy; without one it would wait for nothing.
  if (isProxied(of)) return {}
  if (!URL.canParse(url) || token === '' || of('ACTIONS_CACHE_SERVICE_V2') === '') return {}
  const mode = of('ACTIONS_CACHE_MODE').trim().toLowerCase()
  const [reads, writes] = [mode !== 'none' && mode !== 'write-only', mode !== 'none' && mode !== 'read']
  return reads || writes ? { cacheService: { url, token, reads, writes } } : {}
}

const onlyThere = 'the action runs in GitHub Actions; on a laptop use `wf run`'

function unknownEvent(name: string): Diagnostic {
  if (name === '') return error('runner', 'GITHUB_EVENT_NAME is not set', { hint: onlyThere })
  if (name === 'pull_request_target')
    return error(
      'event',
      'wf does not run on `pull_request_target`: it would run a stranger’s code with your secrets',
      {
        hint: 'use `pull_request`, and a `workflow_run` workflow that posts for forks: templates/fork-safe',
      },
    )
  const [near] = nearest(name, eventNames)
  return error('event', `wf does not know the event \`${name}\``, {
    hint: near ? `did you mean \`${near}\`?` : `it knows ${eventNames.join(', ')}`,
  })
}

/** GitHub's limit of a payload is 25 MB; a file that is larger is none of GitHub's. */
const maxPayload = 25 * 2 ** 20

function readPayload(path: string, files: Files): Result<Event['payload'], Diagnostic> {
  const hint = 'the runner writes it for every job; is GITHUB_EVENT_PATH set by hand?'
  const there = path !== '' && (files.stat(path)?.size ?? 0) <= maxPayload
  const text = there ? files.readText(path) : undefined
  if (text === undefined)
    return fail(error('event', `there is no event payload at GITHUB_EVENT_PATH \`${path}\``, { hint }))
  try {
    const value = JSON.parse(text) as Json
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ok(value)
  } catch {
    // Said below.
  }
  return fail(error('event', `the event payload at \`${path}\` is no JSON object`, { hint }))
}
