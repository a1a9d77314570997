import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { OutsideError } from '../../src/base/errors.js'
import { readReport } from '../../src/evidence/read.js'
import { formats } from '../../src/language/formats.js'
import { messages, read, readTests } from './reading.js'

const xml = (encoding: string, name: string): string =>
  `<?xml version="1.0" encoding="${encoding}"?><testsuite><testcase name="${name}"/></testsuite>`

describe('what cannot be evidence is a problem and never zero tests', () => {
  test.each([
    ['0 bytes', '', 'is empty (0 bytes)'],
    ['white space', ' \n\t\n', 'holds only white space'],
    ['a binary file', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3, 4]), 'is a binary file'],
    ['an archive', gzipSync('<testsuite/>'), 'is a binary file'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 60, 0, 0, 0]), 'is in UTF-32, which is not read: write it in UTF-8'],
    ['text', 'all is well\n', 'is of no known format'],
    ['HTML', '<html><body>404</body></html>', 'is XML of no known format: its root element is <html>'],
    ['unknown JSON', '{"ok":true}', 'is JSON of no known format'],
    ['a number', '[1,2]', 'is JSON of no known format'],
    ['cut JSON', '{"a": [1, 2', 'is not JSON: it ends too early, it is cut short'],
    ['JSON cut in a string', '[{"a": "b\\', 'is not JSON: it ends too early, it is cut short'],
    ['JSON with a comma too many', '{"a": 1,}', 'is not JSON'],
    ['cut XML', '<testsuite><testcase name="a">', 'is not well-formed XML: unclosed tag: testcase'],
    ['two roots', '<testsuite/><testsuite/>', 'is not well-formed XML: documents may contain only one root'],
    ['an unclosed attribute', '<testsuite name="<<computed>>"/>', 'is not well-formed XML: disallowed character'],
    ['an undefined entity', '<testsuite name="&nbsp;"/>', 'is not well-formed XML: undefined entity'],
    ['an inherited name as entity', '<testsuite name="&constructor;"/>', 'is not well-formed XML: undefined entity'],
    ['an unknown encoding', xml('klingon', 'a'), 'declares the encoding "klingon", which is not known'],
  ])('%s', async (_, content, message) => {
    const report = await read(content)
    expect([report.evidence, messages(report)]).toEqual([null, [message]])
  })

  test('gzip that starts like text is still no text', async () => {
    expect((await read(Buffer.from([0x1f, 0x8b, 0x08, 0x41, 0x42]))).evidence).toBeNull()
  })

  test.each(formats)('%s by name does not fit other content', async (format) => {
    for (const content of ['<html/>', '{"ok":1}', 'hello\n', '[{"a":1}]']) {
      const report = await read(content, { format })
      expect([report.format, report.evidence, messages(report).length]).toEqual([format, null, 1])
    }
  })

  test('other text before JSON is said so', async () => {
    const report = await read('> eslint -f json .\n[]', { format: 'eslint-json' })
    expect(report.problems[0]?.message).toContain('other text stands before it')
  })

  test('a stream that fails is a problem, a bug is none', async () => {
    const failing = (error: Error) => ({
      path: 'r',
      size: 1,
      async *chunks(): AsyncIterable<Uint8Array> {
        yield Buffer.from('<testsuite>')
        throw error
      },
    })
    const report = await readReport(failing(new OutsideError('reading r failed', 'EIO')))
    expect(messages(report)).toEqual(['cannot be read: reading r failed'])
    await expect(readReport(failing(new TypeError('a bug')))).rejects.toThrow('a bug')
  })
})

describe('the line of a problem', () => {
  test.each([
    ['<testsuite>\n<testcase>\n</testsuit>', 3],
    ['{\n"a": 1,\n"b": x\n}', 3],
    ['{\n"a": 1,\n', 3],
    ['[1,\n2,\n]', 3],
    ['{"a":\n"text\twith a tab"}', 2],
    ['{"a": 1}\n\n{"b": 2}', 3],
    ['{"a": [1, 2}\n]', 1],
    ['{"a" 1}', 1],
    ['[tru]', 1],
    ['[01]', 1],
  ])('%j', async (content, line) => {
    expect((await read(content)).problems[0]?.line).toBe(line)
  })
})

describe('an empty list, which several tools write', () => {
  test.each([
    ['reports/gitleaks.json', 'gitleaks-json', 'secrets'],
    ['out/ruff.json', 'ruff-json', 'lint'],
    ['eslint-report.json', 'eslint-json', 'lint'],
  ])('%s', async (path, format, category) => {
    expect(await read('[]', { path })).toMatchObject({
      format,
      evidence: { categories: [category], findings: [] },
      problems: [],
    })
  })

  test('without a telling name it says what to write', async () => {
    const report = await read('[]', { path: 'report.json' })
    expect(report.evidence).toBeNull()
    expect(messages(report)[0]).toContain('say which with `format:`')
  })

  test('with its format named it is evidence', async () => {
    expect((await read('[]', { format: 'gitleaks-json' })).evidence).toMatchObject({ findings: [] })
  })
})

