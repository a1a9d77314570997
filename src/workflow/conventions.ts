import type { GatesFile } from '../language/gates.js'

/** What the messages of commits and the titles of pull requests have to be. */
export interface CommitRules {
  types: readonly string[]
  /** Any scope when absent. */
  scopes?: readonly string[]
  /** A scope has to be there. */
  scoped: boolean
  /** Characters of the first line. */
  maxLength: number
}

/** The types of the field, which a file may replace. */
const usualTypes = [
  'feat',
  'fix',
  'docs',
  'test',
  'refactor',
  'perf',
  'ci',
  'security',
  'chore',
  'build',
  'style',
  'revert',
] as const

export const usualRules: CommitRules = { types: usualTypes, scoped: false, maxLength: 100 }

/** A branch, and the branches that it may be merged into; patterns are those of `on.branches`. */
export interface BranchRule {
  from: string
  to: readonly string[]
}

/** GitFlow: features grow from `develop`, releases and hotfixes go to production and back. */
export const gitflow: readonly BranchRule[] = [
  { from: 'feature/**', to: ['develop'] },
  { from: 'bugfix/**', to: ['develop', 'release/**'] },
  { from: 'release/**', to: ['main', 'master', 'develop'] },
  { from: 'hotfix/**', to: ['main', 'master', 'develop', 'release/**'] },
  { from: 'support/**', to: ['support/**'] },
  { from: 'develop', to: ['main', 'master', 'release/**'] },
  { from: '{main,master}', to: ['develop'] },
]

/** Trunk: short branches with a word for what they are, merged into the trunk. */
export const trunk: readonly BranchRule[] = [
  {
    from: '{feat,feature,fix,bugfix,hotfix,docs,test,refactor,perf,ci,chore,build,style,security,release,renovate,dependabot}/**',
    to: ['main', 'master', 'trunk', 'release/**'],
  },
]

/** Which conventions a gate asks for; what is absent is not asked for. */
export interface ConventionRules {
  /** Of every commit that the change brings. */
  commits?: CommitRules
  /** Of the pull request's title. */
  title?: CommitRules
  branches?: readonly BranchRule[]
  instructions: boolean
  envFiles: boolean
}

type File = Exclude<NonNullable<GatesFile['conventions']>, 'off'>

/** The conventions that are asked for; where nothing is named, all that need no choice. */
export function readConventions(file: File): ConventionRules {
  const { commits, title, branches, instructions, 'env-files': envFiles } = file
  const isBare = [commits, title, branches, instructions, envFiles].every((one) => one === undefined)
  const read = (written: File['commits']): CommitRules | undefined => {
    if (written === undefined) return isBare ? usualRules : undefined
    if (typeof written === 'boolean') return written ? usualRules : undefined
    return {
      types: written.types ?? usualTypes,
      scoped: written.scoped ?? false,
      maxLength: written['max-length'] ?? usualRules.maxLength,
      ...(written.scopes ? { scopes: written.scopes } : {}),
    }
  }
  const [ofCommits, ofTitle] = [read(commits), read(title)]
  return {
    ...(ofCommits ? { commits: ofCommits } : {}),
    ...(ofTitle ? { title: ofTitle } : {}),
    ...(branches === undefined ? {} : { branches: branchesOf(branches) }),
    instructions: instructions ?? isBare,
    envFiles: envFiles ?? isBare,
  }
}

const branchesOf = (written: NonNullable<File['branches']>): readonly BranchRule[] => {
  if (written === 'gitflow') return gitflow
  return written === 'trunk' ? trunk : written.map(({ from, to }) => ({ from, to: [to].flat() }))
}
