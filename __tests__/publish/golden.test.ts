import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import type { Outcome } from '../../src/journal/outcome.js'
import {
  renderCheck,
  renderComment,
  renderOutcome,
  renderSarif,
  renderSummary,
  renderTerminal,
} from '../../src/publish/render.js'
import { alteredShop } from './altered.js'
import { comparedShop } from './compared.js'
import { failingShop, greenShop } from './outcomes.js'

const folder = fileURLToPath(new URL('../fixtures/publish/', import.meta.url))
const renderers: Record<string, (outcome: Outcome) => string> = {
  'comment.md': (outcome) => renderComment(outcome, { stamp: { id: 4711, attempt: 2 }, ...linksOf(outcome) }),
  'check.md': (outcome) => {
    const { name, title, conclusion, summary, text } = renderCheck(outcome)
    return `${name}: ${conclusion}\n${title}\n\n${summary}\n\n---\n\n${text}\n`
  },
  'summary.md': renderSummary,
  'report.sarif': renderSarif,
  'outcome.json': renderOutcome,
  'terminal.txt': (outcome) => renderTerminal(outcome, { colours: false, columns: 100 }),
}

/** After a wanted change: `UPDATE_GOLDENS=1 npm test -- __tests__/publish/golden`, then read the difference. */
function golden(name: string, text: string): string {
  if (process.env['UPDATE_GOLDENS']) writeFileSync(folder + name, text)
  return readFileSync(folder + name, 'utf8')
}

/** Files are linked where something is compared. */
const linksOf = ({ compared }: Outcome) =>
  compared ? { links: { files: 'https://code.example/octo/shop/blob/4f0c2d9' } } : {}

describe('what people see', () => {
  for (const [run, make] of [
    ['failing', failingShop],
    ['green', greenShop],
    ['altered', alteredShop],
    ['compared', comparedShop],
  ] as const)
    for (const [file, render] of Object.entries(renderers))
      test(`${run}-${file}`, () => {
        const text = render(make())
        expect(text).toBe(golden(`${run}-${file}`, text))
        expect(render(make())).toBe(text)
      })
})
