import { FindingsBuilder, placeOf } from '../../build-findings.js'
import type { Severity } from '../../evidence.js'
import { normalisePath } from '../../paths.js'
import type { Attributes, XmlReader } from '../../reader.js'
import { gradeOf } from './lines.js'

const grades: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning', info: 'note', note: 'note' }

/** Checkstyle's XML, which many linters of other languages write too. */
export const checkstyle: XmlReader = {
  format: 'checkstyle',
  recognised: 'the root element `checkstyle`',
  proven: 'ESLint 8.57, Biome 2.6, ShellCheck 0.11, Hadolint 2.15, Checkstyle 10.21',
  kind: 'findings',
  family: 'xml',
  supports: (root) => root === 'checkstyle',
  open(context) {
    const findings = new FindingsBuilder(context, ['lint'])
    let file: string | undefined
    return {
      open(name, attributes) {
        if (name === 'file') file = attributes['name']
        else if (name === 'error') {
          // Checkstyle's own word for what a suppression hides without removing it.
          if (attributes['severity'] === 'ignore') findings.suppress(1)
          else findings.add(remarkOf(attributes, file))
        }
        return name === 'exception'
      },
      close(name, text) {
        if (name === 'exception')
          context.problems.error(
            `says that ${file ?? 'a file'} was not checked: ${(text ?? '').trim().split('\n', 1)[0]?.slice(0, 200)}`,
          )
        if (name === 'file') file = undefined
      },
      finish: () => findings.finish(),
    }
  },
}

function remarkOf(attributes: Attributes, file: string | undefined) {
  const source = attributes['source'] ?? ''
  const message = attributes['message']?.trim()
  const { rule, tool } = originOf(source)
  const whole = (name: string): number | undefined => (attributes[name] ? Number(attributes[name]) : undefined)
  return {
    rule: rule || 'checkstyle',
    severity: attributes['severity'] === undefined ? ('error' as const) : gradeOf(grades, attributes['severity']),
    // ESLint's formatter writes the rule behind the message once more.
    message: (message?.endsWith(` (${rule})`) ? message.slice(0, -rule.length - 3) : message) || 'no message is given',
    ...(tool === undefined ? {} : { tool }),
    ...placeOf({ file: file && normalisePath(file), line: whole('line'), column: whole('column') }),
  }
}

/** The tool, where `source` says so, and the rule without the tool's prefix. */
function originOf(source: string): { rule: string; tool?: string } {
  if (source.startsWith('com.puppycrawl.tools.checkstyle.'))
    return { rule: source.slice(source.lastIndexOf('.') + 1), tool: 'Checkstyle' }
  if (source.startsWith('eslint.rules.')) return { rule: source.slice('eslint.rules.'.length), tool: 'ESLint' }
  if (source.startsWith('ShellCheck.')) return { rule: source.slice('ShellCheck.'.length), tool: 'ShellCheck' }
  return { rule: source }
}
