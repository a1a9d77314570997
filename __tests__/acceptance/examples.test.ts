import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyOfExample, gatesIn, git, outcomeIn, wfEnding } from '../support/command.js'

jest.setTimeout(60_000)

const gates = ['tests', 'coverage', 'lint', 'types', 'secrets', 'vulnerabilities']
const all = (status: string): Record<string, string> => Object.fromEntries(gates.map((gate) => [gate, status]))

describe('examples/shop', () => {
  let shop: Awaited<ReturnType<typeof copyOfExample>>
  beforeAll(async () => {
    shop = await copyOfExample('shop')
  })
  afterAll(() => shop.remove())

  test('passes every gate, and leaves nothing but what git ignores', async () => {
    await wfEnding(0, ['run'], shop.folder)
    expect(gatesIn(shop.folder)).toEqual(all('pass'))
    expect(outcomeIn(shop.folder)).toMatchObject({ verdict: 'pass', target: 'review', not_judged: [] })
    expect(await git(shop.folder, 'status', '--porcelain', '--ignored')).toBe('!! .wf/\n!! reports/\n')
  })

  test('would pass at production, too', async () => {
    await wfEnding(0, ['run', 'production'], shop.folder)
    expect(outcomeIn(shop.folder)).toMatchObject({ verdict: 'pass', target: 'production' })
  })
})

describe('examples/shop-broken', () => {
  let broken: Awaited<ReturnType<typeof copyOfExample>>
  beforeAll(async () => {
    broken = await copyOfExample('shop-broken')
  })
  afterAll(() => broken.remove())

  /** Applies repairs for as long as `use` takes. */
  async function repaired(repairs: readonly string[], use: () => Promise<void>): Promise<void> {
    if (repairs.length > 0) await git(broken.folder, 'apply', ...repairs.map((gate) => `repairs/${gate}.patch`))
    try {
      await use()
    } finally {
      await git(broken.folder, 'checkout', '--quiet', '.')
      await git(broken.folder, 'clean', '--quiet', '--force')
    }
  }

  test('fails every gate and names each fault with its place', async () => {
    const ended = await wfEnding(1, ['run'], broken.folder)
    expect(gatesIn(broken.folder)).toEqual(all('fail'))
    for (const place of [
      'test/pricing.test.js:22',
      'src/checkout.js:14',
      'src/cart.js:4',
      'config/staging.env:4',
      'GHSA-xvch-5gv4-984h',
      '48.5',
    ])
      expect(ended.stdout).toContain(place)
    expect(ended.stdout + ended.stderr).not.toContain('AKIA')
  })

  test('says the same in the comment, the summary and SARIF, and repeats no secret', async () => {
    await wfEnding(1, ['run'], broken.folder)
    const { run } = outcomeIn(broken.folder)
    const read = (name: string): string => readFileSync(join(broken.folder, '.wf/runs', run.id, name), 'utf8')
    for (const name of ['comment.md', 'summary.md'])
      for (const said of ['pricing.test.js', 'no-var', 'TS2322', 'config/staging.env', 'minimist'])
        expect(read(name)).toContain(said)
    for (const said of ['src/checkout.js', 'src/cart.js', 'config/staging.env'])
      expect(read('report.sarif')).toContain(said)
    for (const name of ['comment.md', 'summary.md', 'report.sarif', 'outcome.json', 'journal.jsonl'])
      expect(read(name)).not.toContain('AKIA')
  })

  test.each(gates)('repaired alone, exactly the gate %s turns green', (gate) =>
    repaired([gate], async () => {
      await wfEnding(1, ['run'], broken.folder)
      expect(gatesIn(broken.folder)).toEqual({ ...all('fail'), [gate]: 'pass' })
    }),
  )

  test('with every repair it passes', () =>
    repaired(gates, async () => {
      await wfEnding(0, ['run'], broken.folder)
      expect(gatesIn(broken.folder)).toEqual(all('pass'))
    }))

  test('--fix repairs what a step can repair, and judges again', () =>
    repaired([], async () => {
      await wfEnding(1, ['run', '--fix'], broken.folder)
      expect(gatesIn(broken.folder)).toEqual({ ...all('fail'), lint: 'pass' })
      expect(outcomeIn(broken.folder).fixed.flatMap(({ files }) => files)).toEqual(['src/checkout.js'])
    }))
})

describe('examples/plugin', () => {
  let plugin: Awaited<ReturnType<typeof copyOfExample>>
  beforeAll(async () => {
    plugin = await copyOfExample('plugin')
  })
  afterAll(() => plugin.remove())

  const notices = (): unknown[] =>
    readFileSync(join(plugin.folder, 'reports/notices.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)

  test('runs a step kind of its own', async () => {
    await wfEnding(0, ['run'], plugin.folder)
    const text = expect.stringMatching(/^It is \d+ bytes small\.$/)
    expect(notices()).toEqual([{ level: 'info', title: 'The build is done', text }])
  })

  test('an input that the plug-in does not know is named, and the plug-in does not start', async () => {
    const file = join(plugin.folder, '.github/wf.yml')
    const whole = readFileSync(file, 'utf8')
    writeFileSync(file, whole.replace('title: The build is done', 'titel: The build is done'))
    const ended = await wfEnding(1, ['run'], plugin.folder)
    writeFileSync(file, whole)
    expect(ended.stdout).toContain('titel')
    expect(notices()).toEqual([{ level: 'critical', title: 'The announcement failed', text: '' }])
  })
})
