import { describe, expect, test } from '@jest/globals'
import { fixture, messages, read, readCoverage } from '../../reading.js'

const counters = (lines: [missed: number, covered: number], branches: [number, number] = [0, 0]): string =>
  `<counter type="INSTRUCTION" missed="9" covered="5"/><counter type="BRANCH" missed="${branches[0]}" covered="${branches[1]}"/>` +
  `<counter type="LINE" missed="${lines[0]}" covered="${lines[1]}"/>`

describe('JaCoCo', () => {
  const source = (lines: string, more = ''): string => `<sourcefile name="A.java">${lines}${more}</sourcefile>`
  const report = (inside: string, more = ''): string =>
    `<?xml version="1.0"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="r">${inside}${more}</report>`
  const inPackage = (inside: string): string => `<package name="com/acme">${inside}</package>`
  const line = '<line nr="3" mi="0" ci="4" mb="1" cb="1"/><line nr="4" mi="2" ci="0" mb="0" cb="0"/>'

  test('lines, branches, methods and instructions of a source file', async () => {
    const method = (name: string, covered: number): string =>
      `<method name="${name}" desc="()V" line="3"><counter type="METHOD" missed="${1 - covered}" covered="${covered}"/></method>`
    const type = `<class name="com/acme/A" sourcefilename="A.java">${method('a', 1)}${method('b', 0)}</class>`
    const xml = report(inPackage(type + source(line, counters([1, 1], [1, 1]))))
    expect(await readCoverage(xml)).toEqual({
      kind: 'coverage',
      lines_valid: 2,
      lines_covered: 1,
      branches_valid: 2,
      branches_covered: 1,
      functions_valid: 2,
      functions_covered: 1,
      instructions_valid: 14,
      instructions_covered: 5,
      files: [
        expect.objectContaining({
          path: 'com/acme/A.java',
          lines: { 3: 1, 4: 0 },
          branches: { 3: [1, 2] },
          functions: { 3: [1, 2] },
        }),
      ],
    })
  })

  test('lines that do not tell what ran leave it to the counters', async () => {
    const xml = report(inPackage(source('<line nr="3"/><line nr="4" mb="1" cb="1"/>', counters([1, 4], [1, 1]))))
    const evidence = await readCoverage(xml)
    expect(evidence).toMatchObject({ lines_valid: 5, lines_covered: 4, branches_valid: 2, branches_covered: 1 })
    expect(evidence.files[0]?.lines).toBeUndefined()
  })

  test('the same file in another group is another module’s', async () => {
    const group = (name: string): string => `<group name="${name}">${inPackage(source(line))}</group>`
    const { files } = await readCoverage(report(group('core') + group('web')))
    expect(files.map(({ path }) => path)).toEqual(['com/acme/A.java', 'web/com/acme/A.java'])
  })

  test('a counter that misses more than the lines is an error', async () => {
    expect(messages(await read(report(inPackage(source(line, counters([2, 1]))))))).toEqual([
      'com/acme/A.java states 2 lines without a hit, but lists 1',
    ])
    expect(messages(await read(report(inPackage(source(line)), counters([9, 1]))))).toHaveLength(1)
  })

  test('without packages the report’s counters hold, without anything there is no data', async () => {
    expect(await readCoverage(report('', counters([1, 3])))).toMatchObject({
      lines_valid: 4,
      lines_covered: 3,
      files: [],
    })
    expect(await readCoverage(report('<sessioninfo id="x"/>'))).toMatchObject({ lines_valid: 0 })
  })

  test('another tool’s <report> is none', async () => {
    expect(messages(await read('<report><file/></report>'))).toEqual([
      'is XML of no known format: its root element is <report>',
    ])
  })
})

