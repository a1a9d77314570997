import { defineConfig } from 'oxlint'

/**
 * The rooms of `src/`, in the order in which data flows. A room imports only rooms before it, `base/` and `ports.ts`;
 * the entries (`action/`, `cli/`, `index.ts`, `run.ts`) compose, so nothing imports them but each other.
 */
const rooms = [
  'base',
  'language',
  'workflow',
  'trigger',
  'plan',
  'evidence',
  'history',
  'gates',
  'journal',
  'effects',
  'engine',
  'handover',
  'deploy',
  'publish',
  'host',
  'fake-github',
  'action',
  'cli',
]
/** Only these meet the outside world. */
const outside = ['host', 'fake-github', 'action', 'cli']
const outsideModules = [
  'node:child_process',
  'node:fs',
  'node:fs/promises',
  'node:http',
  'node:https',
  'node:net',
  '@actions/core',
  '@actions/github',
  '@actions/exec',
  '@octokit/*',
]

const restricted = (room) => ({
  patterns: [
    ...rooms.slice(rooms.indexOf(room) + 1).map((later) => ({
      group: [`**/${later}/**`],
      message: `${room}/ comes before ${later}/: data flows down the list of rooms in docs/architecture.md.`,
    })),
    ...(room === 'base' ? [{ group: ['../**'], message: 'base/ imports nothing.' }] : []),
    ...(outside.includes(room)
      ? []
      : [
          { group: outsideModules, message: 'The core never meets the outside: take a port from ports.ts.' },
          {
            group: ['run', 'prepare', 'options', 'index'].flatMap((entry) => [`../${entry}.js`, `../../${entry}.js`]),
            message: 'An entry is not imported by a room.',
          },
        ]),
  ],
})

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node'],
  options: { typeAware: true, denyWarnings: true },
  categories: { correctness: 'error', suspicious: 'error', perf: 'off' },
  ignorePatterns: ['dist/', 'build/', 'src/**/generated/', 'examples/', '__tests__/fixtures/', '/coverage/'],
  rules: {
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'no-unused-vars': ['error', { ignoreRestSiblings: true }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': 'error',
    'typescript/no-unnecessary-condition': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'promise/always-return': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
    'no-await-in-loop': 'off',
    'no-shadow': 'off',
    'no-underscore-dangle': 'off',
    'no-control-regex': 'off',
    'max-lines': ['error', { max: 400 }],
    'max-params': ['error', { max: 4 }],
    'no-process-exit': 'error',
    'no-console': 'error',
  },
  overrides: [
    ...rooms.map((room) => ({
      files: [`src/${room}/**/*.ts`],
      rules: { 'no-restricted-imports': ['error', restricted(room)] },
    })),
    {
      files: ['src/**/*.ts'],
      excludeFiles: ['src/host/**', 'src/action/**', 'src/cli/**'],
      rules: { 'node/no-process-env': 'error' },
    },
    // JSON Schema's `then` is a key, not a promise.
    { files: ['src/language/define.ts'], rules: { 'unicorn/no-thenable': 'off' } },
    { files: ['bench/**', 'scripts/**'], rules: { 'no-console': 'off' } },
  ],
})
