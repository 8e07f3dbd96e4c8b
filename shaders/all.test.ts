/** Every kernel: its shader compiles without a word, and binds what its definition says. */
import { expect, test } from 'vitest'
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js'
import { sourceOf } from '../src/gpu/pipelines.ts'
import { gpu } from '../test/gpu.ts'
import type { Access, Bindings, Kernel, Lanes, WeightLayout } from './kernel.ts'
import { softmax } from './softmax.ts'
import { accessors } from './weights/index.ts'

type AnyKernel = Kernel<Bindings, never>

const modules = import.meta.glob<Record<string, unknown>>(['./*.ts', '!./*.test.ts', '!./kernel.ts'], { eager: true })
const isKernel = (value: unknown): value is AnyKernel => typeof value === 'object' && value !== null && 'entry' in value
const kernels = Object.values(modules).flatMap((module) => Object.values(module).filter(isKernel))

/** Sources that this device may be given for a kernel: each weight layout with each way to add up and to share. */
function sources(kernel: AnyKernel): string[] {
  const { features } = gpu.device
  const sums: Lanes['sum'][] = kernel.lanes && features.has('subgroups') ? ['subgroup', 'workgroup'] : ['workgroup']
  const reads = Object.values(kernel.bindings).includes('weight')
  const layouts = reads ? (Object.keys(accessors) as WeightLayout[]) : [undefined]
  const shares: Pick<Lanes, 'tiles' | 'halves'>[] = [{ tiles: 'shared' }]
  if (kernel.tiles && features.has('subgroups')) shares.push({ tiles: 'quads' })
  if (kernel.halves && features.has('shader-f16')) shares.push({ tiles: 'shared', halves: 'threads' })
  const size = { count: 8, least: 8, team: 1 }
  return sums.flatMap((sum) =>
    shares.flatMap((ways) => layouts.map((layout) => sourceOf(kernel, { sum, ...ways, ...size }, layout, 'f16'))),
  )
}

/** What is wrong with a kernel whose whole source is `source`: nothing, one would hope. */
async function faults(kernel: AnyKernel, source: string): Promise<string[]> {
  gpu.device.pushErrorScope('validation')
  const module = gpu.device.createShaderModule({ label: kernel.entry, code: source })
  const { messages } = await module.getCompilationInfo()
  await gpu.device.popErrorScope() // says what the messages say
  if (messages.length) return messages.map(({ type, lineNum, message }) => `${type}, line ${lineNum}: ${message}`)

  const shader = new WgslReflect(source)
  const found = shader.getBindGroups().flatMap((group, index) =>
    group.map((variable) => {
      const access = shader.uniforms.includes(variable) ? 'uniform' : variable.access
      return `${index}.${variable.binding} ${variable.name}: ${access}`
    }),
  )
  const declared = Object.entries(kernel.bindings).map(
    ([name, access], binding) => `0.${binding} ${name}: ${ACCESS[access]}`,
  )
  const differ = found.join() === declared.join() ? [] : [`binds ${found.join(', ')}; declared ${declared.join(', ')}`]
  const entries = shader.entry.compute.map(({ name }) => name)
  return entries.join() === kernel.entry ? differ : [...differ, `enters at ${entries}; declared ${kernel.entry}`]
}

const ACCESS: Readonly<Record<Access, string>> = {
  read: 'read',
  weight: 'read',
  write: 'read_write',
  uniform: 'uniform',
}

test.each(kernels)('$entry', async (kernel) => {
  for (const source of sources(kernel)) expect(await faults(kernel, source)).toEqual([])
})

test('every shader has a definition', () => {
  const files = Object.keys(import.meta.glob('./*.wgsl', { query: '?raw' }))
  expect(kernels.length).toBe(files.length)
})

test.each<[fault: string, wrong: AnyKernel]>([
  ['binds', { ...softmax, bindings: { sinks: 'read', scores: 'write', step: 'uniform' } }],
  ['binds', { ...softmax, bindings: { scores: 'read', sinks: 'read', step: 'uniform' } }],
  ['binds', { ...softmax, bindings: { scores: 'write', sinks: 'read', step: 'uniform', mask: 'read' } }],
  ['enters', { ...softmax, entry: 'weights' }],
  [
    'error, line',
    { ...softmax, code: softmax.code.replace('workgroupBarrier();', 'if (sum > 0) { workgroupBarrier(); }') },
  ],
  ['warning, line', { ...softmax, code: `${softmax.code}\nfn odd() { return; let x = 1; }` }],
])('finds what %s wrong', async (fault, wrong) => {
  expect((await faults(wrong, wrong.code))[0]).toContain(fault)
})
