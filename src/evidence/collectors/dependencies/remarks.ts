import { count } from '../../../base/text.js'
import type { DependencyRules } from '../../../workflow/dependencies.js'
import type { Remark } from '../../build-findings.js'
import type { LockReader, Package } from './package.js'
import { isAllowed, named, readLicence } from './spdx.js'
import type { LicencePolicy } from './spdx.js'

/** A lock file that was read. */
export interface Locked {
  path: string
  reader: LockReader
  packages: readonly Package[]
}

type Level = readonly [rule: string, severity: Remark['severity']]

const remark = ([rule, severity]: Level, file: string, line: number, message: string): Remark => ({
  rule,
  severity,
  message,
  tool: 'wf',
  file,
  line,
})

const nameOf = ({ name, version }: Package): string => `\`${name}${version === null ? '' : `@${version}`}\``

/** Packages that may not be used. */
export const deniedRemarks = ({ path, reader, packages }: Locked, { deny }: DependencyRules): Remark[] =>
  once(packages)
    .filter(({ name }) => deny && named(deny, [name, `${reader.ecosystem}:${name}`]))
    .map((one) =>
      remark(['denied-package', 'error'], path, one.line, `${nameOf(one)} is denied: use another package, or none`),
    )

/** Packages whose licence is not allowed, or not known. Where the file tells no licences, what is not known is one remark. */
export function licenceRemarks({ path, reader, packages }: Locked, rules: DependencyRules): Remark[] {
  if (!rules.allow && !rules.denyLicences) return []
  const policy: LicencePolicy = {
    ...(rules.allow ? { allow: rules.allow } : {}),
    ...(rules.denyLicences ? { deny: rules.denyLicences } : {}),
  }
  const all = once(packages)
  const bad = all.flatMap((one) => {
    const fault = one.licence === undefined ? undefined : licenceFault(one.licence, policy)
    return fault === undefined ? [] : [remark(['licence', 'error'], path, one.line, `${nameOf(one)}: ${fault}`)]
  })
  const unknown = all.filter(({ licence }) => licence === undefined)
  const severity = rules.allow ? 'error' : 'note'
  const [first] = unknown
  if (!first) return bad
  const mend = 'install the packages before, so that theirs can be read, or waive the rule `licence-unknown` here'
  if (reader.licences)
    return [
      ...bad,
      ...unknown.map((one) =>
        remark(['licence-unknown', severity], path, one.line, `the licence of ${nameOf(one)} is not known: ${mend}`),
      ),
    ]
  const names = `${unknown.slice(0, 10).map(nameOf).join(', ')}${unknown.length > 10 ? ' …' : ''}`
  const message = `the licences of ${count(unknown.length, 'package')} are not known (${names}), since the file tells none: ${mend}`
  return [...bad, remark(['licence-unknown', severity], path, first.line, message)]
}

function licenceFault(text: string, policy: LicencePolicy): string | undefined {
  const licence = readLicence(text)
  // What is no expression is a name of its own, which a list can hold.
  if (isAllowed(licence ?? { kind: 'one', id: text }, policy)) return undefined
  const said = licence ? `its licence \`${text}\` is` : `its licence \`${text}\`, which is no SPDX expression, is`
  return policy.allow && !(policy.deny && !isAllowed(licence ?? { kind: 'one', id: text }, { deny: policy.deny }))
    ? `${said} not among those that are allowed: use another package, or add it to \`licences.allow\``
    : `${said} denied: use another package`
}

/** Packages that no lock file of the same ecosystem names at the base. */
export const newRemarks = ({ path, reader, packages }: Locked, before: ReadonlySet<string>): Remark[] => {
  const names = new Set<string>()
  return packages.flatMap((one) => {
    if (before.has(`${reader.ecosystem}:${one.name}`) || names.has(one.name)) return []
    names.add(one.name)
    const licence = one.licence === undefined ? '' : `, licence \`${one.licence}\``
    return [
      remark(['new-dependency', 'warning'], path, one.line, `the change brings ${nameOf(one)}${licence}: review it`),
    ]
  })
}

/** Each name with each version once, at its first place. */
function once(packages: readonly Package[]): Package[] {
  const seen = new Set<string>()
  return packages.filter((one) => {
    const key = `${one.name}@${one.version}`
    return !seen.has(key) && seen.add(key)
  })
}
