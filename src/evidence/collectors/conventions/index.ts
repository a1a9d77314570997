import type { Git } from '../../../ports.js'
import type { RunContext } from '../../../trigger/context.js'
import { fetchCommit, mergeBase, openClone } from '../../../trigger/clone.js'
import { shortRef } from '../../../trigger/target.js'
import { textAt } from '../../../trigger/event.js'
import { collectedFindings } from '../../build-findings.js'
import type { Remark } from '../../build-findings.js'
import type { FindingsEvidence } from '../../evidence.js'
import { checkBranch } from './branches.js'
import { checkMessage } from './commit-message.js'
import { checkEnvFile, isEnvFile } from './env-files.js'
import { globMatcher } from './glob.js'
import { checkInstructions, isInstructionFile } from './instructions.js'
import type { BranchRule, CommitRules, ConventionRules } from '../../../workflow/conventions.js'

/** What is asked for conventions. */
export interface Surroundings {
  git: Git
  folder: string
  context: RunContext
  /** The paths that git tracks; nothing outside of a repository. */
  tracked: () => Promise<ReadonlySet<string> | undefined>
  lines: (name: string) => readonly string[] | undefined
}

/** What git, the event and the tracked files say of the conventions that are asked for. What cannot be had is an error, never good. */
export async function collectConventions(rules: ConventionRules, from: Surroundings): Promise<FindingsEvidence> {
  const remarks = [
    ...(rules.commits ? await commitRemarks(rules.commits, from) : []),
    ...(rules.title ? titleRemarks(rules.title, from.context) : []),
    ...(rules.branches ? branchRemarks(rules.branches, from.context) : []),
    ...(rules.instructions || rules.envFiles ? await fileRemarks(rules, from) : []),
  ]
  const builder = collectedFindings('conventions')
  for (const remark of remarks) builder.add(remark)
  return builder.finish()
}

const wrongMessage = (what: string, message: string, rules: CommitRules, rule: string): Remark[] => {
  const { wrong, instead } = checkMessage(message, rules)
  if (!wrong.length) return []
  const shown = instead === undefined ? '' : `; it could read \`${instead}\``
  return [{ rule, severity: 'error', tool: 'wf', message: `${what}: ${wrong.join('; ')}${shown}` }]
}

const titleRemarks = (rules: CommitRules, { payload }: RunContext): Remark[] => {
  const title = textAt(payload, 'pull_request', 'title')
  return title === null ? [] : wrongMessage(`the title \`${title}\``, title, rules, 'title')
}

async function commitRemarks(rules: CommitRules, { git, folder, context }: Surroundings): Promise<Remark[]> {
  const { base, sha } = context
  const head = sha ?? 'HEAD'
  const clone = await openClone(git, folder)
  if (!clone) return [unknown('there is no repository, so no commit can be read')]
  // Of a pull request the head may not be what is checked out, and of a shallow clone the base may be missing.
  const there = await fetchCommit(clone, head)
  const from = base === null || !there.ok ? undefined : await mergeBase(clone, head, base)
  const range = from === undefined ? ['--max-count=1', head] : [`${from}..${head}`]
  if (base !== null && from === undefined)
    return [unknown('the commits of the change cannot be read: check out the history (`fetch-depth: 0`)')]
  const { code, stdout } = await git.run(folder, ['log', '--no-merges', '-z', '--format=%h%n%B', ...range, '--'])
  if (code !== 0) return [unknown('git cannot list the commits of the change')]
  return stdout
    .split('\0')
    .filter((entry) => entry.trim() !== '')
    .flatMap((entry) => {
      const at = entry.indexOf('\n')
      const message = entry.slice(at + 1).trimEnd()
      const first = message.split('\n', 1)[0] ?? ''
      return wrongMessage(`commit ${entry.slice(0, at).trim()} \`${first}\``, message, rules, 'commit-message')
    })
}

const unknown = (message: string): Remark => ({ rule: 'history', severity: 'error', tool: 'wf', message })

/** Branches to which changes go; without an event their own names are nobody's convention. */
const trunks = new Set(['main', 'master', 'trunk', 'develop'])

function branchRemarks(rules: readonly BranchRule[], context: RunContext): Remark[] {
  const local = context.event === 'local' ? shortRef(context.ref, 'heads') : null
  const from = context.headRef ?? (local !== null && !trunks.has(local) ? local : null)
  const wrong = from === null ? undefined : checkBranch(from, context.baseRef, rules)
  return wrong === undefined ? [] : [{ rule: 'branch', severity: 'error', tool: 'wf', message: wrong }]
}

async function fileRemarks(rules: ConventionRules, { tracked, lines }: Surroundings): Promise<Remark[]> {
  const names = [...((await tracked()) ?? [])]
  const { parse } = await import('yaml')
  const matches = (glob: string): boolean => names.some(globMatcher(glob))
  const options = { maxAliasCount: 0, schema: 'core' } as const
  return names.flatMap((name) => {
    const isAsked = (rules.envFiles && isEnvFile(name)) || (rules.instructions && isInstructionFile(name))
    const content = isAsked ? lines(name)?.join('\n') : undefined
    if (content === undefined) return []
    return isEnvFile(name)
      ? checkEnvFile(name, content)
      : checkInstructions(name, content, { matches, parse: (text) => parse(text, options) as unknown })
  })
}
