/** How a config.json says that weights were quantised, in which of the ways that Headlight reads. */
import type { Config } from './config.ts'

/**
 * 'scaled': 8-bit matrices have scales, in tensors of their own. 'blocks': some matrices are blocks of mxfp4. Activations
 * are never rounded, whatever the config says.
 */
export type Quantisation = 'none' | 'scaled' | 'blocks'

const ADVICE = "Use the model's own repository, with weights in BF16 or F16, or a GGUF of it."

const METHODS: Readonly<Record<string, (config: Config) => Quantisation>> = {
  fp8(config) {
    config.refuseUnless('fmt', [undefined, null, 'e4m3'], ADVICE)
    config.refuseUnless('weight_block_size', [undefined, null, [128, 128]], ADVICE)
    return 'scaled'
  },
  fbgemm_fp8: () => 'scaled',
  mxfp4: () => 'blocks',
  'compressed-tensors': compressedTensors,
}

function compressedTensors(config: Config): Quantisation {
  config.refuseUnless('format', ['float-quantized', 'int-quantized', 'naive-quantized'], ADVICE)
  config.refuseUnless('transform_config', [undefined, null, {}], ADVICE)
  config.object('sparsity_config', {}).refuseUnless('format', [undefined, null, 'dense'], ADVICE)
  const groups = config.object('config_groups')
  for (const name of groups.fields()) {
    const weights = groups.object(name).object('weights', {})
    weights.refuseUnless('num_bits', [undefined, 8], ADVICE)
    weights.refuseUnless('symmetric', [undefined, null, true], ADVICE)
    weights.refuseUnless('strategy', [undefined, null, 'tensor', 'channel', 'block'], ADVICE)
    weights.refuseUnless('block_structure', [undefined, null, [128, 128], '128x128'], ADVICE)
  }
  return 'scaled'
}

/** @throws HeadlightError `unsupported`: another method, or an option of one, by its name */
export function quantisationOf(config: Config): Quantisation {
  config.refuseUnless('quantization', [undefined, null], ADVICE) // of MLX
  if (!config.has('quantization_config')) return 'none'
  const quantised = config.object('quantization_config')
  quantised.refuseUnless('quant_method', Object.keys(METHODS), ADVICE)
  return METHODS[quantised.text('quant_method')]!(quantised)
}
