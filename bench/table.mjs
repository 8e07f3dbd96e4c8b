/** What was measured, as lines of text. */

/** @typedef {import('./rounds.mjs').Measured} Measured */

const COLUMNS = /** @type {const} */ ([
  ['', 15],
  ['context', 7],
  ['load s', 6],
  ['prompt tokens', 13],
  ['first ms', 8],
  ['prefill/s', 9],
  ['decode/s', 8],
  ['cpu ms a token:', 15],
  ['prefill', 7],
  ['decode', 7],
])

/** @param {readonly string[]} cells */
const line = (cells) => COLUMNS.map(([, width], i) => (cells[i] ?? '').padStart(width)).join('  ')

export const HEADING = line(COLUMNS.map(([name]) => name))

/** @param {Measured} measured */
export function row({ name, info, context, promptTokens, writtenTokens, prefill, decode }) {
  return line([
    name,
    String(context),
    (info.loadMs / 1000).toFixed(1),
    String(promptTokens),
    prefill.wallMs.toFixed(0),
    digits((promptTokens / prefill.wallMs) * 1000),
    digits((writtenTokens / decode.wallMs) * 1000),
    '',
    digits(prefill.cpuMs / promptTokens),
    digits(decode.cpuMs / writtenTokens),
  ])
}

/** What one token asks of WebGPU, in a line; none where that is not known. @param {Measured} measured */
export function calls({ perToken }) {
  if (!perToken) return ''
  const { dispatches, passes, submits, objects, bytesWritten, bytesRead } = perToken
  const each = { dispatches, passes, submits, objects, 'bytes written': bytesWritten, 'bytes read': bytesRead }
  const words = Object.entries(each).map(([call, n]) => `${Number(n.toFixed(2))} ${call}`)
  return `  a token: ${words.join(', ')}\n`
}

/** How many times as fast `after` is. @param {Measured} after @param {Measured} before */
export function compared(after, before) {
  const times = (/** @type {'prefill' | 'decode'} */ step) => {
    const [cpu, wall] = /** @type {const} */ (['cpuMs', 'wallMs']).map((clock) =>
      (before[step][clock] / after[step][clock]).toFixed(2),
    )
    return `${step} ${cpu}× (${wall}× by the clock)`
  }
  return `  as fast as ${before.name}: ${times('prefill')}, ${times('decode')}`
}

/**
 * Time by kernel, the longest first; shares are of what this device's own kernels for reading and for arithmetic reach.
 * @param {import('../src/index.ts').Profile} profile
 */
export function kernelTable({ peak, kernels }) {
  const totalMs = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const shown = kernels.toSorted((a, b) => b.milliseconds - a.milliseconds)
  const cells = shown.map(({ kernel, weight, layout, dispatches, milliseconds, bytes, flops }) => {
    const seconds = milliseconds / 1000
    return [
      [kernel, layout, weight].filter(Boolean).join(' '),
      String(dispatches),
      milliseconds.toFixed(3),
      percent(milliseconds / totalMs),
      bytes ? (bytes / seconds / 1e9).toFixed(2) : '',
      bytes ? percent(bytes / seconds / peak.bytesPerSecond) : '',
      flops ? (flops / seconds / 1e9).toFixed(1) : '',
      flops ? percent(flops / seconds / peak.flopsPerSecond) : '',
    ]
  })
  const reached = `${(peak.bytesPerSecond / 1e9).toFixed(1)} GB/s read, ${(peak.flopsPerSecond / 1e9).toFixed(0)} GFLOP/s`
  const heading = ['kernel', 'dispatches', 'ms', 'share', 'GB/s', 'of read', 'GFLOP/s', 'of arithmetic']
  const lines = [heading, ...cells].map(([kernel = '', ...numbers]) =>
    [
      '   ',
      kernel.padEnd(34),
      ...numbers.map((text, i) => text.padStart(heading[i + 1]?.length ?? 0).padStart(7)),
    ].join('  '),
  )
  return [`    ${totalMs.toFixed(2)} ms in all; this device: ${reached}`, ...lines].join('\n')
}

/** @param {number} share */
const percent = (share) => `${(share * 100).toFixed(1)}%`

/** Three significant digits. @param {number} n */
const digits = (n) => (n >= 100 ? n.toFixed(0) : n.toPrecision(3))
