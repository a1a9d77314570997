import type { Diagnostic } from '../base/diagnostic.js'
import { Redactor } from '../base/redact.js'
import { count } from '../base/text.js'
import { namesOf } from '../change-file.js'
import type { FindingsEvidence } from '../evidence/evidence.js'
import { fingerprint } from '../evidence/fingerprint.js'
import { openRun } from '../journal/open.js'
import type { Outcome } from '../journal/outcome.js'
import type { GitHub, Ports } from '../ports.js'
import { openSender } from '../publish/send.js'
import type { RunOptions } from '../options.js'
import { localBase } from '../trigger/checkout.js'
import type { RunContext } from '../trigger/context.js'
import { findRules } from '../trigger/rules.js'
import { chooseTarget, readContext } from '../trigger/trigger.js'
import { loadWorkflow } from '../workflow/load.js'

/** Under which name the base would have judged. */
interface Named {
  context: RunContext
  workflow: Outcome['workflow']
  target: string
}

/**
 * Posts that the change's own workflow file cannot be used: else a check that branch rules demand would never come, and the comment
 * would go on saying what came of an earlier commit. The names are those of the base; without one there is nothing to post under.
 */
export async function postRefusal(
  problems: readonly Diagnostic[],
  options: RunOptions,
  ports: Ports & { github: GitHub },
  cancel: AbortSignal,
): Promise<void> {
  const { post } = options
  const named = problems.every(({ place }) => place) && post ? await namedByBase(options, ports) : undefined
  if (!named || !post || !(post.check || post.comment)) return
  const { context, workflow, target } = named
  const { sha, pullRequest, foreign } = context
  const { id, journal } = openRun(options.home ?? options.folder, ports, new Redactor())
  try {
    const { github, clock } = ports
    const { sarif: _, ...rest } = post
    const posting = { ...rest, sha, pullRequest, foreign }
    const sender = openSender(posting, workflow, target, { github, clock, journal, cancel })
    await sender.end(refusal(problems, named, { id, at: clock.now() }))
  } finally {
    journal.close()
  }
}

async function namedByBase(options: RunOptions, ports: Ports): Promise<Named | undefined> {
  const { folder, event } = options
  if (!event) return undefined
  const base = localBase(ports.git, folder, options.base)
  const [asked, found] = await Promise.all([
    readContext(ports.git, folder, { ...options, found: base }),
    findRules({ folder, ...namesOf(options, ports.files), base, event }, ports),
  ])
  if (!asked.ok || !found.ok || found.value.of !== 'base' || !found.value.file) return undefined
  const { file } = found.value
  const text = await file.text()
  const loaded = text.ok ? await loadWorkflow(file.path, text.value) : undefined
  if (!loaded?.ok) return undefined
  const { context } = asked.value
  const target = chooseTarget(loaded.workflow, context, options.target)
  if (!target.ok || target.value === undefined) return undefined
  return { context, workflow: { name: loaded.workflow.name, path: file.path }, target: target.value }
}

/** What is shown in the place of an outcome: nothing ran, and the mistakes stand where findings stand, each at its line. */
function refusal(
  problems: readonly Diagnostic[],
  { context, workflow, target }: Named,
  { id, at }: { id: string; at: number },
): Outcome {
  const { event, sha, base, ref, actor, repository, pullRequest, dirty } = context
  const time = new Date(at).toISOString()
  const reason = `${count(problems.length, 'mistake')} in the workflow file; nothing ran`
  const figures = [{ name: 'mistakes', value: String(problems.length), threshold: '≤ 0', met: false }]
  const mend = 'mend the workflow file; `wf validate` tells the same on a laptop'
  return {
    version: 1,
    run: { id, started: time, finished: time, duration_ms: 0 },
    workflow,
    target,
    context: { event, sha, base, ref, actor, repository, pull_request: pullRequest, dirty },
    verdict: 'fail',
    reason,
    stages: [{ id: target, milestone: false, status: 'failure', reason, duration_ms: 0, instances: [] }],
    verdicts: [{ gate: 'lint', address: target, status: 'fail', reason, figures, mend, later: [], implied: true }],
    evidence: [{ stage: target, evidence: [findingsOf(problems)] }],
    not_judged: [],
    fixed: [],
    notes: [],
    rules: { of: 'own', sha: null, name: null, changes: [] },
    published: [],
  }
}

const findingsOf = (problems: readonly Diagnostic[]): FindingsEvidence => ({
  kind: 'findings',
  categories: ['lint'],
  findings: problems.map(({ code, level, message, hint, place }) => {
    const at = place && { file: place.file, line: place.line, column: place.column }
    const said = { rule: code, message: hint === undefined ? message : `${message}: ${hint}`, ...at }
    return { category: 'lint', severity: level, tool: 'wf', fingerprint: fingerprint(said, 0), ...said }
  }),
  findings_omitted: 0,
  by_severity: { error: problems.length },
  suppressed: 0,
})
