import type { Rule, Workflow } from '../workflow/model.js'
import type { RunContext } from './context.js'
import { textAt } from './event.js'
import { matchesPatterns } from './pattern.js'

/** The target that the event walks to, by the first rule that matches; nothing when the file does not answer this event. */
export function targetOfEvent(workflow: Workflow, context: RunContext): string | undefined {
  if (context.event === 'local') return workflow.on.pull_request?.[0]?.target
  return workflow.on[context.event]?.find((rule) => matches(rule, context))?.target
}

function matches(rule: Rule, context: RunContext): boolean {
  if (rule.types && !rule.types.includes(context.action ?? '')) return false
  if (rule.cron !== undefined && rule.cron !== textAt(context.payload, 'schedule')) return false
  const branch =
    context.event === 'push' ? shortRef(context.ref, 'heads') : (context.baseRef ?? shortRef(context.ref, 'heads'))
  const tag = context.event === 'push' ? shortRef(context.ref, 'tags') : null
  // As on GitHub: a rule that speaks only of branches does not match a tag, and the other way round.
  const speaksOfBranches = rule.branches !== undefined || rule.branchesIgnore !== undefined
  const speaksOfTags = rule.tags !== undefined || rule.tagsIgnore !== undefined
  if (!speaksOfBranches && !speaksOfTags) return true
  if (tag !== null) return speaksOfTags && admits(rule.tags, rule.tagsIgnore, tag)
  return speaksOfBranches && branch !== null && admits(rule.branches, rule.branchesIgnore, branch)
}

const admits = (only: string[] | undefined, ignore: string[] | undefined, name: string): boolean =>
  (only === undefined || matchesPatterns(only, name)) && (ignore === undefined || !matchesPatterns(ignore, name))

/** `main` of `refs/heads/main`; null for a ref of another kind. */
export function shortRef(ref: string | null, kind: 'heads' | 'tags'): string | null {
  const prefix = `refs/${kind}/`
  return ref?.startsWith(prefix) ? ref.slice(prefix.length) : null
}
