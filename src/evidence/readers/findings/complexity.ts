import { FindingsBuilder, placeOf, type Remark } from '../../build-findings.js'
import { normalisePath } from '../../paths.js'
import type { JsonReader, XmlReader } from '../../reader.js'
import { at, fields, items, number, text } from '../../values.js'
import { lineReader, remarkOf } from './lines.js'

/** Radon's ranks from C on, more than 10 paths; E and F, more than 30, are errors. */
const radonLimits = { warning: 10, error: 30 }
/** Lizard's own default. */
const lizardLimit = 15

/** `radon cc -j`: each function and method of rank C or worse is a finding. */
export const radon: JsonReader = {
  format: 'radon',
  recognised: 'an object of files with lists of `complexity`, `rank` and `lineno`',
  proven: 'Radon 6.0',
  kind: 'findings',
  family: 'json',
  emptyObject: true,
  supports: (value) => {
    const files = Object.values(fields(value) ?? {})
    const blocks = files.flatMap((file) => items(file)?.[0] ?? [])
    const known = blocks.some(
      (block) => number(at(block, 'complexity')) !== undefined && text(at(block, 'rank')) !== undefined,
    )
    return (
      files.every((file) => items(file) !== undefined || isFault(file)) &&
      (known || (blocks.length === 0 && files.some(isFault)))
    )
  },
  parse(value, context) {
    const findings = new FindingsBuilder(context, ['lint'])
    for (const [path, file] of Object.entries(fields(value) ?? {})) {
      const fault = text(at(file, 'error'))
      if (!items(file))
        findings.add({
          rule: 'error',
          severity: 'error',
          message: fault ?? 'was not read',
          tool: 'Radon',
          ...placeOf({ file: normalisePath(path) }),
        })
      for (const block of items(file) ?? []) addBlock(block, path, findings, 0)
    }
    return findings.finish()
  },
}

const isFault = (file: unknown): boolean => {
  const object = fields(file)
  return object !== undefined && Object.keys(object).length === 1 && text(at(object, 'error')) !== undefined
}

/** A class's methods stand beside it in the list, and its own number is their mean. */
function addBlock(block: unknown, path: string, findings: FindingsBuilder, depth: number): void {
  const complexity = number(at(block, 'complexity')) ?? Number.POSITIVE_INFINITY
  if (at(block, 'type') !== 'class' && complexity > radonLimits.warning) {
    const name = [text(at(block, 'classname')), text(at(block, 'name')) ?? 'a block'].filter(Boolean).join('.')
    findings.add({
      rule: 'complexity',
      severity: complexity > radonLimits.error ? 'error' : 'warning',
      message: `${name} has a complexity of ${Number.isFinite(complexity) ? complexity : 'no number'} (rank ${text(at(block, 'rank')) ?? 'unknown'})`,
      tool: 'Radon',
      ...placeOf({
        file: normalisePath(path),
        line: number(at(block, 'lineno')),
        end_line: number(at(block, 'endline')),
      }),
    })
  }
  if (depth < 64) for (const closure of items(at(block, 'closures')) ?? []) addBlock(closure, path, findings, depth + 1)
}

/** `lizard --xml` (cppncss): each function over Lizard's own limit of 15 is a finding. */
export const lizard: XmlReader = {
  format: 'lizard',
  recognised: 'the root element `cppncss`',
  proven: 'Lizard 1.24 (--xml)',
  kind: 'findings',
  family: 'xml',
  supports: (root) => root === 'cppncss',
  open(context) {
    const findings = new FindingsBuilder(context, ['lint'])
    let measure = ''
    let labels: string[] = []
    let values: string[] = []
    let name = ''
    let functions = 0
    let stated = 0
    return {
      open(element, attributes) {
        if (element === 'measure') [measure, labels] = [attributes['type'] ?? '', []]
        if (element === 'item') [name, values] = [attributes['name'] ?? '', []]
        if (element === 'sum' && measure === 'File' && attributes['label'] === 'Functions')
          stated += Number(attributes['value']) || 0
        return element === 'label' || element === 'value'
      },
      close(element, text) {
        if (element === 'label') labels.push((text ?? '').trim())
        if (element === 'value') values.push((text ?? '').trim())
        if (element !== 'item' || measure !== 'Function') return
        functions++
        const complexity = values[labels.indexOf('CCN')]
        if (complexity === undefined || !/^\d+$/.test(complexity))
          context.problems.error(`states no CCN of ${name.slice(0, 200)}`)
        else if (Number(complexity) > lizardLimit) findings.add(lizardRemark(name, complexity))
      },
      finish() {
        if (stated > functions) context.problems.error(`states ${stated} functions and lists ${functions}`)
        return findings.finish()
      },
    }
  },
}

function lizardRemark(item: string, complexity: string): Remark {
  const line = /:(\d+)$/.exec(item)
  const at = line ? item.lastIndexOf(' at ', line.index) : -1
  const name = at === -1 ? item : item.slice(0, at)
  const file = at === -1 ? undefined : item.slice(at + 4, line?.index)
  const message = `${name} has a complexity of ${complexity}`
  return remarkOf({ tool: 'Lizard', rule: 'complexity', severity: 'warning', message, file, line: line?.[1] })
}

const csv = /^\d+,(\d+),\d+,\d+,\d+,"(?:[^"]|"")*","((?:[^"]|"")*)","((?:[^"]|"")*)","(?:[^"]|"")*",(\d+),(\d+)$/

/** `lizard --csv`: each function over Lizard's own limit of 15 is a finding. */
export const lizardCsv = lineReader({
  format: 'lizard-csv',
  recognised: 'rows of its eleven columns, `3,1,20,2,3,"add@3-5@cart.py","cart.py","add","add(…)",3,5`',
  proven: 'Lizard 1.24 (--csv)',
  tool: 'Lizard',
  strict: true,
  remark(line) {
    const found = csv.exec(line)
    if (!found || Number(found[1]) <= lizardLimit) return undefined
    const [, complexity, file, name, start, end] = found
    const message = `${name?.replaceAll('""', '"')} has a complexity of ${complexity}`
    return remarkOf({
      tool: 'Lizard',
      rule: 'complexity',
      severity: 'warning',
      message,
      file,
      line: start,
      end_line: end,
    })
  },
  own: /^NLOC,CCN,token,/,
  clean: csv,
})
