import type { Static } from 'typebox'
import { byKey, byType, choice, flag, listOf, mapOf, named, object, optional, template, text } from './define.js'
import { formats } from './formats.js'
import { severityNames } from './names.js'

const format = choice('The format; recognised by content when not given.', formats)
const severity = choice('How bad it is.', severityNames)
const meaning = {
  tool: optional(text('What the tool is called.')),
  severity: optional(
    choice('How bad a finding is that does not say it, or says it in another word.', severityNames, {
      default: 'error',
    }),
  ),
  severities: optional(mapOf("What the tool's own words mean: `{ CRITICAL: critical, Info: note }`.", severity)),
}
const own = {
  match: optional(
    object('Text of any tool: a pattern finds its remarks, line by line.', {
      pattern: text(
        'A regular expression (RE2) with the groups `file`, `line`, `column`, `end_line`, `severity`, `rule`, `message`: `^(?<file>[^:]+):(?<line>\\d+): (?<message>.*)$`.',
      ),
      otherwise: optional(
        text('What every other line has to match, so that an unknown one is not taken for nothing found.'),
      ),
      ...meaning,
    }),
  ),
  map: optional(
    object('JSON of any tool: where the findings are, and what is where in each.', {
      items: text(
        'The list of findings, by keys and dots, `[]` behind a list: `results[].issues[]`; `[]` is the document itself.',
      ),
      file: optional(text('The path, from a finding; `^.path` is a key of what holds it.')),
      line: optional(text('The line.')),
      column: optional(text('The column.')),
      'end-line': optional(text('The last line.')),
      level: optional(text('The severity.')),
      rule: optional(text('The rule.')),
      message: text('The message.'),
      url: optional(text('Where more is said.')),
      ...meaning,
    }),
  ),
}
const common = {
  ...own,
  suite: optional(text('The name under which gates judge these tests, or what they cover, and tables show them.')),
  category: optional(
    choice('Which gate judges these findings, where the tool alone does not tell.', [
      'lint',
      'types',
      'secrets',
      'vulnerabilities',
    ]),
  ),
  required: optional(flag('`false`: that it is missing is no failure.', { default: true })),
}

const detailed = byKey(
  'A report with its particulars.',
  {
    path: object('A report file.', {
      path: template('step', 'A path or glob of report files, from the folder of the repository.'),
      format: optional(format),
      stored: optional(
        flag('The file is committed on purpose: it is judged as it lies and never removed.', { default: false }),
      ),
      ...common,
    }),
    stdout: object('A report that the step prints.', {
      stdout: choice('Its format; `match` and `map` are described beside it.', [...formats, 'match', 'map']),
      ...common,
    }),
  },
  'a report has a `path`, or `stdout: FORMAT` for what the step prints',
)

const path = template('step', 'A path or glob of report files, from the folder of the repository.')

export const reports = optional(
  named(
    'reports',
    byType('The reports that this step writes; they are removed before each attempt and must be written anew.', {
      string: path,
      object: detailed,
      array: listOf('Several.', byType('A report.', { string: path, object: detailed }), 1),
    }),
  ),
)

/** `reports` as a user writes it. */
export type ReportsFile = Static<typeof reports>
export type ReportFile = Static<typeof detailed>