describe('Clover', () => {
  const project = (inside: string): string =>
    `<coverage generated="1"><project timestamp="1">${inside}</project></coverage>`
  const metrics =
    '<metrics methods="4" coveredmethods="3" conditionals="2" coveredconditionals="1" statements="9" coveredstatements="5"/>'

  test('where a method begins is no line, but a function', async () => {
    const lines =
      '<line num="3" type="method" name="a" count="1"/><line num="4" type="stmt" count="2"/><line num="9" type="method" name="b" count="0"/>'
    expect(
      await readCoverage(project(`<file name="/r/a.php"><class name="A">${metrics}</class>${lines}</file>`)),
    ).toMatchObject({
      lines_valid: 1,
      functions_valid: 2,
      functions_covered: 1,
      files: [{ path: '/r/a.php', lines: { 4: 2 }, functions: { 3: [1, 1], 9: [0, 1] } }],
    })
  })

  test('Istanbul counts branches that were taken, OpenClover how often a condition held', async () => {
    const of = (line: string): string => project(`<file name="a" path="src/a">${line}</file>`)
    expect(await readCoverage(of('<line num="1" type="cond" count="2" truecount="3" falsecount="1"/>'))).toMatchObject({
      branches_valid: 4,
      branches_covered: 3,
      files: [{ path: 'src/a', lines: { 1: 2 } }],
    })
    const two =
      '<line num="1" type="cond" truecount="7" falsecount="0"/><line num="1" type="cond" truecount="0" falsecount="0"/>'
    expect(await readCoverage(of(two))).toMatchObject({ branches_valid: 4, branches_covered: 1, lines_covered: 1 })
  })

  test('what a file states counts where it lists nothing; of the project where there is no file', async () => {
    const stated = { lines_valid: 9, lines_covered: 5, branches_valid: 2, branches_covered: 1 }
    expect(await readCoverage(project(`<file name="a">${metrics}</file>`))).toMatchObject({
      ...stated,
      functions_valid: 4,
      functions_covered: 3,
    })
    expect(await readCoverage(project(metrics))).toMatchObject({ ...stated, files: [] })
  })

  test('the tests’ own code does not count', async () => {
    const tests = '<testproject><file name="t"><line num="1" type="stmt" count="1"/></file></testproject></coverage>'
    const xml = project('<file name="a"><line num="1" type="stmt" count="0"/></file>').replace('</coverage>', tests)
    expect(await readCoverage(xml)).toMatchObject({ lines_valid: 1, lines_covered: 0, files: [{ path: 'a' }] })
  })
})

describe('OpenCover', () => {
  const session = (
    methods: string,
    files = '<File uid="1" fullPath="C:\\r\\A.cs"/><File uid="2" fullPath="/r/B.cs"/>',
  ): string =>
    `\uFEFF<CoverageSession><Modules><Module skippedDueTo="Filter"><Classes/></Module><Module><Files>${files}</Files><Classes><Class><Methods>${methods}</Methods></Class></Classes></Module></Modules></CoverageSession>`
  const method = (name: string, points: string, file = '<FileRef uid="1"/>'): string =>
    `<Method><Name>${name}</Name>${file}<SequencePoints>${points}</SequencePoints></Method>`

  test('sequence points of a method’s file, or of their own', async () => {
    const xml = session(
      method('a', '<SequencePoint vc="2" sl="3" el="3"/><SequencePoint vc="0" sl="4" el="4" fileid="2"/>') +
        method('b', '<SequencePoint vc="0" sl="9"/>'),
    )
    expect(await readCoverage(xml)).toMatchObject({
      lines_valid: 3,
      lines_covered: 1,
      functions_valid: 2,
      functions_covered: 1,
      files: [{ path: 'C:/r/A.cs', lines: { 3: 2, 9: 0 } }, { path: '/r/B.cs' }],
    })
  })

  test('a lambda that never ran is not covered by the statement around it', async () => {
    const points =
      '<SequencePoint vc="1" sl="3" sc="1" el="7" ec="4"/><SequencePoint vc="0" sl="5" sc="9" el="5" ec="20"/>'
    expect((await readCoverage(session(method('a', points)))).files[0]?.lines).toEqual({ 3: 1, 4: 1, 5: 0, 6: 1, 7: 1 })
  })

  test('a method told twice has its branches once, taken when they ever were', async () => {
    const branches = (taken: number): string =>
      `<Method><Name>a</Name><FileRef uid="1"/><BranchPoints><BranchPoint vc="${taken}" sl="3" path="0" offset="1"/><BranchPoint vc="0" sl="3" path="1" offset="1"/></BranchPoints></Method>`
    expect(await readCoverage(session(branches(0) + branches(2)))).toMatchObject({
      branches_valid: 2,
      branches_covered: 1,
    })
  })

  test('points without a file and hidden ones do not count, senseless ones are an error', async () => {
    const hidden =
      method('a', '<SequencePoint vc="0" sl="16707566"/>') + method('b', '<SequencePoint vc="0" sl="1"/>', '')
    const report = await read(session(hidden))
    expect(report).toMatchObject({ evidence: { lines_valid: 0 }, problems: [] })
    expect(messages(await read(session(method('a', '<SequencePoint vc="x" sl="1"/>'))))).toHaveLength(1)
    expect(messages(await read(session(method('a', '<SequencePoint vc="1" sl="1" el="99999999"/>'))))).toHaveLength(1)
  })
})

