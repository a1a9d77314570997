import { parseJson } from './parse-json.js'
import { Places } from './places.js'
import { caps, isMembers, Unreadable } from './values.js'
import type { Members } from './values.js'

/** A file that was read: its value, and where each part stands. */
export interface Document {
  path: string
  value: Members
  places: Places
}

/** Reads YAML or JSON within the caps, or says why it cannot. */
export async function readDocument(path: string, text: string): Promise<Document | { unread: string; line: number }> {
  const isJson = path.endsWith('.json')
  const max = isJson ? caps.jsonBytes : caps.yamlBytes
  if (Buffer.byteLength(text) > max) return { unread: `it is larger than ${max / 2 ** 20} MB`, line: 1 }
  const places = new Places(path)
  try {
    const value = isJson ? parseJson(text, places) : (await import('./parse-yaml.js')).parseYaml(text, places)
    return isMembers(value) ? { path, value, places } : { unread: 'it is no mapping', line: 1 }
  } catch (cause) {
    if (cause instanceof Unreadable) return { unread: cause.reason, line: cause.line }
    throw cause
  }
}
