/** Layers as fairseq names them: OPT, XGLM, BioGPT. */
import { linear, norm, separateQkv } from './rows.ts'
import type { DecoderSpec, TensorRow } from './spec.ts'

export function fairseqLayer(spec: DecoderSpec, name: string): TensorRow[] {
  const { width, attention, mlp } = spec
  const self = `${name}.self_attn`
  return [
    ...separateQkv(spec, `${self}.q_proj`, `${self}.k_proj`, `${self}.v_proj`),
    ...linear('attention.output', `${self}.out_proj`, [width, width], attention.bias.output),
    ...norm('attention.norm', `${name}.self_attn_layer_norm`, spec.norm, width),
    ...linear('mlp.up', `${name}.fc1`, [mlp.hidden, width], mlp.bias),
    ...linear('mlp.down', `${name}.fc2`, [width, mlp.hidden], mlp.bias),
    ...norm('mlp.norm', `${name}.final_layer_norm`, spec.norm, width),
  ]
}