describe('encodings', () => {
  const name = async (bytes: Uint8Array): Promise<string | undefined> => (await readTests(bytes)).cases[0]?.name

  test('UTF-16 with a mark and without, UTF-8 with a mark', async () => {
    const text = xml('utf-16', 'größe €')
    const little = Buffer.from(text, 'utf16le')
    expect(await name(little)).toBe('größe €')
    expect(await name(Buffer.from(`\uFEFF${text}`, 'utf16le'))).toBe('größe €')
    expect(await name(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16())).toBe('größe €')
    expect(await name(Buffer.from(`\uFEFF${xml('utf-8', 'größe €')}`))).toBe('größe €')
  })

  test('Latin-1 and others that the document declares', async () => {
    expect(await name(Buffer.from(xml('ISO-8859-1', 'größe'), 'latin1'))).toBe('größe')
    expect(await name(Buffer.from(xml('windows-1252', 'gr\u00f6\u00dfe'), 'latin1'))).toBe('größe')
  })

  test('UTF-16 declared in a file of single bytes is UTF-8', async () => {
    expect(await name(Buffer.from(xml('utf-16', 'größe')))).toBe('größe')
  })

  test('bytes that do not fit are replaced, and it is said', async () => {
    const report = await read(Buffer.from(xml('utf-8', 'gr\u00f6\u00dfe'), 'latin1'))
    expect(report.evidence).toMatchObject({ cases: [{ name: 'gr\uFFFD\uFFFDe' }] })
    expect(messages(report, 'warning')).toEqual(['holds bytes that are no UTF-8; they are shown as \uFFFD'])
  })
})

describe('hostile XML', () => {
  test('entities that a document defines are refused, not expanded', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><testsuite name="&b;"/>`
    expect(messages(await read(bomb))).toEqual(['defines entities in its DOCTYPE, which is refused'])
    const external = `<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><testsuite/>`
    expect(messages(await read(external))).toEqual(['defines entities in its DOCTYPE, which is refused'])
  })

  test('a plain DOCTYPE is skipped unread', async () => {
    expect((await read('<!DOCTYPE testsuite SYSTEM "file:///etc/passwd"><testsuite/>')).problems).toEqual([])
    expect((await read('<!DOCTYPE testsuite [<!ELEMENT testsuite ANY>]><testsuite/>')).problems).toEqual([])
  })

  test('nothing nests deeper than 256', async () => {
    const nested = (depth: number): string => '<testsuite>'.repeat(depth) + '</testsuite>'.repeat(depth)
    expect((await read(nested(256))).problems).toEqual([])
    expect(messages(await read(nested(100_000)))).toEqual(['nests deeper than 256 elements'])
  })

  test('one endless token does not fill the memory', async () => {
    const long = 'x'.repeat(3_000_000)
    expect((await readTests(`<testsuite><testcase name="${long}"/></testsuite>`)).cases[0]?.name.length).toBeLessThan(
      300_000,
    )
    expect(
      (await read(`<testsuite><!--${long}--><system-out><![CDATA[${long}]]></system-out></testsuite>`)).problems,
    ).toEqual([])
    expect((await read(`<${long}/>`)).problems[0]?.message).toContain('over the limit')
    expect((await read(`<testsuite a="&${long};"/>`)).problems[0]?.message).toContain('over the limit')
  })

  test('names that every object has are only names', async () => {
    const odd =
      '<testsuite __proto__="x" constructor="y"><testcase name="__proto__" status="constructor"><toString/></testcase></testsuite>'
    expect((await readTests(odd)).cases).toMatchObject([{ name: '__proto__', status: 'passed' }])
  })
})

describe('caps', () => {
  const caps = { streamBytes: 200, jsonBytes: 200 }
  test('what a stream holds before the cap stays, and cannot pass', async () => {
    const text = `<testsuite>${'<testcase name="a"/>'.repeat(50)}</testsuite>`
    const small = { path: 'r', size: text.length, chunks: () => pieces(text, 100) }
    const report = await readReport(small, { caps })
    expect(messages(report)).toEqual(['truncated: it is larger than 200 bytes'])
    expect(report.evidence).toMatchObject({ kind: 'tests' })
  })

  test('JSON over the cap is not read', async () => {
    const report = await read(`[${'1,'.repeat(200)}1]`, { caps })
    expect([report.evidence, messages(report)]).toEqual([null, ['truncated: it is larger than 200 bytes']])
  })

  async function* pieces(text: string, size: number): AsyncIterable<Uint8Array> {
    for (let i = 0; i < text.length; i += size) yield Buffer.from(text.slice(i, i + size))
  }
})

test('long lines of blanks, marks and numbers hold nothing up', async () => {
  for (const piece of [' ', '# ', '- ', '\\#', '1', '(', ':1', 'in ', '.java:1)', 'File "', '[1,', '<a ', '\u001B[']) {
    const long = piece.repeat(200_000)
    await read(`TAP version 13\n1..1\nnot ok 1 - a${long}b\n  ---\n  message: ${long}x\n  at: ${long}\n  ...\n`)
    await read(`a.ts(1,1): error TS1: ${long}b\na${long}(1,2\n`, { format: 'tsc' })
    const text = long.replaceAll('<', '').replaceAll('\u001B', '')
    await read(
      `<testsuite><testcase name="a"><failure>${`${text.slice(0, 590)}\n`.repeat(100)}</failure></testcase></testsuite>`,
    )
  }
})

test('deep JSON is no harm', async () => {
  expect((await read('['.repeat(200_000) + ']'.repeat(200_000))).evidence).toBeNull()
})
