import { createHash } from 'node:crypto'
import type { ScriptedGit } from './git.js'

/** The name that git gives to a text. */
export const blobOf = (text: string): string =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex')

const [head, base] = ['a'.repeat(40), 'b'.repeat(40)]

/** Scripts a full clone of `org/repo` at commit aaa…, whose base is commit bbb… with this workflow file. */
export const withBase = (git: ScriptedGit, workflow: string): ScriptedGit =>
  git
    .on(/^rev-parse --is-shallow-repository --show-prefix HEAD/, { stdout: `false\n\n${'a'.repeat(40)}\n` })
    .on(/^rev-parse --revs-only HEAD /, {
      stdout: [head, base, head, `^${base}`, 'refs/remotes/origin/main', ''].join('\n'),
    })
    .on(/^remote get-url origin/, { stdout: 'file:///srv/org/repo.git\n' })
    .on(/ fetch /)
    .on(/^rev-parse --verify .*FETCH_HEAD/, { stdout: `${'b'.repeat(40)}\n` })
    .on(/^cat-file -e/)
    .on(/^merge-base/, { stdout: `${'b'.repeat(40)}\n` })
    .on(/^merge-base --is-ancestor/)
    .on(/^ls-tree/, { stdout: `100644 blob ${blobOf(workflow)}\t.github/wf.yml\0` })
    .on(/^cat-file blob/, { stdout: workflow })
