import { json } from '../answer.js'
import type { Endpoint, OpenEndpoint } from '../call.js'
import { rateOf } from '../rate.js'
import { actions } from './actions.js'
import { checks } from './checks.js'
import { comments } from './comments.js'
import { contents } from './contents.js'
import { git } from './git.js'
import { objects } from './objects.js'
import { labels } from './labels.js'
import { pulls } from './pulls.js'
import { reports } from './reports.js'
import { reviews } from './reviews.js'

/** Every operation on a repository that the fake answers. One more is a row here and a name in scripts/openapi.mjs. */
export const endpoints: readonly Endpoint[] = [
  ...actions,
  ...checks,
  ...comments,
  ...contents,
  ...git,
  ...labels,
  ...objects,
  ...pulls,
  ...reports,
  ...reviews,
]

/** The operations that concern no repository. */
export const openEndpoints: readonly OpenEndpoint[] = [
  {
    operation: 'rate-limit/get',
    answer: ({ world, token }) => {
      const core = rateOf(world, token)
      const idle = { limit: 30, used: 0, remaining: 30, reset: core.reset }
      return json(200, { resources: { core, graphql: core, search: idle }, rate: core })
    },
  },
]
