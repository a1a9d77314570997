import type { LockReader, Package } from './package.js'

interface GoMod {
  module: string | undefined
  required: Package[]
  /** Modules that another, or a folder, stands in for. */
  replaced: Set<string>
  /** Modules that a folder stands in for: nothing is fetched for them. */
  folders: Set<string>
}

/** The directives of a `go.mod`, in one line or in a block. */
function readMod(text: string): GoMod {
  const mod: GoMod = { module: undefined, required: [], replaced: new Set(), folders: new Set() }
  let block = ''
  text.split(/\r?\n/).forEach((raw, i) => {
    const words = raw
      .replace(/\/\/.*$/, '')
      .trim()
      .split(/\s+/)
      .map((word) => word.replace(/^"(.*)"$/, '$1'))
    if (words[0] === ')') block = ''
    else if (words[1] === '(') block = words[0] ?? ''
    else {
      const [directive, first, second] = block === '' ? words : [block, ...words]
      if (directive === 'module') mod.module = first
      if (directive === 'replace' && first !== undefined) {
        mod.replaced.add(first)
        if (/^\.{0,2}\//.test(words[words.indexOf('=>') + 1] ?? '')) mod.folders.add(first)
      }
      if (directive === 'require' && first && second !== undefined)
        mod.required.push({ name: first, version: second, line: i + 1 })
    }
  })
  return mod
}

/** The manifest of Go, which names every version that is built; `go.sum` holds more, and its sums. */
export const goMod: LockReader = {
  ecosystem: 'go',
  name: /^go\.mod$/,
  licences: false,
  renew: 'go mod tidy',
  read(text) {
    const { required, folders } = readMod(text)
    return required.filter(({ name }) => !folders.has(name))
  },
  agree(text, path, { folder, text: read, tracked }) {
    const { required, replaced } = readMod(text)
    const own = new Set(
      [...tracked]
        .filter((one) => /(?:^|\/)go\.mod$/.test(one))
        .flatMap((one) => readMod(read(one) ?? '').module ?? []),
    )
    const others = required.filter(({ name }) => !replaced.has(name) && !own.has(name))
    if (!others.length) return []
    // A workspace may keep sums in a file of its own, in this folder or above it.
    const files = [`${folder}go.sum`, ...[...tracked].filter((one) => /(?:^|\/)go\.work\.sum$/.test(one))]
    const sums = new Set(
      files.flatMap((one) =>
        (tracked.has(one) ? (read(one) ?? '').split(/\r?\n/) : []).map((line) => line.replace(/ h\d+:.*$/, '')),
      ),
    )
    return others
      .filter(({ name, version }) => !sums.has(`${name} ${version}/go.mod`))
      .map(({ name, version, line }) => ({
        file: path,
        line,
        message: `\`${name}\` is required at \`${version}\`, of which \`${folder}go.sum\` has no sum`,
      }))
  },
}
