import type { Remark } from '../../build-findings.js'
import type { Document } from './document.js'
import { follow, placeIn } from './library.js'
import type { Library } from './library.js'
import { remark } from './remark.js'
import { isMembers, textOf } from './values.js'
import { eachPart } from './walk.js'

const maxTold = 50

/** What is wrong with references and patterns of a file, be it a document or a part of one. */
export const partRemarks = (library: Library, document: Document): Remark[] => [
  ...referenceRemarks(library, document),
  ...patternRemarks(library, document),
]

/** References of a file that lead nowhere; that addresses are not fetched is said once. */
function referenceRemarks(library: Library, document: Document): Remark[] {
  const [found, outside]: [Remark[], Set<string>] = [[], new Set()]
  let first: object | undefined
  eachPart(document.value, ({ part, isData, isNames }) => {
    const ref = isMembers(part) && !isData && !isNames ? textOf(part['$ref']) : undefined
    if (ref === undefined) return
    const target = follow(library, part, ref)
    if ('outside' in target) {
      first ??= part
      outside.add(ref)
    } else if ('missing' in target) {
      const message = `\`$ref: ${ref.slice(0, 200)}\` leads nowhere: ${target.missing}; mend it, or add what it names`
      found.push(remark(['reference', 'error'], message, placeIn(library, part, '$ref'), document.path))
    }
  })
  const told = [...outside].slice(0, 3).map((one) => `\`${one.slice(0, 100)}\``)
  const fetched = `addresses are not fetched, so what stands there is not judged: ${told.join(', ')}${outside.size > 3 ? ` and ${outside.size - 3} more` : ''}`
  return [
    ...found.slice(0, maxTold),
    ...(outside.size > 0 ? [remark(['outside', 'note'], fetched, placeIn(library, first, '$ref'), document.path)] : []),
  ]
}

/** Patterns that are no regular expression. They are read and never run. */
function patternRemarks(library: Library, document: Document): Remark[] {
  const found: Remark[] = []
  eachPart(document.value, ({ part, isData, isNames }) => {
    const pattern = isMembers(part) && !isData && !isNames ? textOf(part['pattern']) : undefined
    if (pattern === undefined) return
    const fault = pattern.length > maxPattern ? `it is longer than ${maxPattern} characters` : faultOf(pattern)
    if (fault === undefined) return
    const message = `\`pattern\` is no regular expression: ${fault}; mend it`
    found.push(remark(['pattern', 'error'], message, placeIn(library, part, 'pattern'), document.path))
  })
  return found.slice(0, maxTold)
}
const maxPattern = 5000

function faultOf(pattern: string): string | undefined {
  for (const flags of ['u', ''])
    try {
      return void new RegExp(pattern, flags)
    } catch (cause) {
      if (flags === '') return cause instanceof Error ? (cause.message.split(': ').at(-1) ?? '') : ''
    }
  return undefined
}
