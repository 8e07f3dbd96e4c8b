/** Engines: in a worker, or in this thread. */
import { LocalEngine } from './local.ts'
import { RemoteEngine } from './remote.ts'
import type { Engine, EngineOptions } from './types.ts'

/**
 * Opens the GPU.
 * @throws HeadlightError `no-webgpu`
 */
export function createEngine({ worker = true }: EngineOptions = {}): Promise<Engine> {
  return worker ? RemoteEngine.open() : LocalEngine.open()
}
