import { count } from './base/text.js'
import { perform } from './effects/effect.js'
import { applyHunks } from './engine/fixes/hunks.js'
import type { Proposal } from './engine/fixes/propose.js'
import type { ProposedFile } from './engine/fixes/take.js'
import { GitError, told } from './engine/fixes/tree.js'
import { within } from './history/limit.js'
import type { Journal } from './journal/journal.js'
import type { FixesOutcome, HandedFixes } from './journal/outcome.js'
import type { Clock, Git, GitHub } from './ports.js'
import { headOf } from './publish/fixes/head.js'
import type { Head } from './publish/fixes/head.js'
import { fixMessage } from './publish/fixes/message.js'
import { suggestionsFor } from './publish/fixes/suggestions.js'
import { commitEffect, trailerOf } from './publish/send/commit-fixes.js'
import type { CommitFile } from './publish/send/commit-fixes.js'
import { Suggestions, asking, shownLines } from './publish/send/suggest.js'
import type { RunContext } from './trigger/context.js'
import type { Workflow } from './workflow/model.js'

/** Where fixes go, and with what. */
export interface Handing {
  how: FixesOutcome['how']
  context: RunContext
  workflow: Workflow
  github: GitHub
  git: Git
  clock: Clock
  journal: Journal
  cancel: AbortSignal
  /** Hides secrets. */
  clean: (text: string) => string
}

/** Milliseconds that GitHub is given for it. */
const patience = 60_000

/**
 * Hands fixes to GitHub: as suggestions on the diff of the pull request, or as a commit on its branch. What cannot be done is in the
 * journal, with the reason; the verdict is not touched.
 */
export async function handFixes(proposal: Proposal, handing: Handing): Promise<void> {
  const { context, how, journal } = handing
  const why = whyNot(proposal, handing)
  if (why !== undefined) {
    journal.append({ type: 'note', message: `fixes are not ${how === 'commit' ? 'committed' : 'suggested'}: ${why}` })
    return
  }
  const handed = await within<HandedFixes | undefined>(
    handing,
    patience,
    async (signal) => {
      try {
        const head = await headOf(proposal, context.sha ?? '', handing.git, { port: handing.github, signal })
        if (head) return await (how === 'commit' ? commit : suggest)(proposal, head, handing, signal)
        const message = 'fixes are not handed over: the head of the pull request cannot be had, only its merge'
        journal.append({ type: 'note', message })
        return undefined
      } catch (cause) {
        if (!(cause instanceof GitError)) throw cause
        journal.append({ type: 'note', message: `fixes could not be handed over: ${cause.message}` })
        return undefined
      }
    },
    undefined,
  )
  if (handed) journal.append({ type: 'fixes.handed', handed })
}

/** Why there is nobody who could take fixes, or who may. */
function whyNot({ commit }: Proposal, { context, how }: Handing): string | undefined {
  const { foreign, pullRequest, sha, merged } = context
  if (foreign)
    return 'the token of a pull request from a fork or of Dependabot only reads; who made the change finds them in the summary'
  if (commit !== sha && commit !== merged) return `the files are those of ${commit}, which the event does not name`
  if (how === 'suggest')
    return pullRequest === null ? 'there is no pull request; take `fix: commit` for pushes' : undefined
  return branchOf(context) === undefined ? 'only branches of a pull request or a push are committed to' : undefined
}

/** The branch whose commit was judged. */
function branchOf({ event, ref, headRef, pullRequest }: RunContext): string | undefined {
  if (pullRequest !== null) return headRef ?? undefined
  return event === 'push' ? /^refs\/heads\/(.+)$/.exec(ref ?? '')?.[1] : undefined
}

async function suggest(
  { files, steps }: Proposal,
  head: Head,
  { context, github, journal, clean }: Handing,
  signal: AbortSignal,
): Promise<HandedFixes | undefined> {
  const { pullRequest, sha } = context
  const ask = asking(github, signal)
  const shown = await shownLines(ask, pullRequest ?? 0)
  const found = suggestionsFor(files, shown.ok ? shown.value : new Map(), head.map, clean)
  if (shown.ok && found.suggestions.length === 0) return { suggested: 0, standing: 0, rest: [...found.rest] }
  const place = { number: pullRequest ?? 0, sha: sha ?? '', steps }
  const all = new Suggestions(ask, place, found.suggestions)
  const effect = all.effect()
  const done = await perform(shown.ok ? effect : { ...effect, look: async () => shown }, journal, { foreign: false })
  if (!done.ok) return undefined
  for (const { path } of all.tooMany) found.rest.add(path)
  return { suggested: all.made.length, standing: all.standing.length, rest: [...found.rest].sort() }
}

async function commit(
  proposal: Proposal,
  head: Head,
  { context, workflow, github, git, journal }: Handing,
  signal: AbortSignal,
): Promise<HandedFixes | undefined> {
  const { sha, steps } = { sha: context.sha ?? '', steps: proposal.steps }
  const { files, lost } = await filesFor(proposal, head, git)
  if (lost.length > 0)
    journal.append({
      type: 'note',
      message: `${count(lost.length, 'file')} could not be committed, since the base has changed the same lines or they are no UTF-8: ${lost.slice(0, 5).join(', ')}`,
    })
  if (files.length === 0) return undefined
  const rules = [...workflow.stages.values()].flatMap(({ gates }) => gates.conventions?.conventions?.commits ?? [])
  const message = `${fixMessage(steps, rules)}\n\n${trailerOf(steps)}\n`
  const effect = commitEffect(asking(github, signal), { branch: branchOf(context) ?? '', sha, steps, message, files })
  const done = await perform(effect, journal, { foreign: false })
  return done.ok ? { commit: done.value.id, files: files.length } : undefined
}

/** The files as the commit after the head holds them. What was judged may be a merge, whose other side stays out of the branch. */
async function filesFor(
  { root, files }: Proposal,
  head: Head,
  git: Git,
): Promise<{ files: CommitFile[]; lost: string[] }> {
  const made: CommitFile[] = []
  const lost: string[] = []
  for (const file of files) {
    const content = await contentFor(file, head, async (name) => told(git, root, ['cat-file', 'blob', name]))
    if (content === undefined) lost.push(file.path)
    else made.push({ path: file.path, mode: file.after?.mode ?? '100644', content })
  }
  return { files: made, lost }
}

/** What one file shall hold; `undefined` where the head has lines other than those that the fix changes. */
async function contentFor(
  { path, before, after, change, hunks, patch, bytes }: ProposedFile,
  head: Head,
  read: (blob: string) => Promise<string>,
): Promise<CommitFile['content'] | undefined> {
  const there = head.blob(path)
  const isSame = there === before?.sha
  if (!after) return isSame ? null : undefined
  if (change === 'mode') return there === undefined ? undefined : { sha: there }
  if (patch === undefined) return isSame && bytes ? { bytes } : undefined
  if (isSame) return wholeText(await read(after.sha))
  if (there === undefined || !before) return undefined
  const moved = hunks.map((hunk) => ({ ...hunk, start: hunk.start === 0 ? 0 : (head.map(path, hunk.start) ?? -1) }))
  const text = moved.some(({ start }) => start < 0) ? undefined : applyHunks(await head.text(path), moved)
  return text === undefined ? undefined : wholeText(text)
}

/** A text that came through whole: U+FFFD stands for bytes that did not. */
const wholeText = (text: string): CommitFile['content'] | undefined => (text.includes('\uFFFD') ? undefined : { text })
