import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { FindingsEvidence } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { ReadContext, TextHandler, TextReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { JsonStream } from './json-stream.js'

/**
 * `trufflehog --json`: a document a secret, of version 3 and 2, and its log among them. Only detector, place and
 * whether it was verified are taken: `Raw`, `Redacted`, `ExtraData`, e-mails and what was found are never read.
 */
export const trufflehog: TextReader = {
  format: 'trufflehog',
  recognised: 'a row of documents of `SourceMetadata`, `DetectorName` or `stringsFound`',
  proven: 'TruffleHog 2.2 and 3.90 (filesystem, git)',
  kind: 'findings',
  family: 'text',
  jsonLines: true,
  supports: (head) =>
    /^\s*\{"SourceMetadata":/.test(head) ||
    /^\s*\{.*"(?:logger":"trufflehog|DetectorName|stringsFound)"/.test(head.trimStart().split('\n', 1)[0] ?? ''),
  open: (context) => new TrufflehogHandler(context),
}

class TrufflehogHandler implements TextHandler {
  private readonly stream: JsonStream
  private readonly findings: FindingsBuilder
  private seen = 0
  private claimed: number | undefined

  constructor(private readonly context: ReadContext) {
    this.findings = new FindingsBuilder(context, ['secrets'])
    this.stream = new JsonStream(context, (value) => this.take(value))
  }

  line(line: string): void {
    this.stream.line(line)
  }

  finish(): FindingsEvidence | null {
    this.stream.end()
    const { problems } = this.context
    if (this.claimed !== undefined && this.claimed > this.findings.size)
      problems.error(`states ${this.claimed} secrets and lists ${this.findings.size}`)
    if (this.seen === 0 && this.claimed === undefined && (this.stream.faulty || !this.context.silentMeansNone)) {
      if (!this.stream.faulty) problems.error('holds no secret, and that TruffleHog ended well is not known')
      return null
    }
    return this.findings.finish()
  }

  private take(value: unknown): void {
    const detector = text(at(value, 'DetectorName'))
    if (detector !== undefined || at(value, 'SourceMetadata') !== undefined) this.found(value, detector || 'secret')
    else if (items(at(value, 'stringsFound'))) this.older(value)
    else if (text(at(value, 'level')) !== undefined && text(at(value, 'msg')) !== undefined) this.log(value)
    else this.stream.fault('holds a document that is none of TruffleHog')
  }

  private log(entry: unknown): void {
    const why = (items(at(entry, 'errors')) ?? []).find((one) => typeof one === 'string')
    const said = [text(at(entry, 'msg')) ?? '', ...(why === undefined ? [] : [why])].join(': ')
    if (/^(?:error|fatal|panic|dpanic)$/.test(text(at(entry, 'level')) ?? ''))
      this.context.problems.error(`says: ${said.slice(0, 300)}`, this.context.line())
    const counts = [number(at(entry, 'verified_secrets')), number(at(entry, 'unverified_secrets'))]
    if (counts[0] !== undefined || counts[1] !== undefined) this.claimed = (counts[0] ?? 0) + (counts[1] ?? 0)
  }

  private found(value: unknown, detector: string): void {
    this.seen++
    const verified = at(value, 'Verified') === true
    // `Data` holds one entry, named by the kind of source: Git, Filesystem, Github, Docker, S3 …
    const data = Object.values(fields(at(at(value, 'SourceMetadata'), 'Data')) ?? {}).find((one) => fields(one))
    this.findings.add({
      rule: detector,
      severity: verified ? 'critical' : 'high',
      message: `a secret of the kind ${detector}${verified ? ', verified as valid' : ''}`,
      tool: 'TruffleHog',
      ...placeOf({ file: normalisePath(text(at(data, 'file')) ?? ''), line: number(at(data, 'line')) }),
    })
  }

  private older(value: unknown): void {
    this.seen++
    const reason = text(at(value, 'reason')) || 'secret'
    this.findings.add({
      rule: reason,
      severity: 'high',
      message: `a secret of the kind ${reason}`,
      tool: 'TruffleHog',
      ...placeOf({ file: normalisePath(text(at(value, 'path')) ?? '') }),
    })
  }
}
