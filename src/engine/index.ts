/** Engines: in a worker, or in this thread. */
import { RemoteEngine } from './remote.ts'
import type { Engine, EngineOptions } from './types.ts'

/**
 * Opens the GPU.
 * @throws HeadlightError `no-webgpu`
 */
export async function createEngine({ worker = true, ...hub }: EngineOptions = {}): Promise<Engine> {
  if (worker) return RemoteEngine.open(hub)
  const { LocalEngine } = await import('./local.ts') // a page whose engine is in a worker needs not fetch it
  return LocalEngine.open(hub)
}
