import type { Reader } from '../../reader.js'
import { benchmarkCargo } from './benchmark-cargo.js'
import { benchmarkCatch2 } from './benchmark-catch2.js'
import { benchmarkCustom } from './benchmark-custom.js'
import { benchmarkDotnet } from './benchmark-dotnet.js'
import { benchmarkGo } from './benchmark-go.js'
import { benchmarkGoogle } from './benchmark-google.js'
import { benchmarkJmh } from './benchmark-jmh.js'
import { benchmarkJs } from './benchmark-js.js'
import { benchmarkJulia } from './benchmark-julia.js'
import { benchmarkLuau } from './benchmark-luau.js'
import { benchmarkPytest } from './benchmark-pytest.js'
import { hyperfine } from './hyperfine.js'

/** Readers of benchmarks, in the order in which they are asked whether a report is theirs. */
export const benchmarks = [
  benchmarkPytest,
  benchmarkGoogle,
  benchmarkDotnet,
  benchmarkJmh,
  benchmarkJulia,
  hyperfine,
  benchmarkCustom,
  benchmarkCargo,
  benchmarkGo,
  benchmarkCatch2,
  benchmarkLuau,
  benchmarkJs,
] as const satisfies readonly Reader[]
