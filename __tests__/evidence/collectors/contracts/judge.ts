import { collectContracts } from '../../../../src/evidence/collectors/contracts/index.js'
import type { ContractRules } from '../../../../src/workflow/contracts.js'
import { readContracts } from '../../../../src/workflow/contracts.js'
import { ScriptedGit } from '../../../support/git.js'

export type Files = Readonly<Record<string, string>>

interface States {
  now: Files
  /** The files of the base; without them there is no change. */
  before?: Files
  /** What git sees renamed, by the new path. */
  renamed?: Readonly<Record<string, string>>
}

/** The day on which all is judged. */
export const today = Date.parse('2026-06-01T00:00:00Z')

/** What the gate finds in files and their change, as `file:line severity rule: message`. */
export async function judge(
  written: Parameters<typeof readContracts>[0] | ContractRules,
  states: States,
): Promise<string[]> {
  const { now, before, renamed = {} } = states
  const git = new ScriptedGit()
  git.on(/^ls-tree -r -z --name-only/, { stdout: Object.keys(before ?? {}).join('\0') }).on(/^diff --name-status/, {
    stdout: Object.entries(renamed)
      .flatMap(([to, from]) => ['R090', from, to, ''])
      .join('\0')
      .replaceAll('\0\0', '\0'),
  })
  for (const [path, stdout] of Object.entries(before ?? {}))
    git.on(({ args }) => args[0] === 'cat-file' && args[2] === `base:./${path}`, { stdout })
  const { findings } = await collectContracts(readContracts(written as Parameters<typeof readContracts>[0]), {
    git,
    folder: '/repo',
    base: async () => (before ? { sha: 'base' } : null),
    tracked: async () => new Set(Object.keys(now)),
    text: (path) => now[path],
    now: today,
  })
  return findings.map(
    ({ file, line, severity, rule, message }) => `${file ?? ''}:${line ?? ''} ${severity} ${rule}: ${message}`,
  )
}

/** What is found of changes only. */
export const changed = async (
  written: Parameters<typeof readContracts>[0],
  [before, after]: readonly [Files, Files],
): Promise<string[]> => {
  const alone = new Set(await judge(written, { now: after }))
  return (await judge(written, { now: after, before })).filter((one) => !alone.has(one))
}
