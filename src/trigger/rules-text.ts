import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { BaseRules, FoundRules } from './rules.js'

/**
 * An input of an action is a variable of its process, of which Linux takes 128 KB; the last job is given the outputs of all others as one.
 */
const maxText = 32 * 1024
const maxBytes = 8 * 2 ** 20

/** What one job found out of the rules, in plain words. */
interface Told extends Pick<BaseRules, 'sha' | 'name' | 'mergeBase' | 'mayBeOwn' | 'notes'> {
  version: 1
  file: { path: string; text: string } | null
  /** The workflow file where the change left the base, where it is another than that of the base. */
  fork: string | null
}

/**
 * The rules of a base as one word of at most 32 KB, in which one job hands them to others, so that each need not ask GitHub for them; nothing
 * where there are none, or where they are longer.
 */
export async function rulesText(found: FoundRules): Promise<string | undefined> {
  if (found.of !== 'base') return undefined
  const { sha, name, mergeBase, mayBeOwn, notes, file } = found
  const text = file && (await file.text())
  if (text && !text.ok) return undefined
  const told: Told = {
    version: 1,
    sha,
    name,
    mergeBase,
    mayBeOwn,
    notes,
    file: file && text ? { path: file.path, text: text.value } : null,
    fork: (await found.fork()) ?? null,
  }
  const word = deflateRawSync(JSON.stringify(told)).toString('base64url')
  return word.length <= maxText ? word : undefined
}

/** The rules in such a word; nothing for anything else. */
export function rulesIn(word: string): BaseRules | undefined {
  try {
    const json = inflateRawSync(Buffer.from(word, 'base64url'), { maxOutputLength: maxBytes }).toString('utf8')
    const { version, file, fork, ...rest } = JSON.parse(json) as Told
    if (version !== 1 || typeof rest.sha !== 'string') return undefined
    const text = async () => ({ ok: true as const, value: file?.text ?? '' })
    return {
      of: 'base',
      ...rest,
      file: file && { path: file.path, is: (own) => own === file.text, text },
      fork: async () => fork ?? undefined,
    }
  } catch {
    return undefined
  }
}
