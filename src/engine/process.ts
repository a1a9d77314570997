import type { Ending } from '../journal/events.js'
import type { Clock, RunningProcess } from '../ports.js'
import type { StepCall } from './kind.js'

/** How long a process group may take to end after each signal, in milliseconds. */
const patience = { interrupt: 3000, terminate: 2000 }

/** Runs a program to its end. When the attempt is stopped its group gets SIGINT, after 3 s SIGTERM, after 2 s more SIGKILL. */
export async function runProcess(call: StepCall, argv: readonly [string, ...string[]]): Promise<Ending> {
  if (call.stop.halted) return { kind: 'cancelled' }
  const running = call.ports.processes.start({
    argv,
    cwd: call.folder,
    env: call.variables,
    onOutput: (stream, chunk) => call.print(stream, chunk),
    ...(call.room ? { room: call.room } : {}),
  })
  call.started?.()
  const cancel = stopWhenAsked(running, call.ports.clock, call)
  const exit = await running.done.finally(cancel)
  if (exit.kind === 'exited') return { kind: 'exit', code: exit.code }
  return exit.kind === 'signalled' ? { kind: 'signal', signal: exit.signal } : { kind: 'error', message: exit.reason }
}

function stopWhenAsked(
  running: RunningProcess,
  clock: Clock,
  { stop, kill }: Pick<StepCall, 'stop' | 'kill'>,
): () => void {
  let next: (() => void) | undefined
  const forgetStop = stop.on(() => {
    running.signal('SIGINT')
    next = clock.after(patience.interrupt, () => {
      running.signal('SIGTERM')
      next = clock.after(patience.terminate, () => running.signal('SIGKILL'))
    })
  })
  const forgetKill = kill.on(() => running.signal('SIGKILL'))
  return () => {
    next?.()
    forgetStop()
    forgetKill()
  }
}
