import type { CommitRules } from '../../workflow/conventions.js'

const types = ['style', 'fix', 'chore']

/**
 * The message of a commit of fixes, up to its trailer: `style: apply the fixes of lint, format`. Where gates judge messages, it is one that
 * they take: a type and a scope that are allowed, no longer than it may be.
 */
export function fixMessage(steps: readonly string[], rules: readonly CommitRules[]): string {
  const allowed = (type: string): boolean => rules.every((rule) => rule.types.includes(type))
  const type = types.find(allowed) ?? rules[0]?.types[0] ?? 'style'
  const scoped = rules.find((rule) => rule.scoped)
  const head = `${type}${scoped ? `(${scoped.scopes?.[0] ?? 'fixes'})` : ''}: `
  const most = Math.min(72, ...rules.map(({ maxLength }) => maxLength))
  const names = [...new Set(steps.map((step) => step.slice(step.lastIndexOf('/') + 1).replaceAll(/\s+/g, ' ')))]
  const said = [`apply the fixes of ${names.join(', ')}`, `apply the fixes of ${names.length} steps`, 'apply fixes']
  return head + (said.find((text) => head.length + text.length <= most) ?? 'apply fixes')
}
