/** What is told of browser and GPU, beside what the engine says. */

export interface Limits {
  /** Bytes. */
  readonly buffer: number
  readonly binding: number
  readonly shared: number
  readonly threads: number
}

/** Of the GPU that the engine uses; undefined where there is none. */
export async function limitsOfGpu(): Promise<Limits | undefined> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) return undefined
  const { limits } = adapter
  return {
    buffer: limits.maxBufferSize,
    binding: limits.maxStorageBufferBindingSize,
    shared: limits.maxComputeWorkgroupStorageSize,
    threads: limits.maxComputeInvocationsPerWorkgroup,
  }
}

/** Whether this browser multiplies packed bytes, without which a model is not loaded with `arithmetic: 'int8'`. */
export const multipliesBytes = (): boolean =>
  navigator.gpu?.wgslLanguageFeatures.has('packed_4x8_integer_dot_product') ?? false

/** "Chromium 156, Linux"; what the browser calls itself where it says no more. */
export function browserName(): string {
  const { userAgent, userAgentData: data } = navigator as Navigator & { readonly userAgentData?: UserAgentData }
  // One of the brands is made up, so that nobody counts on their number; the most particular one comes last.
  const brand = data?.brands.filter(({ brand }) => !/not.*brand/i.test(brand)).at(-1)
  if (brand) return [`${brand.brand} ${brand.version}`, data?.platform].filter(Boolean).join(', ')
  const [, firefox, , safari] = /(Firefox\/(\d+))|Version\/([\d.]+).*Safari/.exec(userAgent) ?? []
  const system = /\(([^;)]+)/.exec(userAgent)?.[1]
  const name = firefox?.replace('/', ' ') ?? (safari ? `Safari ${safari}` : userAgent)
  return [name, system].filter(Boolean).join(', ')
}

/** Not in TypeScript's own types, as not every browser has it. */
interface UserAgentData {
  readonly brands: readonly { readonly brand: string; readonly version: string }[]
  readonly platform: string
}
