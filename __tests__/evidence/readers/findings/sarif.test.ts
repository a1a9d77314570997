import { expect, test } from '@jest/globals'
import { messages, read, readFindings } from '../../reading.js'

const run = (results: unknown[], more: object = {}): string =>
  JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Tool' } }, results, ...more }] })
const result = (more: object = {}): object => ({ ruleId: 'r', message: { text: 'm' }, ...more })
const severities = async (text: string): Promise<string[]> =>
  (await readFindings(text)).findings.map(({ severity }) => severity)

test('a level of the command line stands before the rule’s, and the result’s own before it', async () => {
  const override = (descriptor: object, level: string): object => ({
    executionSuccessful: true,
    ruleConfigurationOverrides: [{ descriptor, configuration: { level } }],
  })
  const invocations = [override({ id: 'r' }, 'error')]
  expect(
    await severities(run([result(), result({ level: 'note' }), result({ ruleId: 'r/part' })], { invocations })),
  ).toEqual(['error', 'note', 'error'])
  expect(await severities(run([result({ ruleIndex: 3 })], { invocations: [override({ index: 3 }, 'note')] }))).toEqual([
    'note',
  ])
})

test('of several invocations only the one that found the result counts', async () => {
  const invocation = (level: string): object => ({
    ruleConfigurationOverrides: [{ descriptor: { id: 'r' }, configuration: { level } }],
  })
  const invocations = [invocation('note'), invocation('error')]
  expect(
    await severities(
      run([result(), result({ provenance: { invocationIndex: 1 } }), result({ provenance: { invocationIndex: 9 } })], {
        invocations,
      }),
    ),
  ).toEqual(['warning', 'error', 'warning'])
})

test('a rule of an extension is found by the extension’s name or identity', async () => {
  const rules = (level: string): object[] => [{ id: 'x', defaultConfiguration: { level } }]
  const tool = {
    driver: { name: 'Tool', rules: rules('warning') },
    extensions: [
      { name: 'one', rules: rules('note') },
      { guid: 'g', rules: rules('error') },
    ],
  }
  const by = (toolComponent: object): object => ({ rule: { index: 0, toolComponent }, message: { text: 'm' } })
  expect(await severities(run([by({ name: 'one' }), by({ guid: 'g' }), by({})], { tool }))).toEqual([
    'note',
    'error',
    'warning',
  ])
})

test('what went wrong in a run that ended well is said', async () => {
  const invocations = [
    {
      executionSuccessful: true,
      exitCodeDescription: 'findings',
      toolExecutionNotifications: [{ level: 'error', message: { text: 'a.js was not parsed' } }],
    },
  ]
  const report = await read(run([], { invocations }))
  expect([messages(report), messages(report, 'warning')]).toEqual([
    [],
    ['Tool says that something went wrong: a.js was not parsed'],
  ])
})

test('what is new, changed or was there before counts, what is gone does not', async () => {
  const states = ['new', 'updated', 'unchanged', 'absent', undefined]
  expect(await severities(run(states.map((baselineState) => result({ baselineState }))))).toHaveLength(4)
})

test('taxonomies classify and change nothing', async () => {
  const taxonomies = [{ name: 'CWE', taxa: [{ id: '22', defaultConfiguration: { level: 'error' } }] }]
  const taxa = [{ id: '22', index: 0, toolComponent: { name: 'CWE', index: 0 } }]
  const evidence = await readFindings(run([result({ taxa })], { taxonomies }))
  expect([evidence.categories, evidence.findings[0]?.severity]).toEqual([['lint'], 'warning'])
})
