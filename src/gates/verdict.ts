/** What a gate concludes. `no-data`: nothing was there to judge, which never counts as good. */
export type VerdictStatus = 'pass' | 'fail' | 'warn' | 'no-data'

/** One measured value against its threshold, ready to be shown: `lines`, `41.2%`, `≥ 50%`. */
export interface Figure {
  name: string
  value: string
  /** With its comparison sign; absent where the value is only told. */
  threshold?: string
  met: boolean
}

/** Things that a figure counts, the first of them by name, each in one line. */
export interface Listing {
  /** What they are, as a part of a sentence: `files under 70%`. */
  name: string
  items: string[]
  /** How many there are besides. */
  more: number
}

/** A gate's judgement of a stage or, with `per-instance`, of one instance. */
export interface Verdict {
  gate: string
  /** The stage's or instance's address. */
  address: string
  status: VerdictStatus
  /** One sentence: why. */
  reason: string
  figures: Figure[]
  /** What is behind the figures; absent where there is nothing. */
  lists?: Listing[]
  /** The next thing that a person does; absent when it passed. */
  mend?: string
  /** Targets whose thresholds this evidence would not meet, worst first as the file lists them. */
  later: { target: string; reason: string }[]
  /** True when no gate was written and the default judged. */
  implied: boolean
}
