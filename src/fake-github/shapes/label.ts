import { createHash } from 'node:crypto'
import type { Json } from '../../base/json.js'
import type { Repository } from '../state.js'
import type { World } from '../world.js'
import { apiOf, nodeId } from './addresses.js'

/** A `label`. */
export function labelShape(world: World, repository: Repository, name: string): Json {
  const id = createHash('sha1').update(name).digest().readUInt32BE(0)
  return {
    id,
    node_id: nodeId('Label', id),
    url: `${apiOf(world, repository)}/labels/${encodeURIComponent(name)}`,
    name,
    description: '',
    color: 'ededed',
    default: false,
  }
}
