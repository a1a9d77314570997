import { count, stripControls } from '../base/text.js'
import type { FixedFile, FixesOutcome, Outcome, Published } from '../journal/outcome.js'
import { piece } from './budget.js'
import type { Section } from './budget.js'
import { codeSpan, prose } from './markdown.js'
import { notPosted } from './sections-notices.js'

/** What came of fixes in one sentence: `3 fixes suggested on the diff`, `2 files fixed in abc1234`; nothing where there are none. */
export function fixesText({ fixes }: Outcome): string {
  if (!fixes) return ''
  const { files, handed, left, steps } = fixes
  if (handed && 'commit' in handed) return `${count(handed.files, 'file')} fixed in \`${handed.commit.slice(0, 7)}\``
  const made = handed ? suggestedText(handed) : ''
  const rest = handed ? handed.rest.length : files.length
  const by = steps.slice(0, 3).map((step) => `\`${step}\``)
  const open =
    rest === 0
      ? ''
      : handed
        ? `${count(rest, 'file')} ${rest === 1 ? 'has' : 'have'} changes that cannot be suggested`
        : `the fix of ${by.join(', ')} would change ${count(rest, 'file')}`
  const aside = left.length > 0 ? `${count(left.length, 'file')} ${left.length === 1 ? 'is' : 'are'} left out` : ''
  return [made, open, aside].filter((part) => part !== '').join('; ')
}

function suggestedText({ suggested, standing }: Extract<FixesOutcome['handed'], { suggested: number }>): string {
  const fixes = (n: number): string => count(n, 'fix', 'fixes')
  if (suggested > 0)
    return `${fixes(suggested)} suggested on the diff${standing > 0 ? `, ${standing} suggested before` : ''}`
  return standing > 0 ? `${fixes(standing)} suggested on the diff before` : ''
}

/** The same as a line of its own, with why they could not be handed over. */
export function fixesLine(outcome: Outcome): Section {
  const text = fixesText(outcome)
  const failed = outcome.published.some((one) => isFixes(one) && one.status === 'failed')
  const why = failed ? notPosted(outcome, isFixes) : []
  const line = text === '' ? '' : `🔧 ${prose(`${text.charAt(0).toUpperCase()}${text.slice(1)}`, 500)}.`
  return piece('fixes', [line, ...why].filter((part) => part !== '').join(' '))
}

const isFixes = ({ effect }: Published): boolean => effect === 'fixes'

/**
 * Patches of the files that are neither suggested whole nor committed, as `git apply` takes them: at most `max` characters. What a fix
 * changed and was not taken is said with the reason.
 */
export function fixPatches({ fixes }: Outcome, max: number): Section[] {
  if (!fixes) return []
  const { handed, files, left } = fixes
  const open =
    handed && 'commit' in handed ? [] : handed ? files.filter(({ path }) => handed.rest.includes(path)) : files
  let room = max
  const shown = open.flatMap((file) => {
    const patch = patchFence(file)
    if (patch === undefined || patch.length > room) return []
    room -= patch.length
    return [patch]
  })
  const all = '`fixes.patch` in the folder of the run has all that is text'
  const more = (rest: number): string => `… and of ${count(rest, 'more file')}; ${all}.`
  return [
    {
      name: 'patches of fixes',
      head: '**What fixes would change**, for `git apply`',
      items: shown,
      omitted: open.length - shown.length,
      between: '\n\n',
      more,
    },
    {
      name: 'files that fixes may not change',
      head: '**Left out of fixes**',
      items: left.slice(0, 20).map(({ path, reason }) => `- ${codeSpan(path)}: ${prose(reason, 200)}`),
      omitted: Math.max(0, left.length - 20),
      more: (rest) => `- … and ${count(rest, 'more file')}`,
    },
  ]
}

/** A patch in a fence that is longer than any inside; nothing where something in it would not be shown as it is. */
function patchFence({ patch }: FixedFile): string | undefined {
  if (patch === undefined || stripControls(patch) !== patch) return undefined
  const longest = Math.max(2, ...(patch.match(/`+/g) ?? []).map((run) => run.length))
  const ticks = '`'.repeat(longest + 1)
  return `${ticks}diff\n${patch.replace(/\n$/, '')}\n${ticks}`
}
