import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { drivers } from './scripts/drivers.ts'

const SHADER_TESTS = 'shaders/**/*.test.ts'
const GPU_TESTS = '{src,test}/**/*.gpu.test.ts'

export default defineConfig({
  base: './', // works from any folder of any host
  plugins: [react()],
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['{src,test,scripts}/**/*.test.ts'], exclude: [GPU_TESTS], environment: 'node' } },
      // The same GPU tests on each Vulkan driver at hand. One process a driver: devices and pipelines are shared.
      ...drivers().map(({ name, icd }) => ({
        extends: true as const,
        test: {
          name,
          include: [SHADER_TESTS, GPU_TESTS],
          environment: 'node' as const,
          env: { VK_ICD_FILENAMES: icd, VK_DRIVER_FILES: icd },
          pool: 'forks' as const,
          isolate: false,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      })),
    ],
  },
})
