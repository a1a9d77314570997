import type { Remark } from '../../build-findings.js'

/** Files that instruct agents: with front matter, and without. */
export const isInstructionFile = (path: string): boolean =>
  path.endsWith('.instructions.md') || /(?:^|\/)(?:AGENTS|CLAUDE)\.md$/.test(path)

const least = 100

/** What an instruction file lacks, each with its remedy. `matches` says whether any tracked file fits a glob; `parse` reads YAML. */
export function checkInstructions(
  path: string,
  content: string,
  tools: { matches: (glob: string) => boolean; parse: (text: string) => unknown },
): Remark[] {
  const say = (severity: 'error' | 'warning', rule: string, message: string, line = 1): Remark => ({
    rule,
    severity,
    message,
    tool: 'wf',
    file: path,
    line,
  })
  const text = content.replace(/^\uFEFF/, '')
  const lines = text.split(/\r?\n/)
  if (!path.endsWith('.instructions.md')) return bodyRemarks(lines, 0, say)
  const end = lines[0]?.trim() === '---' ? lines.findIndex((line, i) => i > 0 && line.trim() === '---') : -1
  if (end === -1)
    return [
      say('error', 'front-matter', 'it has no front matter: begin with `---`, `applyTo:`, `description:` and `---`'),
      ...bodyRemarks(lines, 0, say),
    ]
  return [...frontRemarks(lines.slice(1, end), say, tools), ...bodyRemarks(lines, end + 1, say)]
}

type Say = (severity: 'error' | 'warning', rule: string, message: string, line?: number) => Remark

function frontRemarks(
  lines: readonly string[],
  say: Say,
  { matches, parse }: { matches: (glob: string) => boolean; parse: (text: string) => unknown },
): Remark[] {
  let front: unknown
  try {
    front = parse(lines.join('\n'))
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : ''
    return [say('error', 'front-matter', `its front matter is no valid YAML: ${why}`, 2)]
  }
  if (typeof front !== 'object' || front === null || Array.isArray(front))
    return [say('error', 'front-matter', 'its front matter is no mapping: write `applyTo:` and `description:`', 2)]
  const line = (key: string): number =>
    Math.max(
      0,
      lines.findIndex((one) => one.startsWith(`${key}:`)),
    ) + 2
  const of = (key: string): unknown => (Object.hasOwn(front, key) ? (front as Record<string, unknown>)[key] : undefined)
  const [applyTo, description] = [of('applyTo'), of('description')]
  const remarks: Remark[] = []
  const globs = typeof applyTo === 'string' ? applyTo.split(',').map((one) => one.trim()) : applyTo
  const isList = Array.isArray(globs) && globs.length > 0 && globs.every((one) => typeof one === 'string' && one !== '')
  if (applyTo === undefined)
    remarks.push(say('error', 'apply-to', 'it does not say which files it is for: add `applyTo: "**/*.ts"`', 2))
  else if (!isList)
    remarks.push(
      say('error', 'apply-to', '`applyTo` is a glob, or a list of globs: `applyTo: "src/**"`', line('applyTo')),
    )
  else
    for (const glob of globs as string[])
      if (!matches(glob))
        remarks.push(say('warning', 'apply-to', `\`applyTo\`: no file matches \`${glob}\``, line('applyTo')))
  if (typeof description !== 'string' || description.trim() === '')
    remarks.push(
      say('error', 'description', 'it has no `description`: say in one sentence what it is about', line('description')),
    )
  return remarks
}

function bodyRemarks(lines: readonly string[], from: number, say: Say): Remark[] {
  const body = lines.slice(from)
  const remarks: Remark[] = []
  if (!body.some((line) => /^## \S/.test(line)))
    remarks.push(say('warning', 'headings', 'it has no `##` heading: divide it, so that its parts are found', from + 1))
  if (body.join('\n').trim().length < least)
    remarks.push(
      say('warning', 'short', `it has fewer than ${least} characters: say what is to be done, and why`, from + 1),
    )
  return remarks
}
