import { isAbsolute, join } from 'node:path'
import { parseArgs } from 'node:util'
import { exitCodes, OutsideError } from '../base/errors.js'
import type { ReportAnswer } from '../evidence/answer.js'
import { trackedFiles } from '../evidence/collectors/tracked.js'
import type { CoverageEvidence, Evidence, Problem, ReadReport } from '../evidence/evidence.js'
import { mergeEvidence } from '../evidence/merge.js'
import { holdsLines, patchCoverage } from '../evidence/patch.js'
import { placePaths } from '../evidence/place.js'
import { readReport, unreadReport } from '../evidence/read.js'
import type { ReadOptions } from '../evidence/read.js'
import { type Format, formats } from '../language/formats.js'
import type { Files } from '../ports.js'
import type { Command, CommandContext } from './command.js'
import { type Answer, renderReports } from './report-text.js'

const help = `Usage: wf report FILE... [options]

Prints what report files of tests, coverage, linters and scanners say.

  --json         print it as JSON, every field; docs/reports.md says what they mean
  --format F     read all files as F instead of recognising them by content:
                 ${wrap(formats)}
  --merge        also join what is of one kind: a suite in two files counts once, hits of a line are added
  --diff DIFF    also say how much of what a unified diff adds is covered
  --help         print this

Exit codes: 0 all files were read; 1 a file is missing, broken, cut short or of no known format;
2 the arguments are wrong.
`

function wrap(words: readonly string[]): string {
  const lines = ['']
  for (const word of words) {
    const last = lines.at(-1) as string
    if (last.length + word.length > 70) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last}, ${word}`
  }
  return lines.join(',\n                 ')
}

/** `wf report`: reads report files and prints their evidence. */
export const report: Command = {
  summary: 'prints the evidence in report files',
  help,
  run,
}

interface Arguments {
  files: string[]
  json: boolean
  merge: boolean
  format: Format | undefined
  diff: string | undefined
}

async function run(args: string[], context: CommandContext): Promise<number> {
  const { terminal } = context.ports
  const parsed = parse(args)
  if (parsed === 'help') {
    terminal.out(help)
    return exitCodes.pass
  }
  if (typeof parsed === 'string') return usage(context, parsed)
  const diff = parsed.diff === undefined ? undefined : readDiff(parsed.diff, context)
  if (diff !== undefined && 'problem' in diff) return usage(context, diff.problem)
  const answer = await answerFor(parsed, diff?.text, context)
  terminal.out(parsed.json ? jsonText(answer) : renderReports(answer, terminal.columns))
  if (diff && !answer.patch) {
    terminal.err('wf report: no coverage to compare the diff with: none of the files holds lines\n')
    return exitCodes.fail
  }
  return answer.files.some(({ problems }) => problems.some(({ level }) => level === 'error'))
    ? exitCodes.fail
    : exitCodes.pass
}

function usage({ ports }: CommandContext, message: string): number {
  ports.terminal.err(`wf report: ${message}\nSee \`wf report --help\`.\n`)
  return exitCodes.usage
}

/** The arguments, `help`, or what is wrong with them. */
function parse(args: string[]): Arguments | string {
  let given
  try {
    given = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        merge: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        format: { type: 'string' },
        diff: { type: 'string' },
      },
    })
  } catch (error) {
    return error instanceof Error ? (error.message.split('. ', 1)[0] as string) : String(error)
  }
  const { values, positionals } = given
  if (values.help) return 'help'
  const format = formats.find((name) => name === values.format)
  if (values.format !== undefined && !format)
    return `there is no format "${values.format}"; the formats are ${formats.join(', ')}`
  if (positionals.length === 0) return 'name at least one report file'
  return { files: positionals, json: values.json === true, merge: values.merge === true, format, diff: values.diff }
}

function readDiff(path: string, { ports, cwd }: CommandContext): { text: string } | { problem: string } {
  try {
    const text = ports.files.readText(absolute(path, cwd))
    return text === undefined ? { problem: `there is no diff ${path}` } : { text }
  } catch (error) {
    if (error instanceof OutsideError) return { problem: `the diff ${path} cannot be read: ${error.message}` }
    throw error
  }
}

async function answerFor(args: Arguments, diff: string | undefined, context: CommandContext): Promise<Answer> {
  const tracked = await trackedFiles(context.ports.git, context.cwd)
  const files: ReadReport[] = []
  for (const path of args.files) {
    const read = await readReportAt(path, args.format ? { format: args.format } : {}, context)
    const placed = read.evidence ? { ...read, evidence: placePaths(read.evidence, tracked, context.cwd) } : read
    files.push(diff === undefined ? placed : withoutLines(placed))
  }
  const merged = mergeEvidence(files.flatMap(({ evidence }) => evidence ?? []))
  const coverage = merged.find((evidence): evidence is CoverageEvidence => evidence.kind === 'coverage')
  return {
    files,
    merged: args.merge ? merged.map((evidence) => ({ evidence, problems: problemsOf(files, evidence) })) : undefined,
    patch: diff === undefined || !coverage ? undefined : patchCoverage(coverage, diff, tracked),
  }
}

/** Says of a report that only tells how many lines ran that it can say nothing of a change. */
function withoutLines(file: ReadReport): ReadReport {
  if (file.evidence?.kind !== 'coverage' || holdsLines(file.evidence)) return file
  const message = 'no lines in this format: it tells how many ran, not which, so nothing of what the change adds'
  return { ...file, problems: [...file.problems, { level: 'warning', message }] }
}

/** The problems of the files that went into one kind of evidence. */
const problemsOf = (files: readonly ReadReport[], { kind }: Evidence): Problem[] =>
  files
    .filter((file) => file.kind === kind)
    .flatMap(({ path, problems }) => problems.map((problem) => ({ ...problem, message: `${path} ${problem.message}` })))

/** Reads one file, named as a person names it; what is no file that can be read is a problem of it. */
export async function readReportAt(
  path: string,
  options: ReadOptions,
  { ports, cwd }: CommandContext,
): Promise<ReadReport> {
  const found = locate(ports.files, absolute(path, cwd))
  if (typeof found === 'string') return unreadReport(path, found)
  const input = { path, size: found.size, chunks: () => ports.files.stream(found.real) }
  return readReport(input, options)
}

/** The file behind a path after links are followed, or why it is none that can be read. */
function locate(files: Files, path: string): { real: string; size: number } | string {
  try {
    const real = files.real(path)
    const stat = real === undefined ? undefined : files.stat(real)
    if (real === undefined || !stat) return 'is not there'
    return stat.kind === 'file'
      ? { real, size: stat.size }
      : `is a ${stat.kind === 'directory' ? 'folder' : 'special file'}, no file`
  } catch (error) {
    if (error instanceof OutsideError) return `cannot be read: ${error.message}`
    throw error
  }
}

const absolute = (path: string, cwd: string): string => (isAbsolute(path) ? path : join(cwd, path))

/** What a terminal or a runner would take for a command is escaped, which JSON reads the same. */
function jsonText(answer: Answer): string {
  const text = JSON.stringify(toJson(answer), null, 1)
    .replaceAll('##[', '#\\u0023[')
    .replaceAll(
      /[\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  return `${text}\n`
}

/** The published shape: docs/reports.md. */
function toJson({ files, merged, patch }: Answer): ReportAnswer {
  return {
    version: 1,
    files,
    ...(merged
      ? { merged: merged.map(({ evidence, problems }) => ({ kind: evidence.kind, evidence, problems })) }
      : {}),
    ...(patch ? { patch } : {}),
  }
}
