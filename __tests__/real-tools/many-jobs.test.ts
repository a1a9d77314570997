import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startFakeGitHub } from '../../src/fake-github/index.js'
import type { FakeGitHub } from '../../src/fake-github/index.js'
import { act } from '../support/act.js'
import { execute } from '../support/command.js'
import { checkOut, pullRequest } from '../support/pull-request.js'
import type { PullRequest } from '../support/pull-request.js'
import type { Ran } from '../support/runner.js'
import { Scratch } from '../support/scratch.js'
import { describeWith } from '../support/tools.js'

jest.setTimeout(300_000)

/** The workflow file that is walked in both shapes. */
const workflow = `version: 1
name: tiny
on: { pull_request: review }
stages:
  build:
    steps:
      - { id: make, run: 'mkdir -p dist/.meta; cp sum.js dist/; printf "#!/bin/sh\\necho made\\n" > dist/.meta/tool; chmod +x dist/.meta/tool; echo "made=yes" >> "$GITHUB_OUTPUT"' }
    outputs: { made: '\${{ steps.make.outputs.made }}' }
    artifacts: dist/
  test:
    needs: build
    matrix: { half: [first, second] }
    on-failure: continue
    env: { MADE: '\${{ needs.build.outputs.made }}' }
    steps:
      unit:
        run: |
          test "$(dist/.meta/tool)" = made; test "$MADE" = yes
          mkdir -p reports
          node --test --test-reporter=junit --test-reporter-destination=reports/junit.xml || code=$?
          # How long tests take depends on the machine, and so does which of them are shown as slow.
          sed -i 's/ time="[^"]*"//' reports/junit.xml
          exit "\${code:-0}"
        reports: reports/junit.xml
    gates: { tests: { pass-rate: 100% } }
  quality:
    needs: build
    permissions: { packages: read }
    steps:
      lint: { run: 'echo "[]"', reports: { stdout: eslint-json } }
    gates: { lint: { issues: 0 } }
  release: { needs: review, steps: [{ run: 'echo released' }] }
  review: { needs: [test, quality] }
`
/** The example of the design, for the Node that is here; what its tools print is told by programs of their names. */
const design = readFileSync('__tests__/fixtures/workflows/many-jobs/shop.yml', 'utf8').replace('[20, 24]', '[24]')
const tools = {
  npm: `case "$*" in
  ci) mkdir -p node_modules/dep; echo 1 > node_modules/dep/index.js ;;
  'run build') test -e node_modules/dep/index.js; mkdir -p dist/.meta; echo built > dist/.meta/app ;;
  'run e2e') test -e dist/.meta/app; mkdir -p reports; printf '%s' '<testsuite name="e2e"><testcase classname="shop" name="buys"/></testsuite>' > reports/e2e.xml ;;
  'audit --json') printf '%s' '{"auditReportVersion":2,"vulnerabilities":{},"metadata":{"vulnerabilities":{"info":0,"low":0,"moderate":0,"high":0,"critical":0,"total":0},"dependencies":{"total":1}}}' ;;
esac`,
  npx: `case "$1" in
  jest)
    mkdir -p reports coverage
    printf '%s' '<testsuite name="unit"><testcase classname="sum" name="adds"/></testsuite>' > reports/junit.xml
    printf 'SF:sum.js\\nDA:1,1\\nend_of_record\\n' > coverage/lcov.info ;;
  eslint) printf '[]' ;;
esac`,
  gitleaks: `mkdir -p reports; printf '[]' > reports/gitleaks.json`,
}

const files = { '.github/wf.yml': workflow, '.gitignore': 'reports/\n.wf/\ndist/\n' }
const source = resolve(process.env['WF_ACTION'] ?? '.')

let scratch: Scratch
let github: FakeGitHub | undefined
beforeEach(() => {
  scratch = new Scratch('wf-many-jobs-')
})
afterEach(async () => {
  await github?.close()
  github = undefined
  scratch.remove()
})

const folder = (name: string): string => {
  const path = join(scratch.root, name)
  mkdirSync(path, { recursive: true })
  return path
}

