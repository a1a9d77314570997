import { CoverageBuilder, type FileBuilder } from '../../build-coverage.js'
import type { CoverageEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { Attributes, ReadContext, XmlHandler, XmlReader } from '../../reader.js'
import { Oddities } from './counting.js'

/** SonarQube's generic coverage. */
export const sonarqube: XmlReader = {
  format: 'sonarqube',
  recognised: 'root `<coverage version="1">` with `<file path>` and `<lineToCover>`',
  proven: 'gcovr 8.8',
  kind: 'coverage',
  family: 'xml',
  supports: (root, { version }, head) =>
    root === 'coverage' &&
    version === '1' &&
    (/<(?:lineToCover|file\s+path=)/.test(head) || !/<[a-z]+\b/.test(after(head))),
  open: (context) => new SonarHandler(context),
}

/** What follows the root's tag; nothing does in a report of no file. */
const after = (head: string): string => head.slice(head.indexOf('<coverage') + 1)

class SonarHandler implements XmlHandler {
  private readonly coverage: CoverageBuilder
  private readonly odd: Oddities
  private file: FileBuilder | undefined

  constructor(context: ReadContext) {
    this.coverage = new CoverageBuilder(context)
    this.odd = new Oddities(context)
  }

  open(name: string, attributes: Attributes): boolean {
    if (name === 'file') this.file = this.coverage.file(normalisePath(attributes['path'] ?? ''))
    else if (name === 'lineToCover' && this.file) this.line(this.file, attributes)
    return false
  }

  close(name: string): void {
    if (name === 'file') this.file = undefined
  }

  finish(): CoverageEvidence {
    this.odd.say()
    return this.coverage.finish()
  }

  private line(file: FileBuilder, attributes: Attributes): void {
    const line = Number(attributes['lineNumber'] ?? NaN)
    const covered = attributes['covered']?.toLowerCase()
    if (!(line > 0) || (covered !== 'true' && covered !== 'false')) {
      this.odd.add(`a line of ${file.path} has no number, or is neither covered nor not`)
      return
    }
    file.hit(line, covered === 'true' ? 1 : 0)
    const branches = Number(attributes['branchesToCover'] ?? 0)
    file.branch(line, Number(attributes['coveredBranches'] ?? 0) || 0, branches)
  }
}
