import type { Static, TSchema } from 'typebox'
import {
  byType,
  choice,
  date,
  duration,
  flag,
  listOf,
  mapOf,
  named,
  object,
  oneOrMany,
  optional,
  share,
  template,
  text,
  whole,
} from './define.js'

/** A threshold: one value, or one by target with `default` for the rest. */
const threshold = <V extends TSchema>(
  [name, type, say]: readonly [string, 'string' | 'integer', string],
  description: string,
  value: V,
) =>
  optional(
    named(
      name,
      byType(
        `${description} One value, or one by target: \`{ default: …, production: … }\`.`,
        {
          [type]: value,
          object: mapOf('A value by target; `default` is for every target that is not named.', value),
        } as { string: V; object: ReturnType<typeof mapOf<V>> },
        { 'x-say': say },
      ),
    ),
  )
const shareOf = (description: string) =>
  threshold(['share-by-target', 'string', 'a share such as `80%`, or one by target'], description, share('A share.'))
const countOf = (description: string) =>
  threshold(['count-by-target', 'integer', 'a whole number, or one by target'], description, whole('A number.'))
const durationOf = (description: string) =>
  threshold(
    ['duration-by-target', 'string', 'a duration such as `90s` or `10m`, or one by target'],
    description,
    duration('A duration.'),
  )
const least = (what: string) => shareOf(`The least ${what}.`)
const most = (what: string) => countOf(`How many ${what} are allowed.`)

const perInstance = optional(
  flag('Judge each instance of the matrix by itself instead of all merged.', { default: false }),
)
const newOnly = optional(
  flag(
    'Count only what the base has not. By default for pull requests and merge groups, and on a laptop where a base is known.',
  ),
)
const off = choice('Not judged; what it would have judged is shown as not judged.', ['off'])

const gate = <S extends TSchema>(description: string, thresholds: S) =>
  optional(
    byType(`${description} \`{}\` takes the defaults, \`off\` judges nothing.`, { string: off, object: thresholds }),
  )

const tests = {
  'pass-rate': least('share of tests that pass, of those that ran (default 100%)'),
  minimum: countOf('The least number of tests that ran (default 1).'),
  skipped: shareOf('The largest share of skipped tests (no limit by default).'),
}

const coverage = {
  lines: least('share of lines covered (default 50%; at `staging` 70%, at `production` 80%)'),
  branches: least('share of branches covered (no limit by default)'),
  functions: least('share of functions that ran (no limit by default)'),
}

const messages = (description: string) =>
  optional(
    byType(description, {
      boolean: flag('By the usual rules, or not at all.'),
      object: object('By rules of your own.', {
        types: optional(
          listOf(
            'The types (default: feat, fix, docs, test, refactor, perf, ci, security, chore, build, style, revert).',
            text('A type.'),
            1,
          ),
        ),
        scopes: optional(listOf('The scopes; any when absent.', text('A scope.'), 1)),
        scoped: optional(flag('A scope has to be there.', { default: false })),
        'max-length': optional(whole('Characters of the first line (default 100).', 20)),
      }),
    }),
  )

/** Files that are contracts: globs alone, or with what is asked of them. */
const contract = <P extends Record<string, TSchema>>(description: string, rules: P) =>
  optional(
    byType(description, {
      string: text('A glob.'),
      array: listOf('Globs.', text('A glob.'), 1),
      object: object('Which files, and what is asked of them.', {
        files: oneOrMany('Which tracked files.', text('A glob.')),
        ...rules,
      }),
    }),
  )

