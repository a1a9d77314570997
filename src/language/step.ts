import type { Static, TProperties } from 'typebox'
import { idPattern } from '../base/address.js'
import {
  byKey,
  byType,
  condition,
  choice,
  decimal,
  duration,
  flag,
  json,
  jsonMap,
  listOf,
  mapOf,
  named,
  shared,
  object,
  oneOrMany,
  optional,
  pattern,
  template,
  text,
  whole,
} from './define.js'
import { background } from './background.js'
import { env, namePattern } from './env.js'
import { errorKinds, outputTypes, shells, stepKinds } from './names.js'
import type { StepKindName } from './names.js'
import { reports } from './report.js'

export const id = (description: string) =>
  pattern(idPattern, 'an id starts with a letter or `_` and holds letters, digits, `_` and `-`', description)

export const retry = optional(
  named(
    'retry',
    object(
      'Run again when an attempt fails. All attempts are kept: a test that passed at the second one is flaky.',
      {
        retries: whole('How many times again: 3 retries are at most 4 attempts.'),
        delay: optional(duration('The wait before the first retry.', { default: '1s' })),
        backoff: optional(decimal('Each wait is this many times the one before.', 1, 100, { default: 2 })),
        'max-delay': optional(duration('No wait is longer than this.', { default: '60s' })),
        jitter: optional(
          flag('Shorten each wait by a random part, so that many do not retry at once.', { default: false }),
        ),
        if: optional(
          condition('retry-if', 'Retry only when this holds.', { 'x-example': '${{ attempt.exit-code == 75 }}' }),
        ),
        on: optional(
          object(
            'Retry only after one of these.',
            {
              'exit-codes': optional(listOf('It ended with one of these exit codes.', whole('An exit code.'), 1)),
              output: optional(
                text(
                  'The last lines that it printed hold this pattern, which RE2 reads: no look-around, no back-references.',
                  {
                    'x-example': 'ECONNRESET|429',
                  },
                ),
              ),
              errors: optional(
                listOf(
                  'It failed in one of these ways: by its exit code, killed by a signal, by its time, by an error of the step itself, or by a service that it needed.',
                  choice('A way to fail.', errorKinds),
                  1,
                ),
              ),
            },
            { 'x-say': 'write `on: { exit-codes: [75], output: ECONNRESET, errors: [timeout, outside] }`' },
          ),
        ),
        'retry-after': optional(
          duration(
            "How long a wait may be that a service asks for (`Retry-After` of a webhook's answer); `max-delay` when not given.",
          ),
        ),
      },
      { 'x-say': 'write `retry: { retries: 3 }`' },
    ),
  ),
)

const breakerName = pattern(
  idPattern,
  'a name here starts with a letter or `_` and holds letters, digits, `_` and `-`',
  'Its name; all steps that say it have one breaker in common.',
)

const breaker = optional(
  byType('When a service fails again and again, steps that need it fail at once instead of trying.', {
    string: breakerName,
    object: object('The breaker and when it opens; said once, it holds for all steps that name it.', {
      name: breakerName,
      failures: optional(whole('So many failed attempts in a row open it.', 1, { default: 5 })),
      open: optional(duration('For how long; then one attempt is let through.', { default: '60s' })),
    }),
  }),
)

const poolName = pattern(
  idPattern,
  'a name here starts with a letter or `_` and holds letters, digits, `_` and `-`',
  'Its name; steps of all stages may share it.',
)

export const pool = optional(
  named(
    'pool',
    byType('Of the steps that name it only so many work at once, in the order in which they come.', {
      string: poolName,
      object: object('The pool and its size; said once, it holds for all that name it.', {
        name: poolName,
        size: optional(whole('How many steps work at once.', 1, { default: 1 })),
      }),
    }),
  ),
)

export const shell = optional(
  choice('What interprets `run`; bash gets the flags that GitHub gives it.', shells, { default: 'bash' }),
)
export const workingDirectory = optional(template('step', 'The folder to run in, from the folder of the repository.'))

const common = shared('step', {
  id: optional(id('The name for addresses and `steps.<id>`; in a map of steps the key is the id.')),
  name: optional(text('What people are shown instead of the id.')),
  needs: optional(oneOrMany('Steps of the same map that come first.', id('A step.'))),
  if: optional(
    condition('step-if', 'Runs only when this holds; `success()` is meant when no status function is called.'),
  ),
  env,
  'working-directory': workingDirectory,
  timeout: optional(
    byType('How long an attempt may take, or `{ attempt, total }`.', {
      string: duration('How long one attempt may take.'),
      object: object('Limits for one attempt and for all of them with their waits.', {
        attempt: optional(duration('How long one attempt may take.')),
        total: optional(duration('How long all attempts and waits may take together.')),
      }),
    }),
  ),
  retry,
  breaker,
  pool,
  ...background,
  'continue-on-error': optional(
    byType('A failure is noted and does not fail the stage.', {
      boolean: flag('Whether.'),
      string: template('step', 'An expression.'),
    }),
  ),
  reports,
  outputs: optional(mapOf('The outputs that the step must set, with their types.', choice('A type.', outputTypes))),
  secrets: optional(
    listOf(
      'The secrets that this step may see, as variables and as `secrets.NAME`.',
      pattern(namePattern, 'the name of a secret holds letters, digits and `_`', 'A secret.'),
    ),
  ),
  cache: optional(
    object(
      'The step is not run again when all that decides about it is as it was: its files and what it told are restored.',
      {
        inputs: listOf(
          'The files that it reads: paths, folders and globs; `!` takes some out again.',
          template('step', 'A path or a glob.'),
          1,
        ),
        outputs: optional(
          listOf('The files that it writes: paths, folders and globs.', template('step', 'A path or a glob.'), 1),
        ),
        env: optional(
          listOf(
            "Variables of the machine that it sees and that decide; others it does not see, but for the workflow's own and those that every program needs.",
            pattern(namePattern, 'the name of a variable holds letters, digits and `_`', 'A variable.'),
            1,
          ),
        ),
        ttl: optional(duration('For how long a result counts; for ever when not given.')),
        key: optional(template('step', 'What else decides, such as the version of a tool.')),
        'in-environment': optional(
          flag('Its results are kept and taken in a stage with an `environment` too.', { default: false }),
        ),
      },
      { 'x-say': 'write `cache: { inputs: [src/], outputs: [dist/] }`' },
    ),
  ),
  fix: optional(
    template(
      'step',
      "The command that mends this step's findings, where they fail a gate: for `wf run --fix`, and for the action's input `fix`.",
    ),
  ),
})

