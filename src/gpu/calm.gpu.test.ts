import { expect, test, vi } from 'vitest'
import { gpu } from '../../test/gpu.ts'
import { calmly } from './calm.ts'

test('Dawn, awaited calmly, does not fill the turns of the event loop', async () => {
  const { queue } = gpu.device
  const immediate = vi.spyOn(globalThis, 'setImmediate')
  await calmly(() => queue.onSubmittedWorkDone())
  expect(immediate).not.toHaveBeenCalled()
  await queue.onSubmittedWorkDone() // else src/gpu/calm.ts is no longer needed
  expect(immediate).toHaveBeenCalled()
  immediate.mockRestore()
})
