import { describe, expect, test } from '@jest/globals'
import { messages, read, readCoverage } from '../reading.js'

const record = (...lines: string[]): string => ['TN:', 'SF:src/a.ts', ...lines, 'end_of_record', ''].join('\n')

describe('LCOV', () => {
  test('hits of a line in several records are added, totals recounted', async () => {
    const text = record('DA:1,2', 'DA:2,0', 'LF:9', 'LH:9') + record('DA:1,3', 'DA:2,0', 'DA:3,1')
    expect(await readCoverage(text)).toMatchObject({
      lines_valid: 3,
      lines_covered: 2,
      files: [{ path: 'src/a.ts', lines: { 1: 5, 2: 0, 3: 1 } }],
    })
  })

  test('branches of several records are one where they are the same branch', async () => {
    const text =
      record('DA:1,1', 'BRDA:1,0,0,1', 'BRDA:1,0,1,-') +
      record('DA:1,1', 'BRDA:1,0,0,0', 'BRDA:1,0,1,4', 'BRDA:1,e1,if (a, b),0')
    expect(await readCoverage(text)).toMatchObject({ branches_valid: 3, branches_covered: 2 })
  })

  test('big counts stay, negative ones are 0, others no data; checksums are passed over', async () => {
    const evidence = await readCoverage(
      record('DA:1,9007199254740991', 'DA:2,-4', 'DA:3,NaN', 'DA:4,1e3', 'DA:5,1,abc123', 'DA:0,1', 'DA:6,'),
    )
    expect(evidence.files[0]?.lines).toEqual({ 1: 9007199254740991, 2: 0, 4: 1000, 5: 1 })
  })

  test('a covered line may have missed branches', async () => {
    expect(await readCoverage(record('DA:1,3', 'BRDA:1,0,0,0', 'BRDA:1,0,1,0'))).toMatchObject({
      lines_covered: 1,
      branches_valid: 2,
      branches_covered: 0,
    })
  })

  test('where only totals stand, they hold', async () => {
    expect(await readCoverage(record('LF:10', 'LH:4', 'BRF:6', 'BRH:3'))).toMatchObject({
      lines_valid: 10,
      lines_covered: 4,
      branches_valid: 6,
      branches_covered: 3,
    })
  })

  test('a file without lines is no line', async () => {
    expect(await readCoverage(record())).toMatchObject({ lines_valid: 0, files: [{ path: 'src/a.ts' }] })
  })

  test('a record without end is cut short', async () => {
    expect(messages(await read('SF:a\nDA:1,1\nDA:2,'))).toEqual([
      'ends within a record (no `end_of_record`): it is cut short',
    ])
    expect(messages(await read('SF:a\nDA:1,1\nSF:b\nDA:1,1\nend_of_record\n'))).toHaveLength(1)
  })

  test('lines of something else are said', async () => {
    const report = await read(record('DA:1,1', 'what is this', 'XY:1'))
    expect(report.problems).toEqual([{ level: 'warning', message: '2 lines are no LCOV and were skipped' }])
  })

  test('in UTF-16 and with a mark it is the same', async () => {
    const text = record('DA:1,1')
    const wide = Buffer.from(`\uFEFF${text}`, 'utf16le')
    expect(await readCoverage(wide)).toEqual(await readCoverage(text))
    expect(await readCoverage(Buffer.from(`\uFEFF${text}`))).toEqual(await readCoverage(text))
  })

  test('more lines than the cap are truncated', async () => {
    const report = await read(record('DA:1,1', 'DA:2,1', 'DA:3,1'), { caps: { items: 2 } })
    expect(messages(report)[0]).toBe('truncated: it holds more lines than are read')
  })
})

const cobertura = (classes: string, attributes = 'line-rate="1"', sources = ''): string =>
  `<?xml version="1.0"?><!DOCTYPE coverage SYSTEM "http://example.com/coverage-04.dtd">` +
  `<coverage ${attributes}>${sources}<packages><package><classes>${classes}</classes></package></packages></coverage>`
