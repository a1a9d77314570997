import { formatDuration } from '../base/duration.js'
import type { Outcome } from '../journal/outcome.js'
import { listed } from './budget.js'
import type { Section } from './budget.js'
import { escapeText, tableHead, tableRow } from './markdown.js'
import { placeSpan } from './places.js'
import type { Links } from './places.js'
import { slowestTests } from './view.js'
import { testName } from './words.js'

/** The tests that took longest, so many of them; fast ones are no news. */
export function slowest(outcome: Outcome, max: number, links: Links = {}): Section {
  return {
    name: 'the slowest tests',
    head: `#### Slowest tests\n\n${tableHead('Test', 'Place', 'Time:')}`,
    ...listed(slowestTests(outcome, max), max, (test) => {
      const time = formatDuration((test.duration_s ?? 0) * 1000)
      return tableRow(escapeText(testName(test), 200), placeSpan(test, links), time)
    }),
    more: () => '',
  }
}