export const gates = named(
  'gates',
  object('Thresholds over the evidence of this stage; a milestone judges all that it needs.', {
    tests: gate(
      'Test results.',
      object('Test results.', {
        ...tests,
        flaky: optional(
          choice(
            'What a test means that passed only when run again: a warning, or a failure. `quarantine` warns of those that are not in the list of that name.',
            ['warn', 'fail', 'quarantine'],
            { default: 'warn' },
          ),
        ),
        quarantine: optional(
          listOf(
            'Tests that may fail for a time. When it is over the gate fails.',
            object('A test in quarantine.', {
              test: text('Its name, with or without what it belongs to: `suite › name`.'),
              until: date('The last day, in UTC.'),
              reason: text('Why, for people.'),
              owner: optional(text('Who mends it.')),
            }),
            1,
          ),
        ),
        slow: durationOf('Tests that took longer are listed, the slowest first; nothing fails.'),
        duration: durationOf('The most time for all tests together, as their reports tell it.'),
        required: optional(listOf('Suites of which at least one test must have run.', text('The name of a suite.'), 1)),
        'required-markers': optional(
          listOf('Markers of which at least one test must have run.', text('A marker, without `@`.'), 1),
        ),
        suites: optional(
          mapOf('Suites judged apart, by the `suite` of their reports.', object('Thresholds of one suite.', tests)),
        ),
        markers: optional(
          mapOf(
            'Tests judged apart by the markers that their report gives them: tags, categories, marks.',
            object('Thresholds of the tests with one marker.', tests),
          ),
        ),
        'per-instance': perInstance,
      }),
    ),
    coverage: gate(
      'Code coverage.',
      object('Code coverage.', {
        ...coverage,
        patch: least('share covered of the lines that the change adds (no limit by default)'),
        drop: shareOf('How many points of the share of lines may be lost against the base (no limit by default).'),
        'files-under': shareOf(
          'Files with a smaller share of lines covered are listed, the worst first; nothing fails.',
        ),
        suites: optional(
          mapOf(
            'What the tests of one suite reach, judged besides, by the `suite` of the coverage reports.',
            object('Thresholds of one suite; without any those of `lines` by default.', coverage),
          ),
        ),
        'per-instance': perInstance,
      }),
    ),
    lint: gate(
      'Remarks of linters.',
      object('Remarks of linters.', {
        issues: most('remarks of any severity (default 0)'),
        errors: most('errors'),
        warnings: most('warnings'),
        'new-only': newOnly,
        'per-instance': perInstance,
      }),
    ),
    types: gate(
      'Errors of type checkers.',
      object('Errors of type checkers.', {
        errors: most('type errors (default 0)'),
        'new-only': newOnly,
        'per-instance': perInstance,
      }),
    ),
    secrets: gate(
      'Secrets that a scanner found.',
      object('Secrets that a scanner found.', {
        any: most('secrets (default 0)'),
        scan: optional(
          choice(
            'What wf itself looks through for secrets: the lines that the change adds, all files that git tracks, or nothing. By default the change, where no scanner reports.',
            ['changes', 'tree', 'off'],
          ),
        ),
        'per-instance': perInstance,
      }),
    ),
    vulnerabilities: gate(
      'Known vulnerabilities, by severity.',
      object('Known vulnerabilities, by severity.', {
        critical: most('critical vulnerabilities (default 0)'),
        high: most('high vulnerabilities (default 0)'),
        medium: most('medium vulnerabilities (default 5)'),
        low: most('low vulnerabilities (no limit by default)'),
        'per-instance': perInstance,
      }),
    ),
    benchmarks: gate(
      'Benchmarks against the spread of earlier runs.',
      object('Benchmarks against the spread of earlier runs.', {
        slower: shareOf('How much worse than the median of earlier runs one may be, if it is no chance (default 10%).'),
        'minimum-samples': countOf('How many earlier runs it takes to judge one, at least 2 (default 5).'),
        'per-instance': perInstance,
      }),
    ),
    conventions: gate(
      'Conventions of commits, titles, branches and files. `{}` asks for commits, titles, instruction files and files of variables.',
      object('Which conventions, and how many remarks are allowed.', {
        commits: messages('Messages of the commits that the change brings, by Conventional Commits 1.0.0.'),
        title: messages('The title of the pull request, by the same rules.'),
        branches: optional(
          byType('Names of branches, and where each may be merged.', {
            string: choice('A usual set.', ['gitflow', 'trunk']),
            array: listOf(
              'The first that fits in name and goal allows it.',
              object('A kind of branch.', {
                from: text('Its names, as in `on.push.branches`.'),
                to: oneOrMany('Where it may be merged.', text('A branch, or a pattern.')),
              }),
              1,
            ),
          }),
        ),
        instructions: optional(
          flag(
            '`*.instructions.md` have front matter that says what they are for; `AGENTS.md` and `CLAUDE.md` are long enough.',
          ),
        ),
        'env-files': optional(flag('No `.env` is tracked, and examples hold placeholders only.')),
        errors: most('errors (default 0)'),
        warnings: most('warnings (no limit by default)'),
      }),
    ),
    dependencies: gate(
      'Dependencies, as tracked lock files and manifests tell them. `{}` asks that these agree.',
      object('What is asked of dependencies, and how many remarks are allowed.', {
        licences: optional(
          object('Licences, as SPDX writes them; `*` stands for anything. Of `A OR B` one has to be allowed.', {
            allow: optional(listOf('Only these; what is not known is an error then.', text('A licence.'), 1)),
            deny: optional(listOf('None of these.', text('A licence.'), 1)),
          }),
        ),
        deny: optional(
          listOf(
            'Packages that may not be used, such as `left-pad`, `@evil/*`, `pypi:requests`; `*` stands for anything.',
            text('A package.'),
            1,
          ),
        ),
        new: optional(
          choice(
            'What a package means that no lock file of the base names: a warning, or nothing.',
            ['review', 'allow'],
            {
              default: 'allow',
            },
          ),
        ),
        'lock-files': optional(flag('Lock files and manifests say the same.', { default: true })),
        errors: most('errors (default 0)'),
        warnings: most('warnings (no limit by default)'),
      }),
    ),
    contracts: gate(
      'Contracts with others: OpenAPI documents, and JSON Schemas of events. `{}` looks for tracked files that are called `openapi` or `swagger`.',
      object('What is asked of contracts, and how many remarks are allowed.', {
        openapi: contract('OpenAPI documents, from 2.0 to 3.2, in YAML or JSON: globs over tracked files, or more.', {
          security: optional(
            choice(
              'Every operation says who may call it, itself or by the whole document; `security: []` says everyone.',
              ['required', 'optional'],
              { default: 'optional' },
            ),
          ),
          breaking: optional(
            choice(
              'What a change means that breaks clients of the base, without a new major `info.version`: an error, a warning, or nothing.',
              ['fail', 'warn', 'allow'],
              { default: 'fail' },
            ),
          ),
        }),
        events: contract('JSON Schemas of events: globs over tracked files, or more.', {
          compatibility: optional(
            choice(
              'What has to hold of a change without a new major version: the new schema accepts events of the old one (`backward`), the old one those of the new (`forward`), both (`full`), or nothing.',
              ['backward', 'forward', 'full', 'none'],
              { default: 'backward' },
            ),
          ),
        }),
        errors: most('errors (default 0)'),
        warnings: most('warnings (no limit by default)'),
      }),
    ),
    expression: optional(
      template('gate', 'What must hold of all evidence: `coverage.patch >= 80 && findings.new.high == 0`.'),
    ),
    duration: durationOf('The most time that the stage may take; of a milestone, all that it needs together.'),
  }),
)

export type GatesFile = Static<typeof gates>
/** A threshold as written: a value, or values by target. */
export type Threshold<V extends string | number> = V | Record<string, V>
