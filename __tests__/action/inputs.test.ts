import { describe, expect, test } from '@jest/globals'
import { readInputs, readMap } from '../../src/action/inputs.js'
import { rulesText } from '../../src/trigger/rules-text.js'
import { timingsText } from '../../src/history/timings-text.js'

const read = (inputs: Record<string, string>) =>
  readInputs(Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])))

describe('the inputs of the action', () => {
  test('have the defaults of action.yml when they are empty', () => {
    expect(read({})).toMatchObject({
      ok: true,
      value: {
        file: '.github/wf.yml',
        workingDirectory: '.',
        fix: undefined,
        check: true,
        comment: true,
        summary: true,
        artifact: 'wf',
      },
    })
  })

  test('are read as the runner hands them over', () => {
    const given = {
      'working-directory': 'app',
      target: ' staging ',
      concurrency: '3',
      fix: 'Suggest',
      comment: 'false',
      inputs: 'version=1.2.3\n# none\nname = a=b',
    }
    expect(read(given)).toMatchObject({
      ok: true,
      value: {
        workingDirectory: 'app',
        target: 'staging',
        concurrency: 3,
        fix: 'suggest',
        comment: false,
        inputs: { version: '1.2.3', name: 'a=b' },
      },
    })
  })

  test('that are wrong are all told at once, and no secret with them', () => {
    const wrong = read({ concurrency: '0', fix: 'yes', inputs: '=x', secrets: 'TOKEN<<END\nhunter2' })
    expect(wrong.ok ? [] : wrong.problems.map(({ message }) => message)).toEqual([
      'the input `concurrency` cannot be `0`',
      'the input `fix` cannot be `yes`',
      'the input `inputs` cannot be read',
      'the input `secrets` cannot be read',
    ])
    expect(JSON.stringify(wrong)).not.toContain('hunter2')
  })
})

describe('what the job that plans found out', () => {
  const planned = (more: Record<string, string>) => read({ part: 'verdict', ...more })

  test('is the stages that have something to run, and the rules of the base', async () => {
    const rules = await rulesText({
      of: 'base',
      sha: 'a'.repeat(40),
      name: 'main',
      mergeBase: null,
      mayBeOwn: false,
      notes: [],
      file: { path: '.github/wf.yml', is: () => false, text: async () => ({ ok: true, value: 'version: 1\n' }) },
      fork: async () => undefined,
    })
    const known = planned({ stages: '["test"]', rules: rules ?? '' })
    if (!known.ok) throw new Error('it cannot be read')
    const { part } = known.value
    expect(part).toMatchObject({ stages: ['test'], rules: { of: 'base', sha: 'a'.repeat(40), name: 'main' } })
    expect(part?.rules?.file?.is('version: 1\n')).toBe(true)
    expect(await part?.rules?.file?.text()).toEqual({ ok: true, value: 'version: 1\n' })
  })

  test('is that there is none, too', () => {
    expect(planned({ stages: '[]' })).toMatchObject({ ok: true, value: { part: { stages: [] } } })
    expect(planned({ stages: '' })).not.toHaveProperty('value.part.stages')
  })

  test.each([
    ['stages', 'test'],
    ['stages', '[1]'],
    ['rules', 'e30'],
    ['jobs', '[]x'],
  ])('is refused where it is none: %s', (name, text) => {
    expect(planned({ [name]: text })).toMatchObject({ problems: [{ message: `the input \`${name}\` cannot be read` }] })
  })
})

describe('the times of test files', () => {
  const timings = (text: string) => read({ part: 'instance', instance: 'test[shard=1]', timings: text })

  test('are those that the job found out which plans', () => {
    const known = { test: { 't/a.js': 1.5 } }
    expect(timings(timingsText(known))).toMatchObject({ ok: true, value: { part: { timings: known } } })
    expect(timings('')).not.toHaveProperty('value.part.timings')
  })

  test('that are none are refused', () => {
    expect(timings('{}')).toMatchObject({ problems: [{ message: 'the input `timings` cannot be read' }] })
  })
})

describe('the upload to Codecov', () => {
  const value = (environment: Record<string, string>) => {
    const read = readInputs(environment)
    return read.ok ? read.value : undefined
  }

  test('takes its token from the input, else from the environment', () => {
    expect(value({ CODECOV_TOKEN: 'there' })).toMatchObject({ uploadCodecov: false, codecovToken: 'there' })
    const both = { 'INPUT_UPLOAD-CODECOV': 'true', 'INPUT_CODECOV-TOKEN': 'here', CODECOV_TOKEN: 'there' }
    expect(value(both)).toMatchObject({ uploadCodecov: true, codecovToken: 'here' })
  })

  test('goes to an address of one’s own', () => {
    expect(value({ 'INPUT_CODECOV-URL': 'https://codecov.example/' })?.codecovUrl).toBe('https://codecov.example')
    expect(value({})?.codecovUrl).toBeUndefined()
  })

  test.each([
    'codecov.example',
    'ftp://codecov.example',
    'https://me:hunter2@codecov.example',
    'https://x.example/?a=b',
  ])('does not go to %s, which is not repeated', (url) => {
    const wrong = read({ 'codecov-url': url })
    expect(wrong).toMatchObject({ ok: false, problems: [{ message: 'the input `codecov-url` cannot be read' }] })
    expect(JSON.stringify(wrong)).not.toContain('hunter2')
  })
})

describe('a map of names and values', () => {
  test.each<[string, Record<string, string>]>([
    ['', {}],
    ['A=1\r\nB=', { A: '1', B: '' }],
    ['KEY<<END\nline one\n  two=2\nEND\nA=1', { KEY: 'line one\n  two=2', A: '1' }],
    ['{ "A": "x\\ny", "N": 5, "T": true, "none": null }', { A: 'x\ny', N: '5', T: 'true' }],
  ])('is read from %j', (text, expected) => {
    expect(readMap(text)).toEqual(expected)
  })

  test.each([
    ['A', 'line 1 is no `NAME=value`'],
    ['A=1\n1B=2', 'line 2 is no `NAME=value`'],
    ['A<<', 'what begins in line 1 with `A<<` has no end'],
    ['{ "A": ', 'it begins as a JSON object and is none'],
    ['{ "A": { "b": 1 } }', 'the member `A` is no name with a plain value'],
    ['{ "a b": 1 }', 'the member `a b` is no name with a plain value'],
  ])('is not read from %j', (text, said) => {
    expect(readMap(text)).toBe(said)
  })
})
