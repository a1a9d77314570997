import type { Static } from 'typebox'
import { Type } from 'typebox'
import { idPattern } from '../base/address.js'
import {
  byType,
  choice,
  condition,
  date,
  duration,
  flag,
  listOf,
  mapOf,
  object,
  oneOrMany,
  optional,
  template,
  text,
  whole,
} from './define.js'
import { cache } from './cache.js'
import { env } from './env.js'
import { on } from './events.js'
import { gates } from './gates.js'
import { jobKeys } from './job.js'
import { waivedGates } from './names.js'
import { id, pool, retry, shell, step, workingDirectory } from './step.js'

const idSay = 'a name here starts with a letter or `_` and holds letters, digits, `_` and `-`'

const cell = byType('A value of the matrix.', {
  string: text('A text.'),
  number: { type: 'number', description: 'A number.' },
  boolean: flag('A truth value.'),
})
const matrixCell = byType('A value of the matrix.', {
  string: template('stage-matrix', 'A text.'),
  number: { type: 'number', description: 'A number.' },
  boolean: flag('A truth value.'),
})
const cells = mapOf('A combination.', matrixCell)

const dimension = byType('The values of one dimension, or an expression for a list.', {
  array: listOf('Its values.', matrixCell, 1),
  string: template('stage-matrix', 'An expression for a list.', {
    'x-example': '${{ fromJSON(needs.plan.outputs.parts) }}',
  }),
})
const rows = (description: string) =>
  byType(description, {
    array: listOf(description, cells, 1),
    string: template('stage-matrix', 'An expression for a list of combinations.'),
  })

const matrix = optional(
  byType(
    'One instance of the stage for each combination. Instances share the workspace, so they run one after another. With expressions they are known when the stage begins; a list without values skips it.',
    {
      object: Type.Unsafe<
        { include?: Record<string, Cell>[] | string; exclude?: Record<string, Cell>[] | string } & Record<
          string,
          Cell[] | string
        >
      >({
        type: 'object',
        description: 'Dimensions with their values.',
        properties: {
          include: rows("Combinations added or extended, by GitHub's rules."),
          exclude: rows('Combinations left out.'),
        },
        additionalProperties: dimension,
        propertyNames: { pattern: idPattern, 'x-say': idSay },
        minProperties: 1,
      }),
      string: template('stage-matrix', 'An expression for the whole matrix.', {
        'x-example': '${{ fromJSON(needs.plan.outputs.matrix) }}',
      }),
    },
  ),
)
export type Cell = string | number | boolean

export const stage = object('A named part of the path.', {
  name: optional(text('What people are shown instead of the id.')),
  needs: optional(oneOrMany('Stages that come first.', id('A stage.'))),
  if: optional(
    condition('stage-if', 'Runs only when this holds; `success()` is meant when no status function is called.'),
  ),
  matrix,
  requires: optional(
    mapOf(
      'Programs and their versions that this machine must have, by the start of the version: `{ node: 20 }`. Not met: "not run here", never green.',
      byType('The start of a version.', {
        string: template('stage', 'The start of a version.'),
        number: { type: 'number', description: 'The start of a version.' },
      }),
      '^[A-Za-z][A-Za-z0-9._+-]*$',
      'the name of a program',
    ),
  ),
  env,
  shell,
  'working-directory': workingDirectory,
  retry,
  pool,
  timeout: optional(
    duration('How long all its instances may take together, gates aside; its `finally` steps get 5 minutes more.'),
  ),
  'on-failure': optional(
    choice(
      'What a failed step does to the rest of its stage: `fail-fast` stops it, `continue` goes on with all that does not need it (in a list every step needs the one before it).',
      ['fail-fast', 'continue'],
      { default: 'fail-fast' },
    ),
  ),
  steps: optional(
    byType('A list runs in order, as on GitHub; a map is a graph by `needs`.', {
      array: listOf('In order.', step, 1),
      object: mapOf('By `needs`.', step, idPattern, idSay),
    }),
  ),
  finally: optional(listOf('Steps that run at the end of every instance that began, whatever happened.', step, 1)),
  outputs: optional(
    mapOf(
      'What later stages see as `needs.<stage>.outputs`.',
      template('stage-outputs', 'A text; `${{ }}` is replaced.'),
      idPattern,
      idSay,
    ),
  ),
  gates: optional(gates),
  ...jobKeys,
})

const input = object('An input of the run.', {
  type: optional(choice('Its type.', ['string', 'number', 'boolean', 'choice'], { default: 'string' })),
  description: optional(text('What it is for.')),
  default: optional(cell),
  required: optional(flag('Without it the run does not start.', { default: false })),
  options: optional(listOf('The allowed values of a `choice`.', text('A value.'), 1)),
})

const historyStore = choice(
  'Where what runs measured is kept: on the branch `wf-history` of the repository (a push to the default branch adds to it, which takes `contents: write`), in a folder, or nowhere. Left out: the folder on a laptop; a runner reads the branch if there is one.',
  ['branch', 'folder', 'off'],
)

const history = optional(
  byType('What earlier runs measured, by commit: what a change is compared with.', {
    string: historyStore,
    object: object('Where it is kept, and how much of it.', {
      store: optional(historyStore),
      folder: optional(
        text('The folder of `store: folder`, from the folder of the repository (default `.wf/history`).'),
      ),
      keep: optional(duration('How long a run is kept.', { default: '90d' })),
      entries: optional(whole('How many runs are kept at most.', 1, { default: 1000 })),
    }),
  }),
)

export const workflow = object('How a change travels from pull request to production.', {
  version: Type.Unsafe<1>({
    const: 1,
    description: 'The version of this language.',
    'x-say': 'the version of the language is `1`',
  }),
  name: text('The name that the check and the comment carry.'),
  on: optional(on),
  inputs: optional(mapOf('Typed inputs of a run: `${{ inputs.name }}`.', input, idPattern, idSay)),
  env,
  history,
  cache,
  timeout: optional(duration('How long all stages may take together; `finally` steps get 5 minutes more.')),
  waivers: optional(
    listOf(
      'Findings that do not count for a time. When it is over their gate fails.',
      object('Findings of one rule that are let off.', {
        rule: text('The rule, as the tool calls it.'),
        path: optional(text('Only in files that this glob matches, from the folder of the repository: `legacy/**`.')),
        gate: optional(choice('Only for this gate.', [...waivedGates])),
        until: date('The last day, in UTC.'),
        reason: text('Why, for people.'),
        owner: optional(text('Who mends it.')),
      }),
      1,
    ),
  ),
  stages: mapOf('The stages of the path, by name.', stage, idPattern, idSay),
})

export type WorkflowFile = Static<typeof workflow>
export type StageFile = Static<typeof stage>
export type CacheFile = NonNullable<Static<typeof workflow>['cache']>
export type HistoryFile = NonNullable<Static<typeof workflow>['history']>
export type InputFile = Static<typeof input>
