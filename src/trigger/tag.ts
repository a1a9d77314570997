import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { liesOn, liesOnDeepened } from './clone.js'
import { compareOnGitHub, protectedBranches } from './github.js'
import type { Sources } from './tip.js'
import type { Tag } from './whose.js'

/** More protected branches than these are not looked at. */
const maxLooked = 30

/**
 * A tag deploys what it names, so its commit has to lie on the default branch, whose newest commit is `tip`, or on a protected one:
 * nothing when it does, else what is wrong.
 */
export async function checkTag(
  { name, commit }: Tag,
  branch: { name: string; tip: string },
  sources: Sources,
): Promise<Diagnostic | undefined> {
  const onDefault = await lies(commit, branch.tip, sources)
  if (onDefault === true) return undefined
  const { github } = sources
  const listed = github
    ? await protectedBranches(github)
    : { ok: false as const, reason: 'only GitHub knows which branches are protected, and it cannot be asked here' }
  const others = listed.ok ? listed.value.filter((one) => one.name !== branch.name) : []
  const looked = others.slice(0, maxLooked)
  const found = await Promise.all(looked.map(({ sha }) => lies(commit, sha, sources, false)))
  if (found.includes(true)) return undefined
  const tag = `the tag \`${name}\` (${commit.slice(0, 7)})`
  const unsure = [
    ...(onDefault === undefined ? [`the history of \`${branch.name}\` is not here`] : []),
    ...(listed.ok ? [] : [listed.reason]),
    ...(found.includes(undefined) || others.length > looked.length
      ? ['not every protected branch could be looked at']
      : []),
  ]
  if (unsure.length)
    return error(
      'tag-unknown',
      `whether ${tag} lies on \`${branch.name}\` or a protected branch is not known: ${unsure.join('; ')}`,
      {
        hint: 'check out the whole history (`fetch-depth: 0`), and give the job `permissions: contents: read`',
      },
    )
  return error('tag-branch', `${tag} lies neither on \`${branch.name}\` nor on a protected branch`, {
    hint: `merge its commit into \`${branch.name}\`, or protect the branch that it lies on; then push the tag again`,
  })
}

/** By the clone, by GitHub, and by a deeper clone, in the order of what they cost; undefined when none of them can tell. */
async function lies(
  commit: string,
  tip: string,
  { clone, github }: Sources,
  deepen = true,
): Promise<boolean | undefined> {
  const here = clone && (await liesOn(clone, commit, tip))
  if (here !== undefined) return here
  const told = github && (await compareOnGitHub(github, commit, tip))
  if (told?.ok) return told.value.lies
  return clone?.shallow && deepen ? liesOnDeepened(clone, commit, tip) : undefined
}
