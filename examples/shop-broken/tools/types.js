/**
 * Checks one thing that a type checker checks, because Node has none and this example installs nothing: a constant with
 * `@type {number}`, `{string}` or `{boolean}` that starts with a value of another type. It reports as the TypeScript
 * compiler does; in a repository of yours, write `npx tsc --noEmit --pretty false` instead, which knows far more.
 */
import { placeOf, sources } from './sources.js'

const declaration =
  /\/\*\* @type \{(number|string|boolean)\} \*\/\s*(?:export )?(?:const|let) (\w+) = ('[^'\n]*'|"[^"\n]*"|`[^`$]*`|-?\d[\d_.]*|true|false|null)\s*;?$/gm

/** @param {string} value as it is written */
function typeOf(value) {
  if (/^['"`]/.test(value)) return 'string'
  if (/^-?\d/.test(value)) return 'number'
  return value === 'null' ? 'null' : 'boolean'
}

for (const { path, text } of sources(['src'], '.js'))
  for (const { 0: match, 1: type, 2: name = '', 3: value = '', index = 0 } of text.matchAll(declaration)) {
    if (typeOf(value) === type) continue
    const { line, column } = placeOf(text, text.indexOf(name, index + match.indexOf('*/')))
    const message = `Type '${typeOf(value)}' is not assignable to type '${type}'.`
    process.stdout.write(`${path}(${line},${column}): error TS2322: ${message}\n`)
    process.exitCode = 2
  }