const type = (lines: string, file = 'a.py', methods = ''): string =>
  `<class filename="${file}">${methods}<lines>${lines}</lines></class>`

describe('Cobertura', () => {
  test('a line told twice has its hits added, of its branches the greater number', async () => {
    const lines =
      '<line number="1" hits="0" condition-coverage="25% (1/4)"/><line number="1" hits="2" condition-coverage="50% (1/2)"/>'
    expect(await readCoverage(cobertura(type(lines) + type('<line number="1" hits="1"/>')))).toMatchObject({
      lines_valid: 1,
      lines_covered: 1,
      branches_valid: 4,
      branches_covered: 1,
      files: [{ lines: { 1: 3 }, branches: { 1: [1, 4] } }],
    })
  })

  test('totals are recounted, whatever the root states', async () => {
    const xml = cobertura(type('<line number="1" hits="1"/>'), 'line-rate="0.1" lines-valid="99" lines-covered="9"')
    expect(await readCoverage(xml)).toMatchObject({ lines_valid: 1, lines_covered: 1 })
  })

  test('lines of methods count only where the class lists none', async () => {
    const methods = '<methods><method name="m"><lines><line number="5" hits="1"/></lines></method></methods>'
    expect(await readCoverage(cobertura(type('<line number="1" hits="1"/>', 'a.py', methods)))).toMatchObject({
      lines_valid: 1,
    })
    expect(await readCoverage(cobertura(`<class filename="a.py">${methods}</class>`))).toMatchObject({ lines_valid: 1 })
  })

  test('conditions tell branches where the line does not', async () => {
    const line =
      '<line number="1" hits="1" branch="true"><conditions><condition coverage="50%"/><condition coverage="100%"/></conditions></line>'
    expect(await readCoverage(cobertura(type(line)))).toMatchObject({ branches_valid: 4, branches_covered: 3 })
  })

  test('without lines the totals of the root hold', async () => {
    const xml = cobertura(type(''), 'lines-valid="303" lines-covered="151" branches-valid="4" branches-covered="9"')
    expect(await readCoverage(xml)).toMatchObject({ lines_valid: 303, lines_covered: 151, branches_covered: 4 })
  })

  test('without those the rates hold, and never round up', async () => {
    const evidence = await readCoverage(cobertura(type(''), 'line-rate="0.4983" branch-rate="0,5"'))
    expect(evidence).toMatchObject({
      rates_only: true,
      lines_valid: 1_000_000,
      lines_covered: 498_300,
      branches_covered: 500_000,
    })
  })

  test.each(['line-rate="NaN"', 'line-rate="-1"', 'line-rate="7"', 'line-rate="much"'])(
    '%s is no data',
    async (rate) => {
      expect(await readCoverage(cobertura(type(''), rate))).toMatchObject({ lines_valid: 0 })
    },
  )

  test('a rate without any class is no data', async () => {
    expect(await readCoverage('<coverage line-rate="1"><packages/></coverage>')).toMatchObject({
      lines_valid: 0,
      files: [],
    })
  })

  test('lines before the first and senseless hits are no lines', async () => {
    const lines = '<line number="0" hits="1"/><line number="x" hits="1"/><line number="2"/><line number="3" hits="-5"/>'
    expect((await readCoverage(cobertura(type(lines)))).files[0]?.lines).toEqual({ 3: 0 })
  })

  test.each([
    ['one source', '<source>/home/u/repo/src</source>', '/home/u/repo/src/a.py', undefined],
    ['a relative one', '<source>./src</source>', 'src/a.py', undefined],
    ['placeholders', '<source>${DIR}</source><source>--source</source>', 'a.py', undefined],
    ['several', '<source>/r/one</source><source>/r/two</source>', 'a.py', ['/r/one', '/r/two']],
  ])('paths with %s', async (_, sources, path, kept) => {
    const xml = cobertura(type('<line number="1" hits="1"/>'), 'line-rate="1"', `<sources>${sources}</sources>`)
    const evidence = await readCoverage(xml)
    expect([evidence.files[0]?.path, evidence.sources]).toEqual([path, kept])
  })
})
