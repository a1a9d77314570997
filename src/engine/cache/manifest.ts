import { sha256 } from '../../base/hash.js'

/** A list of pairs, sorted by the first: it is compared and hashed as it stands. */
export type Pairs = readonly (readonly [name: string, value: string])[]

/**
 * Everything that decides what a step does, each part by name. Values that may be secret or long stand there as their SHA-256; the
 * parts themselves tell why two runs of a step differ.
 */
export interface Manifest {
  /** The version of this engine's keys. */
  version: 1
  step: string
  platform: string
  /** What it is, after evaluation: script, shell, folder, outputs. */
  definition: Pairs
  /** The variables that it sees, those aside that every program needs. */
  env: Pairs
  /** The versions that the stage requires. */
  requires: Pairs
  /** Steps that come before and declare outputs, by the content of these. */
  needs: Pairs
  /** Input files with their states. */
  files: Pairs
}

/** The key of all that a manifest holds: 64 hexadecimal characters. */
export const keyOf = (manifest: Manifest): string => sha256(JSON.stringify(inOrder(manifest)))

const inOrder = ({ version, step, platform, definition, env, requires, needs, files }: Manifest) => [
  version,
  step,
  platform,
  definition,
  env,
  requires,
  needs,
  files,
]

/** Pairs in order of their names. */
export const pairsOf = (entries: Iterable<readonly [string, string]>): Pairs =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))

/** How one part of a manifest is spoken of. */
const words: Record<'definition' | 'env' | 'requires' | 'needs' | 'files', (name: string) => string> = {
  definition: (name) => `its ${name}`,
  env: (name) => `the variable ${name}`,
  requires: (name) => `the required version of ${name}`,
  needs: (name) => `what ${name} left`,
  files: (name) => `the file ${name}`,
}

/** How many differences are told. */
const most = 5

/** What of a step is not as it was, each in words; the most telling first, at most five and how many more there are. */
export function differences(before: Manifest, now: Manifest): string[] {
  const all = [
    ...(before.version === now.version ? [] : ['this version of wf makes other keys']),
    ...(before.platform === now.platform ? [] : [`the platform is ${now.platform}, and was ${before.platform}`]),
    ...(['definition', 'env', 'requires', 'needs', 'files'] as const).flatMap((part) =>
      differing(before[part], now[part], words[part]),
    ),
  ]
  return all.length > most ? [...all.slice(0, most), `and ${all.length - most} more`] : all
}

function differing(before: Pairs, now: Pairs, name: (name: string) => string): string[] {
  const [was, is] = [new Map(before), new Map(now)]
  const there = [...is].flatMap(([key, value]) => {
    const old = was.get(key)
    if (old === value) return []
    if (old === undefined) return [`${name(key)} is new`]
    return [isMode(old, value) ? `the mode of ${name(key)} changed` : `${name(key)} changed`]
  })
  return [...there, ...[...was.keys()].filter((key) => !is.has(key)).map((key) => `${name(key)} is gone`)]
}

/** Two states of a file with the same content. */
const isMode = (a: string, b: string): boolean =>
  /^100\d{3} /.test(a) && /^100\d{3} /.test(b) && a.slice(7) === b.slice(7)
