import type { Permissions } from './seed.js'

/** All that the fake holds, as plain objects that tests read, and may change between requests. Times are ISO texts. */
export interface State {
  readonly repositories: { [fullName: string]: Repository }
  /** By the token itself. */
  readonly tokens: { [token: string]: Token }
}

export interface Token {
  login: string
  kind: 'installation' | 'user'
  permissions: Permissions
  /** The repositories that it reaches; absent for all. */
  repositories?: string[]
}

export interface Repository {
  id: number
  /** `owner/name`. */
  full_name: string
  private: boolean
  default_branch: string
  /** The repository that it was forked from. */
  fork_of?: string
  /** By SHA; a fork shares them with its origin, as on GitHub. */
  commits: { [sha: string]: Commit }
  branches: { [name: string]: { sha: string; protected: boolean } }
  tags: { [name: string]: string }
  /** Issues and pull requests, by number. */
  issues: { [number: string]: { title: string; labels: string[] } }
  pulls: { [number: string]: Pull }
  /** By issue number, oldest first. */
  comments: { [issue: string]: Comment[] }
  /** By pull request number, oldest first. */
  reviews: { [pull: string]: Review[] }
  /** What was made and is in no commit yet: files by the SHA of their tree, contents by their own. */
  trees: { [sha: string]: Tree }
  blobs: { [sha: string]: string }
  /** By the SHA that they are about, oldest first. */
  checkRuns: { [sha: string]: CheckRun[] }
  statuses: { [sha: string]: CommitStatus[] }
  /** SARIF files that were uploaded. */
  uploads: Upload[]
  runs: { [id: string]: WorkflowRun }
  artifacts: { [id: string]: Artifact }
  created_at: string
}

export interface Commit {
  sha: string
  parents: string[]
  message: string
  date: string
  /** All files by path; absent where they are those of the first parent. */
  files?: { [path: string]: string }
  /** Which of them can be executed, where the commit was made by the API. */
  executable?: readonly string[]
}

export interface Tree {
  files: { [path: string]: string }
  executable: string[]
}

export interface Pull {
  id: number
  number: number
  title: string
  body: string | null
  state: 'open' | 'closed'
  merged: boolean
  draft: boolean
  user: string
  head: { ref: string; sha: string; repo: string }
  base: { ref: string; sha: string }
  merge_commit_sha: string
  created_at: string
}

/** Who did something: a person, or an app by its bot. */
export interface Author {
  login: string
  type: 'User' | 'Bot'
}

export interface Comment {
  id: number
  body: string
  user: Author
  created_at: string
  updated_at: string
}

export interface Review {
  id: number
  body: string
  user: Author
  commit_id: string
  submitted_at: string
  comments: ReviewComment[]
}

/** A remark on lines of a pull request's head. */
export interface ReviewComment {
  id: number
  path: string
  body: string
  start_line: number | null
  line: number
  user: Author
  commit_id: string
  created_at: string
}

export interface Annotation {
  path: string
  start_line: number
  end_line: number
  start_column: number | null
  end_column: number | null
  annotation_level: string
  title: string | null
  message: string
  raw_details: string | null
}

export interface CheckRun {
  id: number
  name: string
  head_sha: string
  external_id: string | null
  details_url: string | null
  status: string
  conclusion: string | null
  started_at: string
  completed_at: string | null
  output: { title: string | null; summary: string | null; text: string | null }
  annotations: Annotation[]
  /** The login of the app that made it. */
  app: string
}

export interface CommitStatus {
  id: number
  state: string
  context: string
  description: string | null
  target_url: string | null
  creator: Author
  created_at: string
}

export interface Upload {
  id: string
  commit_sha: string
  ref: string
  /** The SARIF document itself, unpacked. */
  sarif: unknown
}

export interface WorkflowRun {
  id: number
  name: string
  path: string
  event: string
  status: string
  conclusion: string | null
  head_sha: string
  head_branch: string
  head_repository: string
  run_attempt: number
  created_at: string
}

export interface Artifact {
  id: number
  run: number
  name: string
  /** The zip file. */
  bytes: Uint8Array
  expired: boolean
  created_at: string
}
