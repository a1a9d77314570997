import { json, notFound, refusal, unprocessable } from '../answer.js'
import type { Answer } from '../answer.js'
import type { Call, Endpoint } from '../call.js'
import { ancestors, commitsBetween, mergeBase, resolveRef } from '../graph.js'
import { pageOf } from '../paging.js'
import { apiOf, siteOf } from '../shapes/addresses.js'
import { changesBetween, changeShape, commitShape } from '../shapes/commit.js'
import { refShape } from '../shapes/object.js'
import { fullRepository } from '../shapes/repository.js'
import type { Commit } from '../state.js'

function getRef({ world, repository, params }: Call): Answer {
  const name = params['ref'] ?? ''
  const sha = /^(heads|tags|pull)\/./.test(name) ? resolveRef(repository, `refs/${name}`) : undefined
  if (sha === undefined) return notFound()
  return json(200, refShape(world, repository, `refs/${name}`, sha))
}

function getCommit(call: Call): Answer {
  const { world, repository, params } = call
  const sha = resolveRef(repository, params['ref'] ?? '')
  const commit = sha === undefined ? undefined : repository.commits[sha]
  if (!commit) return unprocessable(`No commit found for SHA: ${params['ref'] ?? ''}`)
  const changes = changesBetween(repository, commit.parents[0], commit.sha)
  const total = (key: 'additions' | 'deletions'): number => changes.reduce((sum, each) => sum + each[key], 0)
  const [additions, deletions] = [total('additions'), total('deletions')]
  const { items, headers } = pageOf(call, changes)
  return json(
    200,
    {
      ...commitShape(world, repository, commit),
      stats: { additions, deletions, total: additions + deletions },
      files: items.map((change) => changeShape(world, repository, commit.sha, change)),
    },
    headers,
  )
}

function listBranches(call: Call): Answer {
  const { world, repository, query } = call
  const wanted = query.get('protected')
  const found = Object.entries(repository.branches).filter(
    ([, branch]) => wanted === null || String(branch.protected) === wanted,
  )
  const { items, headers } = pageOf(call, found)
  const api = apiOf(world, repository)
  const shapes = items.map(([name, { sha, protected: guarded }]) => ({
    name,
    commit: { sha, url: `${api}/commits/${sha}` },
    protected: guarded,
  }))
  return json(200, shapes, headers)
}

function getBranch({ world, repository, params }: Call): Answer {
  const name = params['branch'] ?? ''
  const branch = Object.hasOwn(repository.branches, name) ? repository.branches[name] : undefined
  const commit = branch && repository.commits[branch.sha]
  if (!branch || !commit) return refusal(404, 'Branch not found')
  const self = `${apiOf(world, repository)}/branches/${encodeURIComponent(name)}`
  return json(200, {
    name,
    commit: commitShape(world, repository, commit),
    _links: { self, html: `${siteOf(world, repository)}/tree/${name}` },
    protected: branch.protected,
    protection: { enabled: branch.protected },
    protection_url: `${self}/protection`,
  })
}

/** Compares two commits by their merge base, as `base...head`; each side may name a fork's owner, as `owner:branch`. */
function compare(call: Call): Answer {
  const { world, repository, params } = call
  const [baseName = '', headName = ''] = (params['basehead'] ?? '').split('...')
  const [base, head] = [commitOf(call, baseName), commitOf(call, headName)]
  if (!base || !head) return notFound()
  const { commits } = repository
  const common = commits[mergeBase(commits, base.sha, head.sha) ?? '']
  if (!common) return refusal(404, `No common ancestor between ${baseName} and ${headName}.`)
  const ahead = commitsBetween(commits, base.sha, head.sha)
  const behind = ancestors(commits, base.sha).size - (ancestors(commits, head.sha).size - ahead.length)
  const { items, headers } = pageOf(call, ahead)
  const changes = changesBetween(repository, common.sha, head.sha)
  const path = `compare/${base.sha}...${head.sha}`
  const page = `${siteOf(world, repository)}/${path}`
  const shape = {
    url: `${apiOf(world, repository)}/${path}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: commitShape(world, repository, base),
    merge_base_commit: commitShape(world, repository, common),
    status: statusOf(ahead.length, behind),
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: items.map((commit) => commitShape(world, repository, commit)),
    files: changes.map((change) => changeShape(world, repository, head.sha, change)),
  }
  return json(200, shape, headers)
}

function statusOf(ahead: number, behind: number): string {
  if (ahead && behind) return 'diverged'
  if (ahead) return 'ahead'
  return behind ? 'behind' : 'identical'
}

function commitOf({ world, repository }: Call, name: string): Commit | undefined {
  const [owner, ref] = name.includes(':') ? name.split(':') : [undefined, name]
  const home =
    owner === undefined || repository.full_name.startsWith(`${owner}/`)
      ? repository
      : Object.values(world.state.repositories).find(
          ({ full_name, commits }) => full_name.startsWith(`${owner}/`) && commits === repository.commits,
        )
  return home && repository.commits[resolveRef(home, ref ?? '') ?? '']
}

/** The repository, its branches and its commits. */
export const git: readonly Endpoint[] = [
  {
    operation: 'repos/get',
    permission: 'metadata=read',
    handle: ({ world, repository }) => json(200, fullRepository(world, repository)),
  },
  { operation: 'git/get-ref', permission: 'contents=read', handle: getRef },
  { operation: 'repos/get-commit', permission: 'contents=read', handle: getCommit },
  { operation: 'repos/list-branches', permission: 'contents=read', handle: listBranches },
  { operation: 'repos/get-branch', permission: 'contents=read', handle: getBranch },
  { operation: 'repos/compare-commits-with-basehead', permission: 'contents=read', handle: compare },
]