describe('dotCover', () => {
  const root = (inside: string): string =>
    `<Root CoveredStatements="1" TotalStatements="4" ReportType="DetailedXml"><FileIndices><File Index="1" Name="src\\A.cs"/></FileIndices>${inside}</Root>`
  const statement = (line: number, end: number, covered: string): string =>
    `<Statement FileIndex="1" Line="${line}" Column="1" EndLine="${end}" EndColumn="9" Covered="${covered}"/>`

  test('statements with their lines, and methods', async () => {
    const xml = root(
      `<Method Name="a">${statement(3, 4, 'True')}</Method><Method Name="b">${statement(8, 8, 'False')}</Method>`,
    )
    expect(await readCoverage(xml)).toMatchObject({
      lines_valid: 3,
      lines_covered: 2,
      functions_valid: 2,
      functions_covered: 1,
      files: [{ path: 'src/A.cs', lines: { 3: 1, 4: 1, 8: 0 } }],
    })
  })

  test('without statements their numbers hold', async () => {
    expect(await readCoverage(root('<Assembly Name="a"/>'))).toMatchObject({ lines_valid: 4, lines_covered: 1 })
    const json = { DotCoverVersion: '2024.1', Kind: 'Root', CoveredStatements: 1, TotalStatements: 4, Children: [] }
    expect(await readCoverage(JSON.stringify(json))).toMatchObject({ lines_valid: 4, lines_covered: 1, files: [] })
  })

  test('what is neither covered nor not is an error', async () => {
    expect(messages(await read(root(statement(3, 3, 'Maybe'))))).toHaveLength(1)
    expect(messages(await read(root(statement(3, 3, 'True').replace('"1"', '"7"'))))).toHaveLength(1)
    expect(messages(await read('{"DotCoverVersion":"1","TotalStatements":4}'))).toHaveLength(1)
  })
})

describe('SonarQube', () => {
  const file = (lines: string): string => `<coverage version="1"><file path="src/a.c">${lines}</file></coverage>`

  test('lines and branches', async () => {
    const lines =
      '<lineToCover lineNumber="3" covered="true" branchesToCover="4" coveredBranches="1"/><lineToCover lineNumber="5" covered="false"/>'
    expect(await readCoverage(file(lines))).toMatchObject({
      lines_valid: 2,
      lines_covered: 1,
      branches_valid: 4,
      branches_covered: 1,
      files: [{ path: 'src/a.c', lines: { 3: 1, 5: 0 } }],
    })
    expect(await readCoverage('<coverage version="1"/>')).toMatchObject({ files: [] })
  })

  test('an unknown state is an error', async () => {
    expect(messages(await read(file('<lineToCover lineNumber="3" covered="partly"/>')))).toHaveLength(1)
  })
})

describe('functions', () => {
  test('of LCOV are recounted by name, in both of its forms', async () => {
    const lcov = (...lines: string[]): string => `SF:a\n${lines.join('\n')}\nDA:1,1\nend_of_record\n`
    const old = lcov('FN:1,f(int, int)', 'FN:4,6,g', 'FNDA:2,f(int, int)', 'FNDA:0,g', 'FNF:9', 'FNH:9')
    expect(await readCoverage(old)).toMatchObject({
      functions_valid: 2,
      functions_covered: 1,
      files: [{ functions: { 1: [1, 1], 4: [0, 1] } }],
    })
    expect(await readCoverage(lcov('FNL:0,1,3', 'FNA:0,2,f', 'FNL:1,5', 'FNA:1,0,g'))).toMatchObject({
      functions_valid: 2,
      functions_covered: 1,
      files: [{ functions: { 1: [1, 1], 5: [0, 1] } }],
    })
    expect(await readCoverage(lcov('FNF:3', 'FNH:2'))).toMatchObject({ functions_valid: 3, functions_covered: 2 })
    expect((await readCoverage(lcov())).functions_valid).toBeUndefined()
  })

  test('of Cobertura ran when a line of theirs did', async () => {
    const method = (name: string, hits: number): string =>
      `<method name="${name}" signature="()" line-rate="1"><lines><line number="7" hits="${hits}"/></lines></method>`
    const xml = `<coverage line-rate="1"><packages><class name="A" filename="a"><methods>${method('f', 1)}${method('g', 0)}<method name="h" line-rate="0.5"/></methods><lines><line number="7" hits="1"/></lines></class></packages></coverage>`
    expect(await readCoverage(xml)).toMatchObject({ lines_valid: 1, functions_valid: 3, functions_covered: 2 })
  })

  test.each([
    ['jacoco-0.8.12.xml', 4, 2],
    ['openclover-4.5-clover.xml', 2, 1],
    ['phpunit-9.6-clover.xml', 2, 1],
    ['phpunit-9.6-cobertura.xml', 2, 1],
    ['istanbul-jest-30.5-clover.xml', 3, 1],
    ['istanbul-jest-30.5-final.json', 3, 1],
    ['istanbul-jest-30.5-summary.json', 3, 1],
    ['coverage.py-7.17.json', 5, 4],
    ['gcov-12.2.json', 5, 4],
    ['gcov-12.2-branches.gcov', 5, 4],
    ['gcovr-8.8.json', 5, 4],
    ['gcovr-8.8-jacoco.xml', 5, 4],
    ['gcovr-8.8-summary.json', 5, 4],
    ['llvm-cov-14.json', 4, 3],
    ['llvm-cov-14-summary.json', 4, 3],
  ])('of %s', async (name, valid, covered) => {
    const evidence = await readCoverage(fixture(name))
    expect([evidence.functions_valid, evidence.functions_covered]).toEqual([valid, covered])
  })
})
