import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { SaxesParser } from 'saxes'
import type { Outcome } from '../../src/journal/outcome.js'
import { commentMarker } from '../../src/publish/marker.js'
import { repositoryUri } from '../../src/publish/places.js'
import {
  renderBadges,
  renderCheck,
  renderComment,
  renderOutcome,
  renderSarif,
  renderSummary,
  renderTerminal,
} from '../../src/publish/render.js'
import { hostile } from './hostile.js'
import { hugeRun } from './huge.js'
import { alteredShop } from './altered.js'
import { comparedShop } from './compared.js'
import { failingShop } from './outcomes.js'

const render = (markdown: string): string =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true })

/** Words with a meaning of ours; everything else in an outcome may be a stranger's. */
const ours = new Set([
  'status',
  'conclusion',
  'kind',
  'gate',
  'category',
  'severity',
  'verdict',
  'event',
  'level',
  'of',
  'effect',
])

/** An outcome in which every text is replaced; what belongs together stays together. */
function forged(outcome: Outcome, forge: (text: string) => string): Outcome {
  const texts = new Map<string, string>()
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      if (ours.has(key)) return value
      if (!texts.has(value)) texts.set(value, forge(value))
      return texts.get(value)
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, key))
    if (value === null || typeof value !== 'object' || key === 'by_severity') return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, name === 'categories' ? item : walk(item, name)]),
    )
  }
  return walk(outcome, '') as Outcome
}

