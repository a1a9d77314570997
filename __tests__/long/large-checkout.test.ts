import { describe, expect, test } from '@jest/globals'
import { walk } from '../support/walk.js'

const tracked = Array.from({ length: 50_000 }, (_, i) => `packages/p${i % 5000}/test/m${i}/cart.test.js`)

/** A case that failed: the report names its file, or only a stack of a container does. */
const failing = (i: number): string => {
  const file = `/app/${tracked[i]}`
  const attribute = i % 2 ? ` file="${file}" line="${i + 1}"` : ''
  const stack = i % 2 ? '' : `Error: no&#10;    at check (/app/node_modules/lib/x.js:1:1)&#10;    at ${file}:${i + 1}:5`
  return `<testcase classname="cart" name="case ${i}"${attribute}><failure message="no">${stack}</failure></testcase>`
}

/** Ten thousand failing cases in a hundred reports. */
const reports = Object.fromEntries(
  Array.from({ length: 100 }, (_, r) => {
    const cases = Array.from({ length: 100 }, (_, c) => failing(100 * r + c))
    return [`reports/r${100 + r}.xml`, `<testsuite name="s${r}" tests="100">${cases.join('')}</testsuite>`]
  }),
)

describe('ten thousand failing cases in a checkout of fifty thousand files', () => {
  test('are all placed by one listing of the tree, and no file is looked for', async () => {
    const done: string[] = []
    const { outcome, ports } = await walk(
      `
t:
  steps: [{ run: test, reports: 'reports/*.xml' }]
`,
      {
        tracked: ['.github/wf.yml', ...tracked],
        scripts: (files) => ({
          test: {
            exit: 1,
            does: () => {
              for (const [path, text] of Object.entries(reports)) files.write(path, text)
              files.memory.failing = (operation, path) => void done.push(`${operation} ${path}`)
            },
          },
        }),
      },
    )
    const cases = outcome.evidence.flatMap(({ evidence }) =>
      evidence.flatMap((one) => (one.kind === 'tests' ? one.cases : [])),
    )
    expect(cases).toHaveLength(10_000)
    const places = cases.map(({ name, file, line }) => [name, file, line])
    expect(places).toEqual(cases.map((_, i) => [`case ${i}`, tracked[i], i + 1]))
    expect(ports.git.asked.filter(({ args }) => args.join(' ') === 'ls-files -z')).toHaveLength(1)
    // Its own folder is looked through for older runs, which are removed.
    const own = 'listing /repo/.wf/runs'
    expect(done.filter((one) => one.startsWith('listing') && one !== own)).toEqual(['listing /repo/reports'])
    expect(done.filter((one) => one.includes('/packages/'))).toEqual([])
  })
})
