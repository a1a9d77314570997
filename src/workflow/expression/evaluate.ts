import type { Dictionary, ExpressionData } from '@actions/expressions/data/index'
import { Evaluator } from '@actions/expressions/evaluator'
import { truthy } from '@actions/expressions/result'
import type { Json } from '../../base/json.js'
import type { Expression } from './compile.js'
import { fromData, LazyMap, toData } from './data.js'
import type { Value } from './data.js'
import { functionsFor } from './functions.js'
import type { Answers } from './functions.js'
import type { Template } from './template.js'

/** Contexts by name; one that is a function is made when it is asked for. */
export type Contexts = Readonly<Record<string, Value | (() => Value)>>

/** What expressions see at one place of a run. Values are converted once, when first read. */
export class Environment {
  readonly #make: () => { contexts: Contexts; answers: Answers }
  #ready: { root: Dictionary; functions: ReturnType<typeof functionsFor> } | undefined

  constructor(make: () => { contexts: Contexts; answers: Answers }) {
    this.#make = make
  }

  /** Most texts hold no expression, so what evaluation needs is made for the first that does. */
  get #tools(): { root: Dictionary; functions: ReturnType<typeof functionsFor> } {
    if (this.#ready) return this.#ready
    const { contexts, answers } = this.#make()
    const get = (key: string): Value | undefined => {
      if (!Object.hasOwn(contexts, key)) return undefined
      const value = contexts[key]
      return typeof value === 'function' ? value() : value
    }
    this.#ready = {
      root: toData(new LazyMap(() => Object.keys(contexts), get)) as Dictionary,
      functions: functionsFor(answers),
    }
    return this.#ready
  }

  /** Replaces every expression by its text, as GitHub does: null is empty, mappings and lists are `Object` and `Array`. */
  text(template: Template): string {
    const [first] = template.parts
    if (template.parts.length <= 1)
      return typeof first === 'string' ? first : first ? this.#run(first).coerceString() : ''
    return template.parts.map((part) => (typeof part === 'string' ? part : this.#run(part).coerceString())).join('')
  }

  /** The typed value of a text that is one expression; of any other, its text. */
  value(template: Template): Json {
    const [only] = template.parts
    return template.parts.length === 1 && only !== undefined && typeof only !== 'string'
      ? fromData(this.#run(only))
      : this.text(template)
  }

  /** Whether a condition holds, by GitHub's truth: false, 0, '' and null are false. */
  holds(template: Template): boolean {
    const [only] = template.parts
    if (template.parts.length === 1 && only !== undefined && typeof only !== 'string') return truthy(this.#run(only))
    return this.text(template) !== ''
  }

  #run(expression: Expression): ExpressionData {
    try {
      const { root, functions } = this.#tools
      return new Evaluator(expression.tree, root, functions).evaluate()
    } catch (cause) {
      throw new EvaluationError(expression.text, cause)
    }
  }
}

/** An expression that parsed, and failed on the values of this run. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError'
  constructor(expression: string, cause: unknown) {
    super(`\${{ ${expression} }}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
