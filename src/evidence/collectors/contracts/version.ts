/** A version as far as it is told. */
export interface Version {
  text: string
  major: number
  minor: number
  patch: number
  /** It is `1.2.3`, with what may follow. */
  isSemantic: boolean
}

const form = /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-+][0-9A-Za-z.+-]{1,100})?$/
const semantic = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:[-+].*)?$/

/** Reads `2`, `v2`, `2.1` or `2.1.0`; nothing where it is no version. */
export function readVersion(value: unknown): Version | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  const [all, major = '', minor = '0', patch = '0'] = form.exec(text) ?? []
  if (all === undefined) return undefined
  return { text, major: Number(major), minor: Number(minor), patch: Number(patch), isSemantic: semantic.test(text) }
}

/** What became of a version. Before 1.0.0 a new minor number may break what it likes, as a new major one later. */
export function step(before: Version, after: Version): 'major' | 'raised' | 'same' | 'lowered' {
  const numbers = ({ major, minor, patch }: Version): number[] => [major, minor, patch]
  const [from, to] = [numbers(before), numbers(after)]
  const at = to.findIndex((number, i) => number !== from[i])
  if (at === -1) return before.text === after.text ? 'same' : 'raised'
  if ((to[at] ?? 0) < (from[at] ?? 0)) return 'lowered'
  return at === 0 || (at === 1 && before.major === 0) ? 'major' : 'raised'
}

/** The next version that may break what was there. */
export const nextBreaking = ({ major, minor }: Version): string =>
  major === 0 ? `0.${minor + 1}.0` : `${major + 1}.0.0`
