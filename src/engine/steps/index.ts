import type { StepKinds } from '../kind.js'
import { assertHolds } from './assert.js'
import { choose } from './choose.js'
import { plugin } from './plugin.js'
import { runScript } from './run.js'
import { template } from './template.js'
import { webhook } from './webhook.js'

const simple = { run: runScript, assert: assertHolds, template, webhook, plugin }

/** The step kinds of the language, each with its implementation. */
export const stepKinds: StepKinds = { ...simple, choose: choose(simple) }
