import type { LockReader, Package } from './package.js'

/** The lock file of Bundler. Its Gemfile is a program, so the two are not compared. */
export const gemfileLock: LockReader = {
  ecosystem: 'rubygems',
  name: /^(?:Gemfile|gems)\.lock(?:ed)?$/,
  licences: false,
  renew: 'bundle lock',
  read(text) {
    let section = ''
    return text.split(/\r?\n/).flatMap((line, i): Package[] => {
      if (/^\S/.test(line)) section = line.trim()
      // What comes from a folder of the repository stands under PATH.
      if (section !== 'GEM' && section !== 'GIT') return []
      const [, name, version] = /^ {4}(\S+) \(([^)]+)\)$/.exec(line) ?? []
      return name === undefined ? [] : [{ name, version: version ?? null, line: i + 1 }]
    })
  },
}
