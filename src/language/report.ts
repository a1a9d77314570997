import type { Static } from 'typebox'
import { byKey, byType, choice, flag, listOf, named, object, optional, template, text } from './define.js'
import { formats } from './formats.js'

const format = choice('The format; recognised by content when not given.', formats)
const common = {
  suite: optional(text('The name under which gates and tables show these tests.')),
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
    stdout: object('A report that the step prints.', { stdout: format, ...common }),
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