/** Runs a GitHub workflow of the pull request by act, and answers what people see then. */
async function walk(pull: PullRequest, shape: string, path: string, programs?: string) {
  await github?.close()
  const bot = {
    login: 'github-actions[bot]',
    permissions: { contents: 'read', checks: 'write', pull_requests: 'write' },
  } as const
  github = await startFakeGitHub({
    tokens: { ghs_token: bot },
    repositories: {
      'org/tiny': {
        commits: {
          [pull.base]: {
            files: { '.github/wf.yml': readFileSync(join(scratch.root, 'pull/work/.github/wf.yml'), 'utf8') },
          },
          [pull.head]: { parents: [pull.base] },
          [pull.merge]: { parents: [pull.base, pull.head] },
        },
        branches: { main: pull.base },
        pulls: [
          {
            number: pull.number,
            head: { ref: 'topic', sha: pull.head, repo: pull.from },
            merge_commit_sha: pull.merge,
          },
        ],
      },
    },
  })
  const clone = folder(`${shape}-clone`)
  const ref = `refs/pull/${pull.number}/merge`
  await checkOut(pull.origin, ref, clone)
  const job = {
    event: 'pull_request',
    payload: pull.payload,
    sha: pull.merge,
    ref,
    actor: 'org',
    clone,
    workspace: clone,
  }
  const ran = await act.run(
    {
      ...job,
      ...(programs === undefined ? {} : { programs }),
      workflow: path,
      token: 'ghs_token',
      run: 4711,
      api: github.url,
    },
    folder(`${shape}-runner`),
  )
  const tiny = github.state.repositories['org/tiny']
  const checks = tiny?.checkRuns[pull.head] ?? []
  return {
    ran,
    uploads: readdirSync(folder(join(`${shape}-runner`, 'uploads'))).sort(),
    requests: github.writes().length,
    shown: {
      checks: checks.map(({ name, conclusion, output, annotations }) => ({
        name,
        conclusion,
        title: output?.title,
        summary: plain(output?.summary ?? ''),
        text: plain(output?.text ?? ''),
        annotations: annotations.map(({ path: at, start_line: line, message }) => [at, line, message]),
      })),
      comments: (tiny?.comments[pull.number] ?? []).map(({ body }) => plain(body)),
      mistakes: github.mistakes,
    },
  }
}

/** What does not depend on the machine: its clock, and the name of the run. */
const plain = (text: string): string =>
  text
    .replaceAll(/\d{8}-\d{6}-[0-9a-f]+/g, 'RUN')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'WHEN')
    .replaceAll(/\b\d+(?:\.\d+)?\s?(?:ms|s|min)\b/g, 'TIME')
    // What takes no time at all has an empty cell.
    .replaceAll(/\| TIME \|$/gm, '|  |')

async function synced(pull: string): Promise<string> {
  const path = join(folder('synced'), 'wf.yml')
  const { code, stdout, stderr } = await execute(
    process.execPath,
    [join(source, 'dist/cli/index.js'), 'sync', '--stdout', '--dir', join(pull, 'work')],
    '.',
  )
  if (code !== 0) throw new Error(stderr)
  writeFileSync(path, stdout)
  return path
}

const ended = ({ code, log }: Ran, wanted: number): void => {
  if (code !== wanted) throw new Error(`exit ${code}, not ${wanted}\n${log}`)
}

describeWith(...act.needs)('the workflow of many jobs, walked by act', () => {
  describe.each([
    ['passing', 0, 'success'],
    ['failing', 1, 'failure'],
  ] as const)('a change that is %s', (change, code, conclusion) => {
    test('gets the check and the comment that one job gives it', async () => {
      const at = folder('pull')
      const pull = await pullRequest(at, change, undefined, files)
      const one = await walk(pull, 'one', 'templates/starter/ci.yml')
      ended(one.ran, code)
      const many = await walk(pull, 'many', await synced(at))
      ended(many.ran, code)
      expect(many.shown).toEqual(one.shown)
      expect(many.shown.checks.map(({ name, conclusion: end }) => [name, end])).toEqual([
        ['wf / tiny / review', conclusion],
      ])
      expect(many.shown.mistakes).toEqual([])
      // One job an instance handed over, and nothing was made twice.
      expect(many.uploads.filter((name) => name.startsWith('wf-journal-'))).toHaveLength(4)
      expect(many.uploads.filter((name) => name.startsWith('wf-files-'))).toHaveLength(1)
      expect(many.requests).toBe(one.requests)
    })
  })

  test('the example of the design is walked alike', async () => {
    const at = folder('pull')
    const ignored = 'reports/\n.wf/\ndist/\nnode_modules/\ncoverage/\n'
    const pull = await pullRequest(at, 'passing', undefined, {
      '.github/wf.yml': design,
      '.gitignore': ignored,
      'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }\n',
    })
    const programs = folder('programs')
    for (const [name, text] of Object.entries(tools)) {
      writeFileSync(join(programs, name), `#!/bin/sh\nset -e\n${text}\n`, { mode: 0o755 })
    }
    const one = await walk(pull, 'one', 'templates/starter/ci.yml', programs)
    ended(one.ran, 0)
    const many = await walk(pull, 'many', await synced(at), programs)
    ended(many.ran, 0)
    expect(many.shown).toEqual(one.shown)
    expect(many.shown.checks.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['wf / shop / review', 'success'],
    ])
  })
})
