// The reference page of the workflow file, from its schema: one section a mapping, one row a key.
import { contexts, evidenceFields, gateFields, scopes } from '../build/language/scopes.js'

/** The reference page as Markdown. */
export function reference(schema) {
  const sections = []
  const deref = (node) =>
    node.$ref
      ? {
          ...schema.definitions[node.$ref.split('/').at(-1)],
          ...(node.description ? { description: node.description } : {}),
        }
      : node

  const shapes = (node) => {
    const list = (node.allOf ?? [])
      .filter((branch) => branch.if?.type)
      .map((branch) => [branch.if.type, deref(branch.then)])
    return list.length ? list : node.type ? [].concat(node.type).map((type) => [type, node]) : []
  }
  const kinds = (node) => {
    const found = []
    for (let at = node; at?.if?.required; at = at.else) found.push([at.if.required[0], deref(at.then)])
    return found
  }
  const typeOf = (node) => {
    if (node.const !== undefined) return `\`${node.const}\``
    if (node.enum) return node.enum.map((value) => `\`${value}\``).join(', ')
    return (
      shapes(node)
        .map(([type]) => type)
        .join(' or ') || 'any'
    )
  }
  const row = (key, node, required) => {
    const at = deref(node)
    const rest = [
      at.default === undefined ? '' : ` Default: \`${at.default}\`.`,
      at['x-example'] === undefined ? '' : ` Example: \`${at['x-example']}\`.`,
      at['x-expression'] ? ` Expressions: [${at['x-expression']}](#expressions).` : '',
    ].join('')
    return `| \`${key}\`${required ? ' (required)' : ''} | ${typeOf(at).replaceAll('|', '\\|')} | ${(at.description ?? '').replaceAll('|', '\\|')}${rest} |`
  }
  const visited = new Set()
  const walk = (title, raw) => {
    const node = deref(raw)
    if (!node || visited.has(`${title}`)) return
    visited.add(title)
    for (const [key, kind] of kinds(node)) walk(`${title}: ${key}`, kind)
    if (node.properties) {
      const rows = Object.entries(node.properties).map(([key, value]) => row(key, value, node.required?.includes(key)))
      sections.push(
        `## ${title}\n\n${node.description ?? ''}\n\n| key | value | meaning |\n|---|---|---|\n${rows.join('\n')}\n`,
      )
      for (const [key, value] of Object.entries(node.properties)) children(`${title}.${key}`, value)
    }
    if (node.additionalProperties && typeof node.additionalProperties === 'object')
      children(`${title}.<name>`, node.additionalProperties)
  }
  const children = (title, raw) => {
    const name = raw.$ref?.split('/').at(-1)
    const node = deref(raw)
    const at = name ? name : title
    if (kinds(node).length || node.properties || node.additionalProperties) walk(at, node)
    if (node.items) children(`${title}[]`, node.items)
    for (const [type, shape] of shapes(node)) {
      if (shape === node) continue
      if (type === 'array' && shape.items) children(at, shape.items)
      if (type === 'object') walk(at, shape)
    }
  }
  walk('workflow', schema)

  const scopeRows = Object.entries(scopes).map(
    ([name, { contexts: list, status }]) =>
      `| ${name} | ${list.map((c) => `\`${c}\``).join(', ')} | ${status ? '`success()`, `failure()`, `always()`, `cancelled()`' : ''} |`,
  )
  const contextRows = Object.entries(contexts).map(([name, text]) => `| \`${name}\` | ${text} |`)
  return [
    '# Reference of `.github/wf.yml`',
    '',
    'Made from the definitions in `src/language/`; an editor completes and checks the file by `schema/wf.schema.json`.',
    '',
    ...sections,
    '## Expressions',
    '',
    "`${{ }}` has GitHub's grammar and meaning. Functions: `contains`, `startsWith`, `endsWith`, `format`, `join`, `toJSON`, `fromJSON`, `hashFiles`, `case`.",
    '',
    '| scope | contexts | status functions |',
    '|---|---|---|',
    ...scopeRows,
    '',
    '| context | holds |',
    '|---|---|',
    ...contextRows,
    '',
    '### Evidence in expressions',
    '',
    'Counts are numbers, the shares of coverage percentages (`81.5`), and `tests.failed` holds tests with an error too. Without reports of a kind its fields are null.',
    '',
    '| evidence | fields |',
    '|---|---|',
    ...Object.entries(evidenceFields).map(
      ([kind, fields]) => `| \`evidence.${kind}\` | ${fields.map((f) => `\`${f}\``).join(', ')} |`,
    ),
    '',
    'The expression of a gate sees the same without `evidence.`, and more; `findings.new` holds the fields of findings again. A name without a value leaves the gate without data.',
    '',
    '| in a gate | fields |',
    '|---|---|',
    ...Object.entries(gateFields).map(
      ([kind, fields]) => `| \`${kind}\` | ${fields.map((f) => `\`${f}\``).join(', ')} |`,
    ),
    '',
  ].join('\n')
}
