import type { Static } from 'typebox'
import { byType, choice, listOf, mapOf, named, optional, template } from './define.js'

/** What the name of a variable or a secret may be: what every shell takes. */
export const namePattern = '^[A-Za-z_][A-Za-z0-9_]*$'

const variables = mapOf(
  'Variables for the processes of this part.',
  byType('The value of a variable.', {
    string: template('step', 'A text; `${{ }}` is replaced.'),
    number: { type: 'number', description: 'A number, as written.' },
    boolean: { type: 'boolean', description: '`true` or `false`.' },
  }),
  namePattern,
  'the name of a variable holds letters, digits and `_`',
)
const clean = choice("Nothing of the machine's environment but PATH, HOME, USER, LANG, TERM and TMPDIR.", ['clean'])

export const env = optional(
  named(
    'env',
    byType('Variables for processes: a map; `clean` for a clean environment; or a list of both.', {
      string: clean,
      object: variables,
      array: listOf('Applied in order.', byType('`clean` or a map.', { string: clean, object: variables }), 1),
    }),
  ),
)

/** `env` as a user writes it. */
export type EnvFile = Static<typeof env>
