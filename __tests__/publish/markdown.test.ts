import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import {
  cleanText,
  codeSpan,
  escapeText,
  fence,
  isTableHead,
  link,
  oneLine,
  tableHead,
  tableRow,
} from '../../src/publish/markdown.js'
import { hostile } from './hostile.js'

/** Renders as GitHub does, raw HTML let through: nothing of ours relies on a sanitiser. */
const render = (markdown: string): string =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true })
const decode = (html: string): string =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('\u200B', '')
const marks = fc.constantFrom(
  ...'`*_[]()<>!|\\~#@$&-+=.:;/ \n\t1aw"\''.split(''),
  '<!--',
  '-->',
  'www.',
  '://',
  '](',
  '&#124;',
  '​',
)
const nasty = fc.oneof(
  fc.array(marks, { maxLength: 30 }).map((list) => list.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(...hostile),
)
/** What a reader must see: the cleaned text itself. */
const seen = (text: string, max: number): string => oneLine(text, max).replaceAll('\u200B', '')

describe('text in a sentence', () => {
  test('shows literally, whatever it is', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const html = render(`before ${escapeText(text)} after`)
        expect(decode(html)).toBe(`<p>before ${seen(text, 300)} after</p>`)
      }),
      { numRuns: 200 },
    )
  })

  test('shows literally at the start of a line and between stars too', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        fc.pre(seen(text, 300) !== '')
        expect(decode(render(escapeText(text)))).toBe(`<p>${seen(text, 300)}</p>`)
        expect(decode(render(`- **${escapeText(text)}** x`))).toContain(`<strong>${seen(text, 300)}</strong> x`)
      }),
      { numRuns: 200 },
    )
  })

  test('mentions nobody, refers to nothing, links nowhere', () => {
    expect(escapeText('@everyone see #12, GH-7, a@b.example')).toBe(
      '@\u200Beveryone see #\u200B12, GH\u200B-7, a@\u200Bb.example',
    )
    expect(escapeText('#124;')).toBe('#\u200B124;')
    for (const link of ['https://evil.example', 'www.evil.example', '<https://evil.example>', '[a](https://e.example)'])
      expect(render(escapeText(link))).not.toContain('<a ')
    expect(render(escapeText('![x](https://evil.example/a.png) <img src=x>'))).not.toContain('<img')
  })
})

describe('a code span', () => {
  test('holds its text whole, whatever it is', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const line = seen(text, 200)
        fc.pre(line !== '')
        const html = render(`a ${codeSpan(text)} z`)
        expect(html.startsWith('<p>a <code>')).toBe(true)
        expect(html.endsWith('</code> z</p>')).toBe(true)
        expect(decode(html.slice('<p>a <code>'.length, -'</code> z</p>'.length))).toBe(line)
      }),
      { numRuns: 200 },
    )
  })

  test('of nothing says so', () => {
    expect(codeSpan(' \u0007')).toBe('(empty)')
  })
})

describe('a table', () => {
  test('keeps its rows and columns whatever is in the cells', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(nasty, nasty), { minLength: 1, maxLength: 5 }), (rows) => {
        const lines = rows.map(([a, b]) => tableRow(codeSpan(a), escapeText(b), 'end'))
        const html = render(`${tableHead('A', 'B', 'C')}\n${lines.join('\n')}`)
        expect(html.match(/<tr>/g)).toHaveLength(rows.length + 1)
        expect(html.match(/<td>/g)).toHaveLength(rows.length * 3)
        expect(html.match(/<td>end<\/td>/g)).toHaveLength(rows.length)
      }),
      { numRuns: 200 },
    )
  })
})

describe('the head of a table', () => {
  test('aligns figures to the right, and is known as one', () => {
    expect(tableHead('Gate', 'Time:')).toBe('| Gate | Time |\n| --- | ---: |')
    expect(isTableHead(`#### x\n\n${tableHead('Gate', 'Time:')}`)).toBe(true)
    expect(isTableHead(tableHead('Time:', 'Gate'))).toBe(true)
    expect(isTableHead('#### x')).toBe(false)
  })
})

describe('a link', () => {
  test('is made of plain https addresses alone', () => {
    expect(link('run', 'https://code.example:8443/a/b?c=1#L2')).toBe('[run](https://code.example:8443/a/b?c=1#L2)')
    for (const url of [undefined, '', 'http://a.example/', 'https://a.example/a b', 'https://a.example/)', ...hostile])
      expect(link('run', url)).toBe('')
  })
})

describe('a fence', () => {
  test('is closed whatever it holds', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 4 }), (text, lines) => {
        const html = render(`${fence(text, { lines, width: 40, keep: 'tail' })}\n\nafter`)
        expect(html.startsWith('<pre><code class="language-text">')).toBe(true)
        expect(html.endsWith('</code></pre>\n<p>after</p>')).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('says how many lines it leaves out, and keeps the end that matters', () => {
    expect(fence('1\n2\n3\n4', { lines: 2, width: 9, keep: 'tail' })).toBe('```text\n… (2 more lines)\n3\n4\n```')
    expect(fence('1\n2\n3\n0123456789', { lines: 2, width: 9, keep: 'head' })).toBe(
      '```text\n1\n2\n… (2 more lines)\n```',
    )
    expect(fence('0123456789', { lines: 2, width: 9, keep: 'head' })).toBe('```text\n01234567…\n```')
  })
})

describe('cleaning', () => {
  test('removes what hides: controls, escapes, marks of direction, invisible characters', () => {
    expect(cleanText('a\u001B[31mb\u0007\u202Ec\u200Bd\uFEFFe\u00ADf\u{E0041}g')).toBe('abcdefg')
    expect(cleanText('a\r\nb\rc\u2028d')).toBe('a\nb\nc\nd')
    expect(cleanText('\uD800x')).toBe('\uFFFDx')
  })

  test('leaves no marker of an HTML comment', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const out of [cleanText(text), escapeText(text), codeSpan(text)]) {
          expect(out).not.toContain('<!--')
          expect(out).not.toMatch(/--!?>/)
        }
      }),
    )
    expect(cleanText('<!-- wf:x -->')).toBe('<!\u200B-- wf:x --\u200B>')
  })

  test('cuts to the length, never through a character', () => {
    expect(oneLine('a'.repeat(10_000), 20)).toBe(`${'a'.repeat(19)}…`)
    expect(oneLine('🙂🙂🙂', 4)).toBe('🙂…')
  })
})
