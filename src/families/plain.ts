/** What most decoders have in common: a table spreads these, and says after them what is different. */
import type { Config } from './config.ts'
import type { AttentionSpec, DecoderSpec, LayerSpec } from './spec.ts'

export const PLAIN = {
  embedding: { scale: 1, norm: false, width: null },
  normPlacement: 'before',
  finalNorm: true,
  residual: 'sequential',
  residualScale: 1,
  logits: { scale: 1, softcap: 0, bias: false },
} satisfies Partial<DecoderSpec>

export const PLAIN_ATTENTION = { softcap: 0, sinks: false, clip: 0, qkNorm: null } satisfies Partial<AttentionSpec>

/** Layers that are all alike: as many as `field` says. */
export const sameLayers = (config: Config, field: string, layer: LayerSpec): LayerSpec[] =>
  Array.from({ length: layerCount(config, field) }, () => layer)

// Far above any real model. Tables are made from these sizes before a file's tensors show that they are true.
const MOST_LAYERS = 1 << 10
export const MOST_WIDTH = 1 << 17
export const MOST_HEADS = 1 << 10

export const layerCount = (config: Config, field: string): number => config.size(field, undefined, MOST_LAYERS)

/** Width and heads of models whose heads share the width without rest. */
export function widthAndHeads(config: Config, widthField: string, headsField: string) {
  const width = config.size(widthField, undefined, MOST_WIDTH)
  const heads = config.size(headsField, undefined, MOST_HEADS)
  config.require(width % heads === 0, widthField, `a multiple of ${headsField} (${heads})`)
  return { width, heads, headDim: width / heads }
}
