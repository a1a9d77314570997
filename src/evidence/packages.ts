import type { Finding } from './evidence.js'
import type { SourceLines } from './fingerprint.js'

/** Where each package manager writes a package down; the first file that names it is the place. */
const manifests: readonly { file: string; names: (name: string) => RegExp }[] = [
  { file: 'package-lock.json', names: (name) => new RegExp(`^\\s*"(?:.*/)?node_modules/${name}": \\{`) },
  { file: 'npm-shrinkwrap.json', names: (name) => new RegExp(`^\\s*"(?:.*/)?node_modules/${name}": \\{`) },
  { file: 'pnpm-lock.yaml', names: (name) => new RegExp(`^\\s+'?/?${name}@`) },
  { file: 'yarn.lock', names: (name) => new RegExp(`^"?${name}@`) },
  { file: 'package.json', names: (name) => new RegExp(`^\\s*"${name}":`) },
]

/** Gives findings about a package, which name no file, the line of the lock file or manifest in `folder` that brings the package in. */
export function placePackages(findings: readonly Finding[], folder: string, source: SourceLines): Finding[] {
  const read = new Map<string, readonly string[] | undefined>()
  const linesOf = (file: string): readonly string[] | undefined => {
    if (!read.has(file)) read.set(file, source(file))
    return read.get(file)
  }
  return findings.map((finding) => {
    if (finding.package === undefined || finding.file !== undefined) return finding
    const name = finding.package.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    for (const manifest of manifests) {
      const file = folder === '' ? manifest.file : `${folder}/${manifest.file}`
      const at = linesOf(file)?.findIndex((line) => manifest.names(name).test(line)) ?? -1
      if (at !== -1) return { ...finding, file, line: at + 1 }
    }
    return finding
  })
}
