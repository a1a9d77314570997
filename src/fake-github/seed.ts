import { Type } from 'typebox'
import type { Static, TProperties, TSchema } from 'typebox'

/** What the fake holds when it starts, and what `--state` reads. Every key is optional: `{}` is an empty public `org/repo`. */

const object = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false })
const text = Type.Optional(Type.String())
const flag = Type.Optional(Type.Boolean())
const number = Type.Optional(Type.Integer({ minimum: 1 }))
const shaPattern = '^[0-9a-f]{40}$'
const numberPattern = '^[1-9][0-9]*$'
const sha = Type.String({ pattern: shaPattern })
const time = Type.Optional(Type.String({ format: 'date-time' }))
const files = Type.Record(Type.String(), Type.String())
/** A map whose keys all fit the pattern. */
const keyed = <T extends TSchema>(pattern: string, values: T) =>
  Type.Optional(Type.Record(Type.String({ pattern }), values, { additionalProperties: false }))
const right = Type.Optional(Type.Union([Type.Literal('read'), Type.Literal('write')]))

const permissions = object({
  actions: right,
  checks: right,
  contents: right,
  issues: right,
  pull_requests: right,
  security_events: right,
  statuses: right,
})

const token = object({
  login: text,
  kind: Type.Optional(Type.Union([Type.Literal('installation'), Type.Literal('user')])),
  permissions: Type.Optional(permissions),
  repositories: Type.Optional(Type.Array(Type.String())),
})

const pull = object({
  number,
  title: text,
  body: text,
  state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('closed')])),
  merged: flag,
  draft: flag,
  user: text,
  labels: Type.Optional(Type.Array(Type.String())),
  head: Type.Optional(object({ ref: text, sha: Type.Optional(sha), repo: text })),
  base: Type.Optional(object({ ref: text })),
  merge_commit_sha: Type.Optional(sha),
})

const comment = object({
  body: Type.String(),
  user: text,
  type: Type.Optional(Type.Union([Type.Literal('User'), Type.Literal('Bot')])),
  created_at: time,
  updated_at: time,
})

const workflowRun = object({
  id: number,
  name: text,
  path: text,
  event: text,
  status: text,
  conclusion: text,
  head_sha: Type.Optional(sha),
  head_branch: text,
  head_repository: text,
  run_attempt: number,
})

const artifact = object({
  id: number,
  name: Type.String(),
  base64: text,
  path: text,
  files: Type.Optional(files),
  expired: flag,
})

const repository = object({
  private: flag,
  default_branch: text,
  commits: keyed(
    shaPattern,
    object({ parents: Type.Optional(Type.Array(sha)), message: text, date: time, files: Type.Optional(files) }),
  ),
  branches: Type.Optional(
    Type.Record(Type.String(), Type.Union([sha, object({ sha: Type.Optional(sha), protected: flag })])),
  ),
  tags: Type.Optional(Type.Record(Type.String(), sha)),
  files: Type.Optional(Type.Record(Type.String(), files)),
  issues: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }))),
  pulls: Type.Optional(Type.Array(pull)),
  comments: keyed(numberPattern, Type.Array(comment)),
  runs: Type.Optional(Type.Array(workflowRun)),
  artifacts: keyed(numberPattern, Type.Array(artifact)),
})

/** The schema of a seed. */
export const seedSchema = object({
  repositories: keyed('^[^/\\s]+/[^/\\s]+$', repository),
  tokens: Type.Optional(Type.Record(Type.String(), token)),
})

export type Seed = Static<typeof seedSchema>
export type RepositorySeed = Static<typeof repository>
export type TokenSeed = Static<typeof token>
export type PullSeed = Static<typeof pull>
export type RunSeed = Static<typeof workflowRun>
export type ArtifactSeed = Static<typeof artifact>
export type Permissions = Static<typeof permissions>
