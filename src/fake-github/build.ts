import { addPull } from './build-pull.js'
import { buildGit } from './build-repository.js'
import type { Ground } from './build-repository.js'
import { resolveRef } from './graph.js'
import type { ArtifactSeed, RepositorySeed, RunSeed, Seed, TokenSeed } from './seed.js'
import type { Repository, State, Token } from './state.js'
import { present } from './world.js'
import { zip } from './zip.js'

/** The tokens of a fake that is given none: one with all rights, and one as the run of a fork's pull request has it. */
export const defaultTokens = { writes: 'fake-token-that-writes', reads: 'fake-token-that-reads' } as const

const rights = ['actions', 'checks', 'contents', 'issues', 'pull_requests', 'security_events', 'statuses'] as const
const every = (level: 'read' | 'write'): Token['permissions'] =>
  Object.fromEntries(rights.map((right) => [right, level])) as Token['permissions']

/** A seed that names a file which is not there. */
export class SeedError extends Error {
  override readonly name = 'SeedError'
}

/** Fills the state from a seed; what the seed leaves out gets sensible defaults. */
export function buildState(seed: Seed, ground: Ground): State {
  const repositories: State['repositories'] = {}
  const seeds = Object.entries(seed.repositories ?? { 'org/repo': {} })
  for (const [name, each] of seeds) repositories[name] = buildGit(name, each, ground)
  for (const [name, each] of seeds) {
    const repository = repositories[name]
    if (repository) addWork(repositories, repository, each, ground)
  }
  const tokens = seed.tokens ?? { [defaultTokens.writes]: {}, [defaultTokens.reads]: { permissions: every('read') } }
  return {
    repositories,
    tokens: Object.fromEntries(Object.entries(tokens).map(([token, each]) => [token, buildToken(each)])),
  }
}

function buildToken({ kind = 'installation', login, permissions = every('write'), repositories }: TokenSeed): Token {
  return {
    login: login ?? (kind === 'user' ? 'octocat' : 'github-actions[bot]'),
    kind,
    permissions: { ...permissions },
    ...(repositories ? { repositories: [...repositories] } : {}),
  }
}

/** What people and runs left: issues, pull requests, comments, workflow runs, artifacts. */
function addWork(all: State['repositories'], repository: Repository, seed: RepositorySeed, ground: Ground): void {
  for (const number of seed.issues ?? []) repository.issues[number] = { title: `Issue ${number}`, labels: [] }
  for (const pull of seed.pulls ?? []) addPull(all, repository, pull, ground)
  addComments(repository, seed, ground)
  for (const run of seed.runs ?? []) addRun(repository, run, ground)
  for (const [run, artifacts] of Object.entries(seed.artifacts ?? {})) {
    if (!repository.runs[run]) addRun(repository, { id: Number(run) }, ground)
    for (const artifact of artifacts) addArtifact(repository, Number(run), artifact, ground)
  }
}

function addComments(repository: Repository, seed: RepositorySeed, ground: Ground): void {
  for (const [issue, comments] of Object.entries(seed.comments ?? {})) {
    repository.issues[issue] ??= { title: `Issue ${issue}`, labels: [] }
    repository.comments[issue] = comments.map(({ body, user = 'octocat', type, created_at: created, updated_at }) => {
      const at = created ?? present(ground)
      const by = { login: user, type: type ?? (user.endsWith('[bot]') ? 'Bot' : 'User') } as const
      return { id: ground.nextId(), body, user: by, created_at: at, updated_at: updated_at ?? at }
    })
  }
}

function addRun(repository: Repository, seed: RunSeed, ground: Ground): void {
  const branch = seed.head_branch ?? repository.default_branch
  const status = seed.status ?? 'completed'
  const id = seed.id ?? ground.nextId()
  repository.runs[id] = {
    id,
    name: seed.name ?? 'ci',
    path: seed.path ?? '.github/workflows/ci.yml',
    event: seed.event ?? 'pull_request',
    status,
    conclusion: status === 'completed' ? (seed.conclusion ?? 'success') : null,
    head_sha: seed.head_sha ?? resolveRef(repository, branch) ?? '0'.repeat(40),
    head_branch: branch,
    head_repository: seed.head_repository ?? repository.full_name,
    run_attempt: seed.run_attempt ?? 1,
    created_at: present(ground),
  }
}

function addArtifact(repository: Repository, run: number, seed: ArtifactSeed, ground: Ground): void {
  const id = seed.id ?? ground.nextId()
  repository.artifacts[id] = {
    id,
    run,
    name: seed.name,
    bytes: bytesOf(seed, ground),
    expired: seed.expired ?? false,
    created_at: present(ground),
  }
}

function bytesOf({ name, base64, path, files }: ArtifactSeed, { readFile }: Ground): Uint8Array {
  if (base64 !== undefined) return Buffer.from(base64, 'base64')
  if (path === undefined) return zip(files ?? {})
  const bytes = readFile?.(path)
  if (!bytes) throw new SeedError(`there is no file ${path} for the artifact ${name}`)
  return bytes
}
