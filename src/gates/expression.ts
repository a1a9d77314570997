import type { Json } from '../base/json.js'
import { Environment, EvaluationError } from '../workflow/expression/evaluate.js'
import type { Gate } from './gate.js'
import { sightOf } from './sight.js'
import { unaffectedText } from './unaffected.js'
import type { Figure } from './verdict.js'

/** One expression over all evidence; a name without a value is no data, and no failure. */
export const expressionGate: Gate = {
  name: 'expression',
  subject: 'evidence',
  sees: () => true,
  isBlind: true,
  measure(evidence, { expression }, scene) {
    if (!expression) throw new Error('an expression gate has an expression')
    const { contexts, read, missing } = sightOf(evidence, scene)
    const text = expression.source.replace(/^\s*\$\{\{([^]*)\}\}\s*$/, '$1').trim()
    const nothing = { measures: [], told: [], passed: '' }
    const no = (): boolean => false
    const answers = { success: no, failure: no, always: no, cancelled: no, hashFiles: () => '' }
    try {
      const holds = new Environment(() => ({ contexts, answers })).holds(expression)
      const told = [...read].map(([name, value]): Figure => ({ name, value: shown(value), met: true }))
      const [first] = missing
      if (first && scene.unaffected) return { ...nothing, told, passed: unaffectedText(scene.unaffected) }
      if (first) {
        const reason = `\`${first.name}\` is not known: ${first.why}`
        return {
          ...nothing,
          told,
          empty: { reason, mend: 'let a step leave what it asks for, or ask first whether it is known' },
        }
      }
      const figures = told.map(({ name, value }) => `${name} ${value}`).join(', ')
      const fault = { reason: `\`${text}\` does not hold: ${figures}`, mend: 'mend what the figures tell' }
      return holds ? { ...nothing, told, passed: figures } : { ...nothing, told, faults: [fault] }
    } catch (cause) {
      if (!(cause instanceof EvaluationError)) throw cause
      return { ...nothing, empty: { reason: cause.message, mend: 'mend the expression' } }
    }
  },
}

const shown = (value: Json): string =>
  typeof value === 'number' ? String(Math.round(value * 100) / 100) : JSON.stringify(value)
