import type { GatesFile } from '../language/gates.js'

/** What a gate asks of dependencies. */
export interface DependencyRules {
  /** Only these licences; `*` stands for anything. */
  allow?: readonly string[]
  /** None of these licences. */
  denyLicences?: readonly string[]
  /** None of these packages, as `name` or `ecosystem:name`. */
  deny?: readonly string[]
  /** Each dependency that the change brings is remarked. */
  review: boolean
  /** Lock files and manifests say the same. */
  lockFiles: boolean
}

/** The keys of the gate that are no thresholds. */
export const dependencyKeys: ReadonlySet<string> = new Set(['licences', 'deny', 'new', 'lock-files'])

/** What is asked for; where nothing is said, that lock files and manifests agree. */
export function readDependencies(file: Exclude<NonNullable<GatesFile['dependencies']>, 'off'>): DependencyRules {
  const { licences, deny } = file
  return {
    ...(licences?.allow ? { allow: licences.allow } : {}),
    ...(licences?.deny ? { denyLicences: licences.deny } : {}),
    ...(deny ? { deny } : {}),
    review: file.new === 'review',
    lockFiles: file['lock-files'] ?? true,
  }
}
