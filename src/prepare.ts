import type { Diagnostic } from './base/diagnostic.js'
import { fail, ok } from './base/result.js'
import type { Result } from './base/result.js'
import { namesOf, readChange, whyAbsent } from './change-file.js'
import { homeOf } from './options.js'
import type { Prepared, RunOptions } from './options.js'
import type { Ports } from './ports.js'
import { localBase } from './trigger/checkout.js'
import { namesBase } from './trigger/event.js'
import { findRules } from './trigger/rules.js'
import { readContext } from './trigger/trigger.js'

/** Reads the file, the event and git into a plan; every mistake of the user's is told, nothing runs. */
export async function prepare(options: RunOptions, ports: Ports): Promise<Result<Prepared, Diagnostic>> {
  const { resume, folder, target, part } = options
  if (part) {
    const prepared = await prepareNew(options, ports)
    return prepared.ok ? (await import('./part.js')).preparePart(prepared.value, { part, folder }, ports) : prepared
  }
  if (!resume) return prepareNew(options, ports)
  const { prepareResumed } = await import('./resume.js')
  const again = async (known: string) =>
    prepareNew(options.event || target !== undefined ? options : { ...options, target: known }, ports)
  return prepareResumed({ home: homeOf(options), folder, resume }, ports, again)
}

async function prepareNew(options: RunOptions, ports: Ports): Promise<Result<Prepared, Diagnostic>> {
  const { folder, event } = options
  const isTold = event !== undefined && options.base === undefined && namesBase(event)
  const base = isTold ? Promise.resolve(null) : localBase(ports.git, folder, options.base)
  const names = namesOf(options, ports.files)
  // Git is asked while the rest is loaded and the file is read; for the rules first, since they may have to be fetched.
  const [found, asked, { planned, change }] = await Promise.all([
    options.rules
      ? ok(options.rules)
      : findRules({ folder, ...names, own: options.ownRules ?? false, base, ...(event ? { event } : {}) }, ports),
    readContext(ports.git, folder, { ...options, found: base }),
    import('./planned.js').then(async (rest) => ({ ...rest, change: await readChange(options, ports) })),
  ])
  if (!change.loaded.ok && change.text !== undefined) return change.loaded
  if (!asked.ok) return asked
  if (!found.ok) return found
  const { checkout } = asked.value
  const absence = change.text === undefined && event ? await whyAbsent(options, checkout, ports) : undefined
  if (absence) return fail(absence)
  const local = event ? null : await base
  return planned({ known: asked.value, change, rules: found.value, base: local }, options, ports)
}
