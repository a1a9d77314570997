import { error } from '../base/diagnostic.js'
import type { Diagnostic } from '../base/diagnostic.js'
import { exitCodes } from '../base/errors.js'
import { ok } from '../base/result.js'
import type { Result } from '../base/result.js'
import type { Evidence, Finding } from '../evidence/evidence.js'
import { withoutFindings } from '../gates/sort-findings.js'
import type { GateName } from '../language/names.js'
import type { Ports } from '../ports.js'
import type { Workflow } from '../workflow/model.js'
import { readArguments, readPathOptions } from './arguments.js'
import type { Command } from './command.js'
import type { Found } from './gate-collect.js'
import { gateOf, isCollected, noStage, readsReports, settingOf } from './gate-setting.js'
import type { Asked } from './gate-setting.js'
import { gateText } from './gate-text.js'
import { tellProblems } from './problems.js'

const help = `usage: wf gate NAME [REPORT...] [options]

Judges one gate alone over report files, by the thresholds of the stage that writes it, else by its defaults. Without
REPORT it reads what lies where the steps of that stage declare their reports. It runs nothing, and compares no figures
with a base. What wf itself looks through for the gates \`conventions\`, \`dependencies\`, \`contracts\` and \`secrets\` it
looks through here.

  --stage STAGE   the stage whose gate it is, where several write it
  --target NAME   the target whose thresholds hold (default: what \`on.pull_request\` names)
  --base REV      where the change begins that wf looks through (default: merge base with the remote's default branch)
  --file FILE     the workflow file, from the folder (default .github/wf.yml)
  --dir FOLDER    the repository's folder (default: here)
  --json          the verdict as JSON on standard output

Exit: 0 the gate is met; 1 it is not, there is nothing to judge, or a report is broken; 2 a mistake in the file or the
arguments.
`

const options = {
  stage: { type: 'string' },
  target: { type: 'string' },
  base: { type: 'string' },
  file: { type: 'string' },
  dir: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `wf gate`: one gate over report files. */
export const gate: Command = {
  summary: 'judge one gate alone, over report files or what wf itself finds',
  help,
  async run(args, { ports, cwd }) {
    const { terminal } = ports
    const parsed = readArguments(args, options, 10_000)
    if (!parsed.ok) return tellProblems(terminal, parsed.problems)
    const { values, positionals } = parsed.value
    const [name, ...named] = positionals
    const known = gateOf(name)
    if (!known.ok) return tellProblems(terminal, known.problems, values.json)
    const path = readPathOptions({ file: values.file, dir: values.dir }, undefined, cwd, ports.files)
    if (!path.ok) return tellProblems(terminal, path.problems, values.json)
    const { load } = await import('../change-file.js')
    const loaded = await load(path.value, ports)
    if (!loaded.ok) return tellProblems(terminal, loaded.problems, values.json)
    const { workflow } = loaded
    const asked = settingOf(known.value, workflow, values.stage)
    if (!asked.ok) return tellProblems(terminal, asked.problems, values.json)
    const { stage, notes } = asked.value
    const target = values.target ?? workflow.on.pull_request?.[0]?.target ?? stage
    if (!workflow.stages.has(target)) return tellProblems(terminal, [noStage(target, workflow)], values.json)
    const useless = uselessFor(known.value, named, values.base)
    if (useless) return tellProblems(terminal, [useless], values.json)
    const { readReports } = await import('./gate-reports.js')
    const { folder } = path.value
    const declared = readsReports(known.value) ? asked.value.reports : []
    const reports = await readReports(named, declared, { folder, cwd, ports })
    const told = reports.flatMap(({ evidence }) => evidence ?? [])
    const seen = { gate: known.value, asked: asked.value, evidence: told, isNamed: named.length > 0 }
    const own = await collectedFor(seen, { folder, ...(values.base === undefined ? {} : { base: values.base }) }, ports)
    if (!own.ok) return tellProblems(terminal, own.problems, values.json)
    const { verdicts, sees, isWaived } = await judged(
      { ...seen, evidence: [...told, ...own.value.evidence], target, workflow },
      ports,
    )
    const read = reports
      .filter(({ evidence, problems }) => named.length > 0 || problems.length > 0 || (evidence && sees(evidence)))
      .map(({ path, format, kind, problems }) => ({ path, format, kind, problems }))
    const collected = own.value.evidence.map((one) => (one.kind === 'findings' ? withoutFindings(one, isWaived) : one))
    const answer = { version: 1, target, notes: [...notes, ...own.value.notes], reports: read, collected, verdicts }
    terminal.out(values.json ? `${JSON.stringify(answer, null, 2)}\n` : gateText(answer, terminal.columns))
    const isBroken = read.some(({ problems }) => problems.some(({ level }) => level === 'error'))
    return !isBroken && verdicts.length > 0 && verdicts.every(({ status }) => status === 'pass' || status === 'warn')
      ? exitCodes.pass
      : exitCodes.fail
  },
}

/** What is said against an argument that changes nothing. */
function uselessFor(gate: GateName, named: readonly string[], base: string | undefined): Diagnostic | undefined {
  if (named.length > 0 && !readsReports(gate))
    return error('arguments', `\`${gate}\` reads no report: wf itself finds what it judges`, {
      hint: 'leave the file out',
    })
  if (base !== undefined && !isCollected(gate))
    return error('arguments', `\`${gate}\` alone is compared with no base`, { hint: '`wf run --base` compares' })
  return undefined
}

interface Seen {
  gate: GateName
  asked: Asked
  evidence: readonly Evidence[]
  /** The reports were named, so that no others are missed. */
  isNamed: boolean
}

/** What wf itself finds for the gates that ask for it. */
async function collectedFor(
  { gate, asked, evidence, isNamed }: Seen,
  where: { folder: string; base?: string },
  ports: Ports,
): Promise<Result<Found, Diagnostic>> {
  if (!isCollected(gate)) return ok({ evidence: [], notes: [] })
  const { collectHere } = await import('./gate-collect.js')
  const stages = isNamed ? [] : asked.stages
  return collectHere({ gates: { [gate]: asked.setting }, stages, evidence }, where, ports)
}

/** The verdict, which evidence it is of, and which findings a waiver lets off. */
async function judged(
  { gate, asked, evidence, target, workflow }: Seen & { target: string; workflow: Workflow },
  { clock }: Ports,
) {
  const { judgeStage } = await import('../gates/judge.js')
  const { nothingKnown } = await import('../history/comparison.js')
  const { gates } = await import('../gates/registry.js')
  const { stage, setting } = asked
  const { verdicts, marks } = judgeStage({
    address: stage,
    target,
    targets: new Set(workflow.stages.keys()),
    settings: { [gate]: { ...setting, perInstance: false } },
    instances: [{ address: stage, evidence }],
    stages: [stage],
    against: nothingKnown('`wf gate` compares with no base'),
    event: 'local',
    now: clock.now(),
    waivers: workflow.waivers,
    duration_ms: 0,
  })
  const waived = new Set(marks.waived?.map(({ fingerprint }) => fingerprint))
  return {
    verdicts: verdicts.filter((verdict) => verdict.gate === gate),
    sees: gates.find((one) => one.name === gate)?.sees ?? (() => false),
    isWaived: ({ fingerprint }: Finding) => waived.has(fingerprint),
  }
}