const templateRest = {
  path: template('step', 'Where to write, inside the repository.'),
  values: optional(jsonMap('The values that the template may use.', 'step')),
  check: optional(flag('Nothing is written: that the file differs is a failure.', { default: false })),
}

const kinds = {
  run: {
    run: template('step', 'A script for the shell.'),
    shell,
  },
  assert: {
    assert: template('step', 'An expression that must hold; `${{ }}` may be left out.'),
    message: optional(template('step', 'What to say when it does not hold.')),
    level: optional(choice('`warning` says it and goes on.', ['error', 'warning'], { default: 'error' })),
  },
  template: {
    template: byKey(
      'A file made from a Jinja template.',
      {
        file: object('From a file.', { file: template('step', "The template's path."), ...templateRest }),
        text: object('From a text.', { text: text('The template itself; Jinja, not `${{ }}`.'), ...templateRest }),
      },
      'a template needs `file` or `text`',
    ),
  },
  webhook: {
    webhook: object('An HTTP request. Its answer is in the outputs `status` and `body`.', {
      url: template('step', 'Where to; http or https. Private addresses are refused unless allowed.'),
      method: optional(choice('The method.', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], { default: 'POST' })),
      headers: optional(mapOf('Headers.', template('step', 'A value.'))),
      json: optional(json('The body as JSON; `${{ }}` in its texts is replaced.', 'step')),
      text: optional(template('step', 'The body as text.')),
      secret: optional(
        template('step', 'Signs the request: `X-Wf-Signature: t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">`.'),
      ),
      status: optional(
        byType('The expected status or statuses; any of 200 to 299 when not given.', {
          integer: whole('A status.', 100),
          array: listOf('Any of these.', whole('A status.', 100), 1),
        }),
      ),
      'allow-private': optional(flag('Loopback and private addresses are allowed.', { default: false })),
    }),
  },
  plugin: {
    plugin: text('A module of the repository that exports a step kind; docs/plugins.md says how.', {
      'x-example': './wf/notify.mjs',
    }),
    with: optional(jsonMap('Its inputs, checked by the schema that it declares.', 'step')),
  },
}

const simple = <C extends TProperties>(extra: C) => ({
  run: object('A shell script.', { ...extra, ...kinds.run }),
  assert: object('An expression that must hold.', { ...extra, ...kinds.assert }),
  template: object('A file made from a template.', { ...extra, ...kinds.template }),
  webhook: object('An HTTP request.', { ...extra, ...kinds.webhook }),
  plugin: object('A step kind of your own.', { ...extra, ...kinds.plugin }),
})
const needsOne = (what: string): string =>
  `${what} needs one of \`${stepKinds.filter((k) => what === 'a step' || k !== 'choose').join('`, `')}\``

const body = named('body', byKey('What a branch does: the keys of one step kind.', simple({}), needsOne('a branch')))
const branch = named(
  'branch',
  byKey(
    'A branch: when it holds, and the keys of one step kind.',
    simple({ if: condition('step-if', 'The branch is taken when this holds.') }),
    needsOne('a branch'),
  ),
)
const choose = {
  choose: listOf('The first branch whose `if` holds runs.', branch, 1),
  default: optional(body),
}

export const step = named(
  'step',
  byKey(
    'A unit of work of one kind.',
    { ...simple(common), choose: object('The first branch whose condition holds.', { ...common, ...choose }) },
    needsOne('a step'),
  ),
)

type StaticOf<P extends TProperties> = Static<ReturnType<typeof object<P>>>
type Common = StaticOf<typeof common>
/** The keys of each kind, as a user writes them. */
export type KindFiles = { [K in keyof typeof kinds]: StaticOf<(typeof kinds)[K]> } & { choose: StaticOf<typeof choose> }
export type BodyFile = KindFiles[keyof typeof kinds]
export type StepFile = Common & KindFiles[StepKindName]
export type BreakerFile = NonNullable<Common['breaker']>
export type PoolFile = NonNullable<Common['pool']>
export type RetryFile = NonNullable<Common['retry']>
