import type { GatesFile, Threshold } from '../language/gates.js'
import { gateDefaults, gateNames } from '../language/names.js'
import type { GateName } from '../language/names.js'
import { readAmount } from './amount.js'
import type { Amount } from './amount.js'
import { contractKeys, readContracts } from './contracts.js'
import { readConventions } from './conventions.js'
import { dependencyKeys, readDependencies } from './dependencies.js'
import { parseCondition } from './expression/template.js'
import type { Template } from './expression/template.js'
import type { ByTarget, GateSetting, GateSettings } from './model.js'

type GateFile = GatesFile[GateName]
type ObjectGate = Exclude<NonNullable<GatesFile[Exclude<GateName, 'duration' | 'expression'>]>, 'off'>
const notThresholds = new Set([
  'per-instance',
  'suites',
  'markers',
  'new-only',
  'flaky',
  'quarantine',
  'required',
  'required-markers',
  'scan',
])
/** Keys of gates that are no thresholds. */
const conventionKeys = new Set(['commits', 'title', 'branches', 'instructions', 'env-files'])
const keysOf: Partial<Record<GateName, ReadonlySet<string>>> = {
  conventions: conventionKeys,
  dependencies: dependencyKeys,
  contracts: contractKeys,
}
/** Keys that bound nothing: with them alone a gate has its default all the same. */
const notLimits = new Set(['files-under'])

/** What a stage demands, with defaults filled in; `condition` reads an expression. */
export function readGates(
  file: GatesFile | undefined,
  condition: (text: string) => Template = (text) => parseCondition(text).template,
): GateSettings {
  const settings: GateSettings = {}
  for (const gate of gateNames) {
    const written = file?.[gate]
    if (written === undefined) continue
    settings[gate] = readGate(gate, written)
    if (gate === 'expression' && typeof written === 'string') settings[gate].expression = condition(written)
  }
  return settings
}

/** The setting that judges `gate` where no gate is written; nothing for those that are judged only on request. */
export const impliedGate = (gate: GateName): GateSetting | undefined =>
  gateDefaults[gate].always ? readGate(gate, {}) : undefined

/** The name of the threshold of a gate that is nothing else: `duration: 10m`. */
export const whole = ''

function readGate(gate: GateName, written: NonNullable<GateFile>): GateSetting {
  const bare = { off: false, perInstance: false, thresholds: {}, suites: {} }
  if (written === 'off') return { ...bare, off: true }
  if (gate === 'expression') return bare
  if (gate === 'duration') return { ...bare, thresholds: readThresholds({ [whole]: written as Threshold<string> }) }
  return readThresholdsAndOptions(gate, written as ObjectGate)
}

function readThresholdsAndOptions(gate: GateName, written: ObjectGate): GateSetting {
  const options = keysOf[gate] ?? notThresholds
  const entries = Object.entries(written).filter(([key]) => !options.has(key)) as [string, Threshold<string | number>][]
  const suites = 'suites' in written ? (written.suites ?? {}) : {}
  const markers = 'markers' in written ? written.markers : undefined
  return {
    off: false,
    perInstance: 'per-instance' in written ? (written['per-instance'] ?? false) : false,
    ...optionsOf(written),
    // A policy holds for what was there before as well.
    ...(gate === 'conventions'
      ? { newOnly: false, conventions: readConventions(written as Parameters<typeof readConventions>[0]) }
      : {}),
    ...(gate === 'dependencies'
      ? { newOnly: false, dependencies: readDependencies(written as Parameters<typeof readDependencies>[0]) }
      : {}),
    ...(gate === 'contracts'
      ? { newOnly: false, contracts: readContracts(written as Parameters<typeof readContracts>[0]) }
      : {}),
    thresholds: withDefaults(gate, Object.fromEntries(entries)),
    suites: partsOf(gate, suites),
    ...(markers ? { markers: partsOf(gate, markers) } : {}),
  }
}

type Limits = Record<string, Threshold<string | number>>

/** The thresholds that are written, with the defaults of those that the gate has by itself. */
function withDefaults(gate: GateName, written: Limits): Record<string, ByTarget<Amount>> {
  const defaults = gateDefaults[gate]
  const isBare = Object.keys(written).every((key) => notLimits.has(key))
  return readThresholds(defaults.always || defaults.each || isBare ? { ...defaults.thresholds, ...written } : written)
}

/** Thresholds by suite or marker. */
const partsOf = (gate: GateName, parts: Record<string, Limits>): GateSetting['suites'] =>
  Object.fromEntries(Object.entries(parts).map(([name, limits]) => [name, withDefaults(gate, limits)]))

/** What a gate says besides thresholds. */
function optionsOf(written: ObjectGate): Partial<GateSetting> {
  const options: Partial<GateSetting> = {}
  if ('new-only' in written) options.newOnly = written['new-only']
  if ('scan' in written) options.scan = written.scan
  if ('flaky' in written) options.flaky = written.flaky
  if ('quarantine' in written) options.quarantine = written.quarantine
  if ('required' in written) options.required = written.required
  if ('required-markers' in written) options.requiredMarkers = written['required-markers']
  return options
}

function readThresholds(file: Record<string, Threshold<string | number>>): Record<string, ByTarget<Amount>> {
  return Object.fromEntries(
    Object.entries(file).map(([name, threshold]) => {
      if (typeof threshold !== 'object') return [name, { default: readAmount(threshold), targets: {} }]
      const { default: rest, ...targets } = threshold
      const byTarget = Object.fromEntries(Object.entries(targets).map(([target, v]) => [target, readAmount(v)]))
      return [name, { ...(rest === undefined ? {} : { default: readAmount(rest) }), targets: byTarget }]
    }),
  )
}
