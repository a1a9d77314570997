import { exitCodes } from '../base/errors.js'
import type { Problem } from '../evidence/evidence.js'
import type { Verdict } from '../gates/verdict.js'
import { plain } from '../publish/terminal-text.js'
import { figureText } from '../publish/words.js'
import { readArguments, readPathOptions } from './arguments.js'
import type { Command } from './command.js'
import { gateOf, noStage, settingOf } from './gate-setting.js'
import { tellProblems } from './problems.js'

const help = `usage: wf gate NAME [REPORT...] [options]

Judges one gate alone over report files, by the thresholds of the stage that writes it, else by its defaults. Without
REPORT it reads what lies where the steps of that stage declare their reports. It runs nothing, and compares with no base.

  --stage STAGE   the stage whose gate it is, where several write it
  --target NAME   the target whose thresholds hold (default: what \`on.pull_request\` names)
  --file FILE     the workflow file, from the folder (default .github/wf.yml)
  --dir FOLDER    the repository's folder (default: here)
  --json          the verdict as JSON on standard output

Exit: 0 the gate is met; 1 it is not, there is nothing to judge, or a report is broken; 2 a mistake in the file or the
arguments.
`

const options = {
  stage: { type: 'string' },
  target: { type: 'string' },
  file: { type: 'string' },
  dir: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** `wf gate`: one gate over report files. */
export const gate: Command = {
  summary: 'judge one gate alone over report files',
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
    const { load } = await import('../run.js')
    const loaded = await load(path.value, ports)
    if (!loaded.ok) return tellProblems(terminal, loaded.problems, values.json)
    const { workflow } = loaded
    const asked = settingOf(known.value, workflow, values.stage)
    if (!asked.ok) return tellProblems(terminal, asked.problems, values.json)
    const { setting, stage, reports: declared, notes } = asked.value
    const target = values.target ?? workflow.on.pull_request?.[0]?.target ?? stage
    if (!workflow.stages.has(target)) return tellProblems(terminal, [noStage(target, workflow)], values.json)
    const { readReports } = await import('./gate-reports.js')
    const reports = await readReports(named, declared, { folder: path.value.folder, cwd, ports })
    const { judgeStage } = await import('../gates/judge.js')
    const { nothingKnown } = await import('../history/comparison.js')
    const { gates } = await import('../gates/registry.js')
    const sees = gates.find((one) => one.name === known.value)?.sees ?? (() => false)
    const { verdicts } = judgeStage({
      address: stage,
      target,
      targets: new Set(workflow.stages.keys()),
      settings: { [known.value]: { ...setting, perInstance: false } },
      instances: [{ address: stage, evidence: reports.flatMap(({ evidence }) => evidence ?? []) }],
      stages: [stage],
      against: nothingKnown('`wf gate` compares with no base'),
      event: 'local',
      now: ports.clock.now(),
      waivers: workflow.waivers,
      duration_ms: 0,
    })
    const own = verdicts.filter((verdict) => verdict.gate === known.value)
    const read = reports
      .filter(({ evidence, problems }) => named.length > 0 || problems.length > 0 || (evidence && sees(evidence)))
      .map(({ path, format, kind, problems }) => ({ path, format, kind, problems }))
    const answer = { version: 1, target, notes, reports: read, verdicts: own }
    terminal.out(values.json ? `${JSON.stringify(answer, null, 2)}\n` : textOf(answer))
    const isBroken = read.some(({ problems }) => problems.some(({ level }) => level === 'error'))
    return !isBroken && own.length > 0 && own.every(({ status }) => status === 'pass' || status === 'warn')
      ? exitCodes.pass
      : exitCodes.fail
  },
}

interface Answer {
  notes: readonly string[]
  reports: readonly { path: string; format: string | null; problems: readonly Problem[] }[]
  verdicts: readonly Verdict[]
}

/** The verdict for people: its figures, what is behind them, and the next thing to do. */
function textOf({ notes, reports, verdicts }: Answer): string {
  const line = (depth: number, text: string): string => `${'  '.repeat(depth)}${plain(text)}\n`
  return [
    ...notes.map((note) => line(0, note)),
    ...reports.flatMap(({ path, format, problems }) => [
      line(0, `${path} (${format ?? 'not read'})`),
      ...problems.map(({ level, message }) => line(1, `${level}: ${message}`)),
    ]),
    ...verdicts.flatMap(({ gate, status, reason, figures, lists = [], mend, later }) => [
      line(0, `${gate}: ${status}: ${reason}`),
      ...figures.map((figure) => line(1, figureText(figure))),
      ...lists.flatMap(({ name, items, more }) => [
        line(1, `${name}:`),
        ...items.map((item) => line(2, item)),
        ...(more > 0 ? [line(2, `and ${more} more`)] : []),
      ]),
      ...later.map(({ target, reason }) => line(1, `not enough for ${target}: ${reason}`)),
      ...(mend === undefined ? [] : [line(1, `next: ${mend}`)]),
    ]),
  ].join('')
}
