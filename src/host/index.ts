import type { Ports } from '../ports.js'
import { hostClock } from './clock.js'
import { hostFiles } from './files.js'
import { hostGit } from './git.js'
import { hostModules } from './modules.js'
import { hostProcesses } from './processes.js'
import { hostRandom } from './random.js'
import { hostTerminal } from './terminal.js'

/** The real outside world: this machine, its git, its network and its terminal. Steps and git inherit `environment`, else that of the process. */
export function hostPorts(environment?: Readonly<Record<string, string>>): Ports {
  const processes = hostProcesses()
  return {
    processes: environment ? { ...processes, environment } : processes,
    files: hostFiles(),
    // Git runs what steps may have left in its settings, so it sees no more than they do.
    git: hostGit(environment),
    // With what it brings along it costs milliseconds, and few runs ask anything over HTTP.
    http: { request: async (request, signal) => (await import('./http.js')).hostHttp().request(request, signal) },
    sockets: { connect: async (server) => (await import('./sockets.js')).hostSockets().connect(server) },
    clock: hostClock(),
    random: hostRandom(),
    terminal: hostTerminal(),
    modules: hostModules(),
  }
}
