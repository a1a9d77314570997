import type { Finding } from './evidence.js'
import type { SourceLines } from './fingerprint.js'

interface Manifest {
  file: string
  /** The line that names a package, whose name comes escaped. */
  names(name: string): RegExp
}

/** Where each package manager writes a package down; of a finding without a file the first that names it is the place. */
const npm: readonly Manifest[] = [
  { file: 'package-lock.json', names: (name) => new RegExp(`^\\s*"(?:.*/)?node_modules/${name}": \\{`) },
  { file: 'npm-shrinkwrap.json', names: (name) => new RegExp(`^\\s*"(?:.*/)?node_modules/${name}": \\{`) },
  { file: 'pnpm-lock.yaml', names: (name) => new RegExp(`^\\s+'?/?${name}@`) },
  { file: 'yarn.lock', names: (name) => new RegExp(`^"?${name}@`) },
  { file: 'package.json', names: (name) => new RegExp(`^\\s*"${name}":`) },
]
const toml = (name: string): RegExp => new RegExp(`^name = "${name}"`, 'i')
const python: readonly Manifest[] = [
  { file: 'uv.lock', names: toml },
  { file: 'poetry.lock', names: toml },
  { file: 'pdm.lock', names: toml },
  { file: 'Pipfile.lock', names: (name) => new RegExp(`^\\s+"${name}": \\{`, 'i') },
  { file: 'requirements.txt', names: (name) => new RegExp(`^\\s*${name}(?![\\w.-])`, 'i') },
  { file: 'pyproject.toml', names: (name) => new RegExp(`^\\s*"?${name}(?![\\w.-])`, 'i') },
]
const others: readonly Manifest[] = [
  { file: 'Cargo.lock', names: (name) => new RegExp(`^name = "${name}"`) },
  { file: 'go.mod', names: (name) => new RegExp(`^(?:require)?\\s*${name} v`) },
  { file: 'go.sum', names: (name) => new RegExp(`^${name} v`) },
  { file: 'Gemfile.lock', names: (name) => new RegExp(`^\\s+${name} \\(`) },
  { file: 'composer.lock', names: (name) => new RegExp(`^\\s+"name": "${name}"`) },
  {
    file: 'pom.xml',
    names: (name) => new RegExp(`<artifactId>\\s*${name.slice(name.search(/[:/][^:/]*$/) + 1)}\\s*<`),
  },
  { file: 'gradle.lockfile', names: (name) => new RegExp(`^${name}:`) },
]
const manifests = [...npm, ...python, ...others]
const pythonTools: readonly (string | undefined)[] = ['pip-audit', 'Safety']

/**
 * Gives findings about a package their line: of the lock file or manifest that they name, else of the one in `folder`
 * that brings the package in.
 */
export function placePackages(findings: readonly Finding[], folder: string, source: SourceLines): Finding[] {
  const read = new Map<string, readonly string[] | undefined>()
  const linesOf = (file: string): readonly string[] | undefined => {
    if (!read.has(file)) read.set(file, source(file))
    return read.get(file)
  }
  return findings.map((finding) => {
    if (finding.package === undefined || finding.line !== undefined) return finding
    const name = finding.package.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    for (const [file, manifest] of candidates(finding, folder)) {
      const pattern = manifest.names(name)
      const at = linesOf(file)?.findIndex((line) => pattern.test(line)) ?? -1
      if (at !== -1) return { ...finding, file, line: at + 1 }
    }
    return finding
  })
}

function candidates({ file, tool }: Finding, folder: string): readonly (readonly [file: string, manifest: Manifest])[] {
  if (file === undefined) {
    const usual = pythonTools.includes(tool) ? python : npm
    return usual.map((manifest) => [folder === '' ? manifest.file : `${folder}/${manifest.file}`, manifest])
  }
  const base = file.slice(file.lastIndexOf('/') + 1)
  const known = /^requirements.*\.txt$/.test(base) ? 'requirements.txt' : base
  return manifests.filter((manifest) => manifest.file === known).map((manifest) => [file, manifest])
}
