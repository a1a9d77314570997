import {
  byType,
  choice,
  flag,
  jsonMap,
  listOf,
  mapOf,
  named,
  object,
  oneOrMany,
  optional,
  pattern,
  template,
  text,
  whole,
} from './define.js'
import { namePattern } from './env.js'

/**
 * The keys of a stage that hold where it has a job of its own on GitHub: `wf sync` copies them. Their expressions are GitHub's, so they
 * see what a job sees there: `github`, `matrix`, `secrets` and `vars`.
 */
const label = template('job', 'A label of runners.', { 'x-example': 'ubuntu-24.04' })

const runsOn = optional(
  byType('The runner of its own job on GitHub: a label, several, or a group (default `ubuntu-latest`).', {
    string: label,
    array: listOf('Labels that a runner must have, all of them.', label, 1),
    object: object('A group of runners.', {
      group: template('job', 'Its name.'),
      labels: optional(oneOrMany('Labels that a runner of it must have.', label)),
    }),
  }),
)

/** What the token of a job may do; the words of GitHub. */
export const permissionNames = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'id-token',
  'issues',
  'models',
  'packages',
  'pages',
  'pull-requests',
  'security-events',
  'statuses',
] as const

const permission = (name: string) =>
  optional(
    name === 'id-token'
      ? choice(`For \`${name}\`.`, ['write', 'none'])
      : name === 'models'
        ? choice(`For \`${name}\`.`, ['read', 'none'])
        : choice(`For \`${name}\`.`, ['read', 'write', 'none']),
  )

const permissions = optional(
  object(
    'What the token of its own job may do, beside reading the repository. Steps get the token only as a secret that they name.',
    Object.fromEntries(permissionNames.map((name) => [name, permission(name)])) as Record<
      (typeof permissionNames)[number],
      ReturnType<typeof permission>
    >,
    { 'x-say': 'write what it needs: `permissions: { packages: write }`' },
  ),
)

const credentials = optional(
  object('Who may fetch the image.', {
    username: template('job', 'The name.'),
    password: template('job', 'The password: a secret.', { 'x-example': '${{ secrets.REGISTRY_PASSWORD }}' }),
  }),
)
const imageKeys = {
  image: template('job', 'The image.', { 'x-example': 'postgres:17' }),
  credentials,
  env: optional(jsonMap('Variables in the container.', 'job')),
  ports: optional(
    listOf(
      'Ports that are reached from outside.',
      byType('`8080`, or `8080:80`.', {
        string: template('job', 'A pair.'),
        integer: whole('A port.', 1),
      }),
      1,
    ),
  ),
  volumes: optional(listOf('Folders of the machine in the container.', template('job', '`name:/path`.'), 1)),
  options: optional(template('job', 'Further options of `docker create`.', { 'x-example': '--health-cmd pg_isready' })),
}

const container = optional(
  byType(
    'The container that its own job works in.',
    {
      string: template('job', 'The image.'),
      object: object('The image and how it is started.', imageKeys),
    },
    { 'x-say': 'write `container: IMAGE`, or `container: { image: IMAGE, … }`' },
  ),
)

const services = optional(
  mapOf(
    'Containers beside its own job. Elsewhere its steps find what the machine has.',
    object('The image and how it is started.', imageKeys, {
      'x-say': 'write `{ image: IMAGE }`: `services: { db: { image: postgres } }`',
    }),
    '^[A-Za-z_][A-Za-z0-9_-]*$',
    'the name of a service starts with a letter or `_` and holds letters, digits, `_` and `-`',
  ),
)

const concurrency = optional(
  byType("A name of which only one of this stage's jobs works at a time, of all runs.", {
    string: template('job', 'The name.'),
    object: object('The name, and what becomes of who comes later.', {
      group: template('job', 'The name.'),
      'cancel-in-progress': optional(
        byType('Whether who comes later ends who works.', {
          boolean: flag('Whether who comes later ends who works.'),
          string: template('job', 'An expression.'),
        }),
      ),
      queue: optional(
        choice('Of those that wait, GitHub keeps the last one, or all.', ['single', 'max'], { default: 'single' }),
      ),
    }),
  }),
)

const setup = optional(
  listOf(
    'Actions that make its own job ready: languages and tools. Elsewhere the machine has them, which `requires` checks.',
    object(
      'An action with what it is given.',
      {
        name: optional(text('What people are shown.')),
        uses: pattern(
          String.raw`^(?:\./[^@\s]*|docker://\S+|[\w.-]+/[\w./-]+@[^\s@]+)$`,
          'an action is `owner/name@commit`, `./path` or `docker://image`',
          'The action, by the commit of its version.',
          { 'x-example': 'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020' },
        ),
        with: optional(jsonMap('Its inputs.', 'job')),
        env: optional(jsonMap('Its variables.', 'job')),
      },
      { 'x-say': 'write `setup: [{ uses: OWNER/NAME@COMMIT, with: { … } }]`' },
    ),
    1,
  ),
)

const glob = (description: string) => template('stage', description, { 'x-example': 'dist/' })

const shard = optional(
  byType('Splits its test files into so many instances, by how long they took before.', {
    integer: whole('How many instances, of all files that look like tests.', 2),
    object: object('How many instances, and which files.', {
      total: whole('How many instances.', 2),
      files: oneOrMany(
        'Globs for the test files, from the folder of the repository; `!` takes out.',
        text('A glob.', { 'x-example': 'test/**/*.test.js' }),
      ),
    }),
  }),
)

/** A stage's keys for a job of its own, and for what it takes and leaves. */
export const jobKeys = {
  'runs-on': runsOn,
  permissions,
  container,
  services,
  concurrency,
  setup,
  environment: optional(
    pattern(
      String.raw`\S`,
      'write its name alone: `environment: staging`',
      'The environment of its own job on GitHub, whose secrets and rules hold for it. No result of a step is taken from the cache there unless the step says so.',
    ),
  ),
  secrets: optional(
    listOf(
      'Secrets that all its steps may see, as variables and as `secrets.NAME`.',
      pattern(namePattern, 'the name of a secret holds letters, digits and `_`', 'The name of a secret.'),
      1,
    ),
  ),
  artifacts: optional(
    oneOrMany(
      'Files that it hands to the stages that need it, on any runner: paths and globs from the folder of the repository. Each must be there when an instance has succeeded.',
      glob('A path or a glob; a folder stands for all in it, `!` takes out.'),
    ),
  ),
  shard,
  paths: optional(
    named(
      'paths',
      oneOrMany(
        'Files of the component that it is about: a change that touches none of them, and of no stage with `paths` that it needs, does not run it ("not affected by this change").',
        text('A glob from the folder of the repository; `!` takes out.', { 'x-example': 'packages/api/**' }),
      ),
    ),
  ),
}

export type PermissionName = (typeof permissionNames)[number]