const base = alteredShop()
const comparedRun = comparedShop()
const nasty = fc.oneof(
  fc.constantFrom(...hostile),
  fc
    .array(fc.constantFrom(...hostile.filter((text) => text.length < 100)), { minLength: 1, maxLength: 3 })
    .map((list) => list.join(' ')),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
const outcomes = fc
  .tuple(fc.infiniteStream(nasty), fc.constantFrom(base, comparedRun))
  .map(([stream, run]) => forged(run, (text) => `${stream.next().value}${text.slice(0, 3)}`))

/** What holds of every document, whatever strangers wrote into it. */
function expectSound(markdown: string): string {
  const html = render(markdown)
  const outside = html.replaceAll(/<pre><code[\s\S]*?<\/code><\/pre>|<code>[\s\S]*?<\/code>/g, '')
  expect(outside).not.toMatch(/<(?:img|script|iframe|svg|style|input)/i)
  expect(outside).not.toMatch(/@[\w-]/)
  expect(outside).not.toMatch(/(^|\W)#\d/)
  for (const [, href] of html.matchAll(/href="([^"]*)"/g))
    expect(href).toMatch(/^https:\/\/(github\.com\/advisories|eslint\.org)\//)
  expect(html.match(/<details>/g)?.length ?? 0).toBe(html.match(/<\/details>/g)?.length ?? 0)
  expect(html).not.toMatch(/<h1>/)
  for (const table of html.match(/<table>[\s\S]*?<\/table>/g) ?? []) {
    const rows = table.match(/<tr>[\s\S]*?<\/tr>/g) ?? []
    const cells = rows.map((row) => row.match(/<t[dh]>/g)?.length)
    expect(new Set(cells).size).toBe(1)
  }
  return html
}

describe('documents stay whole, whatever strangers write into them', () => {
  test('the comment', () => {
    fc.assert(
      fc.property(outcomes, (outcome) => {
        const text = renderComment(outcome)
        const html = expectSound(text)
        expect(renderComment(outcome, { max: 8000 }).length).toBeLessThanOrEqual(8000)
        expect(text.startsWith(`${commentMarker(outcome.workflow)}\n### `)).toBe(true)
        expect(text.match(/<!--/g)).toHaveLength(1)
        expect(html.match(/<h3>/g)).toHaveLength(1)
        expect(html.match(/<tbody>/)).not.toBeNull()
        expect(html.match(/<details><summary>Details<\/summary>/g)).toHaveLength(1)
        expect(html.trimEnd().endsWith('</details>')).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  test('the comment of a run that holds 5 MB of it, at every size', () => {
    const texts = ['@everyone', 'a | b', '`x` ```', '--> <!-- wf-run:9:9 -->', '</details>\n```\n', '|'.repeat(10_000)]
    let at = 0
    const run = forged({ ...alteredShop(), ...hugeRun() }, (text) => `${texts[at++ % texts.length]} ${text}`)
    expect(JSON.stringify(run).length).toBeGreaterThan(5_000_000)
    for (const max of [4000, 4500, 7000, 12_000, 30_000, 60_000]) {
      const text = renderComment(run, { max, stamp: { id: 7, attempt: 1 } })
      expect(text.length).toBeLessThanOrEqual(max)
      const html = expectSound(text)
      expect(text.match(/<!--/g)).toHaveLength(2)
      expect(html.match(/<h3>/g)).toHaveLength(1)
      expect((text.match(/^\s*`{3,}/gm)?.length ?? 0) % 2).toBe(0)
      expect(html.trimEnd().endsWith('</details>')).toBe(true)
    }
  })

  test('the check', () => {
    fc.assert(
      fc.property(outcomes, (outcome) => {
        const { title, summary, text } = renderCheck(outcome)
        expect(title).not.toMatch(/\n|<!--/)
        for (const part of [summary, text]) {
          expectSound(part)
          expect(part).not.toContain('<!--')
        }
      }),
      { numRuns: 20 },
    )
  })

  test('the summary', () => {
    fc.assert(
      fc.property(outcomes, (outcome) => {
        const text = renderSummary(outcome)
        const html = expectSound(text)
        expect(text).not.toContain('<!--')
        expect(html.match(/<h2>/g)).toHaveLength(1)
        expect(html).toContain('>Steps</h4>')
      }),
      { numRuns: 20 },
    )
  })

  test('a step’s own summary is shown as text', () => {
    const outcome = failingShop()
    const [first] = outcome.stages[0]?.instances[0]?.steps ?? []
    if (first) first.summary = '</details><!-- wf:x -->\n```\n# Approved by @octo\n![](https://evil.example/x.png)'
    const html = expectSound(renderSummary(outcome))
    expect(html).toContain('# Approved by @octo')
  })

  test('the terminal gets no control, and a runner no command', () => {
    fc.assert(
      fc.property(outcomes, (outcome) => {
        const text = renderTerminal(outcome, { colours: false, columns: 80 })
        expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/)
        expect(text).not.toMatch(/^\s*::/m)
        expect(text).not.toContain('##[')
        expect(text.endsWith('\n')).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  test('colours are the only escapes', () => {
    const text = renderTerminal(
      forged(base, (word) => `\u001B]0;title\u0007${word}\u001B[2J`),
      { colours: true, columns: 80 },
    )
    // eslint-disable-next-line no-control-regex
    expect(text.replaceAll(/\u001B\[(?:\d{1,2})m/g, '')).not.toContain('\u001B')
  })

  test('SARIF and JSON stay readable, places stay inside the repository', () => {
    fc.assert(
      fc.property(outcomes, (outcome) => {
        expect(JSON.parse(renderOutcome(outcome))).toEqual(JSON.parse(JSON.stringify(outcome)))
        const log = JSON.parse(renderSarif(outcome))
        for (const run of log.runs)
          for (const result of run.results) {
            const [{ physicalLocation }] = result.locations
            expect(physicalLocation.artifactLocation.uri).toMatch(/^(?!\/)(?!.*\.\.\/)[A-Za-z0-9._~!'()*%/-]+$/)
            expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId)
            expect(result.message.text).not.toBe('')
          }
      }),
      { numRuns: 30 },
    )
  })
})

describe('the marker', () => {
  test('is one line that nothing can end, and differs for every workflow', () => {
    fc.assert(
      fc.property(nasty, nasty, nasty, nasty, (path, name, otherPath, otherName) => {
        const marker = commentMarker({ path, name })
        expect(marker).toMatch(/^<!-- wf:[A-Za-z0-9%/._-]*:[A-Za-z0-9%/._-]* -->$/)
        expect(marker.slice(4, -3)).not.toContain('--')
        const formed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
        const same = formed(path) === formed(otherPath) && formed(name) === formed(otherName)
        expect(commentMarker({ path: otherPath, name: otherName }) === marker).toBe(same)
      }),
    )
    expect(commentMarker({ path: '.github/wf.yml', name: 'shop' })).toBe('<!-- wf:.github/wf.yml:shop -->')
    expect(commentMarker({ path: 'a', name: '--> x' })).toBe('<!-- wf:a:-%2D%3E%20x -->')
  })
})

describe('badges', () => {
  test('are well-formed XML and JSON, whatever a workflow is called', () => {
    fc.assert(
      fc.property(nasty, (name) => {
        for (const { json, svg } of renderBadges({ ...base, workflow: { ...base.workflow, name } })) {
          const seen: string[] = []
          const parser = new SaxesParser()
          parser.on('opentag', (tag) => seen.push(tag.name))
          parser.on('error', (error) => {
            throw error
          })
          parser.write(svg).close()
          expect(new Set(seen)).toEqual(new Set(['svg', 'title', 'clipPath', 'rect', 'g', 'text']))
          expect(JSON.parse(json)).toMatchObject({ schemaVersion: 1 })
        }
      }),
    )
  })
})

describe('places', () => {
  test('only paths inside the repository become links', () => {
    expect(repositoryUri('./src/a b#c.js')).toBe('src/a%20b%23c.js')
    expect(repositoryUri('src\\win\\a.ts')).toBe('src/win/a.ts')
    for (const path of [
      '',
      '/etc/passwd',
      '../x',
      'a/../../x',
      'file:///etc/passwd',
      'C:\\x',
      'https://e.example/x',
      'a//b',
    ])
      expect(repositoryUri(path)).toBeUndefined()
  })
})
