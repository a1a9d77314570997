import type { SeverityName } from '../language/names.js'

/** How a tool that wf does not know says its findings: what each of its own words for a severity means. */
export interface Meaning {
  tool?: string
  /** Where a finding has none, or one that is not named. */
  severity: SeverityName
  severities: Readonly<Record<string, SeverityName>>
}

/** Lines of text in which a pattern with named groups finds what is wrong. */
export interface MatchSpec extends Meaning {
  /** RE2: `file`, `line`, `column`, `end_line`, `severity`, `rule`, `message`. */
  pattern: string
  /** What nothing matches has to match this one, so that an unknown line is not taken for nothing found. */
  otherwise?: string
}

/** Where in a JSON document the findings are, and what is where in each. */
export interface MapSpec extends Meaning {
  items: string
  fields: Partial<Record<'file' | 'line' | 'column' | 'end_line' | 'severity' | 'rule' | 'message' | 'url', string>>
}

export type CustomReport = { match: MatchSpec } | { map: MapSpec }
