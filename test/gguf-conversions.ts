/** How llama.cpp converts each reference folder that it knows, by the folder's name. */
import type { Conversion } from './gguf-convert.ts'

interface FolderConversion extends Conversion {
  /** What the folder's config must say instead, because a GGUF file cannot say it. */
  readonly config?: Readonly<Record<string, unknown>>
}

export const ropeBase = (theta: number) => ({ 'rope.freq_base': theta })

export const CONVERSIONS: Readonly<Record<string, FolderConversion>> = {
  arcee: { architecture: 'arcee', permuted: true },
  bloom: { architecture: 'bloom', grouped: true },
  cohere: {
    architecture: 'command-r',
    metadata: { logit_scale: 0.25, ...ropeBase(500_000), 'rope.scaling.type': 'none' },
  },
  cohere2: { architecture: 'cohere2', metadata: { logit_scale: 0.25, 'rope.scaling.type': 'none' } },
  ernie4_5: { architecture: 'ernie4_5', metadata: ropeBase(500_000) },
  exaone4: {
    architecture: 'exaone4',
    afterAttention: 'post_attention_norm',
    metadata: { 'attention.sliding_window_pattern': [true, false] },
  },
  falcon: { architecture: 'falcon', grouped: true },
  gemma: { architecture: 'gemma', normsPlusOne: true },
  gemma2: {
    architecture: 'gemma2',
    normsPlusOne: true,
    afterAttention: 'post_attention_norm',
    metadata: { final_logit_softcapping: 30 },
    config: { query_pre_attn_scalar: 24 },
  },
  gemma3_text: {
    architecture: 'gemma3',
    normsPlusOne: true,
    afterAttention: 'post_attention_norm',
    metadata: { ...ropeBase(1_000_000), 'attention.sliding_window_pattern': 2 },
  },
  gpt2: { architecture: 'gpt2', transposed: true },
  gpt_bigcode: { architecture: 'starcoder' },
  gpt_neox: { architecture: 'gptneox', grouped: true, metadata: { use_parallel_residual: true } },
  gpt_neox_serial: { architecture: 'gptneox', grouped: true, metadata: { use_parallel_residual: false } },
  gpt_oss: {
    architecture: 'gpt-oss',
    afterAttention: 'post_attention_norm',
    metadata: {
      ...ropeBase(150_000),
      'rope.scaling.type': 'yarn',
      'rope.scaling.factor': 32,
      'rope.scaling.original_context_length': 4096,
    },
  },
  granite: {
    architecture: 'granite',
    permuted: true,
    metadata: { 'attention.scale': 0.1, embedding_scale: 6, residual_scale: 0.3, logit_scale: 4 },
  },
  llama: { architecture: 'llama', permuted: true },
  mistral: { architecture: 'llama', permuted: true },
  mixtral: { architecture: 'llama', permuted: true, metadata: ropeBase(1_000_000) },
  mpt: { architecture: 'mpt', metadata: { 'attention.max_alibi_bias': 8 } },
  nemotron: { architecture: 'nemotron', normsPlusOne: true },
  olmo: { architecture: 'olmo', permuted: true },
  olmo2: { architecture: 'olmo2', afterAttention: 'post_attention_norm' },
  olmoe: { architecture: 'olmoe' },
  phi: { architecture: 'phi2' },
  phi3: { architecture: 'phi3', metadata: { 'attention.sliding_window': 0 } },
  qwen2: { architecture: 'qwen2' },
  qwen3: { architecture: 'qwen3' },
  qwen3_moe: { architecture: 'qwen3moe', metadata: { expert_weights_norm: false } },
  seed_oss: { architecture: 'seed_oss', afterAttention: 'post_attention_norm' },
  smollm3: {
    architecture: 'smollm3',
    permuted: true,
    metadata: ropeBase(2_000_000),
    config: { no_rope_layers: [1, 1] },
  },
  stablelm: { architecture: 'stablelm' },
  starcoder2: { architecture: 'starcoder2' },
}
