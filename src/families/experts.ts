/** Mixtures of experts: what their configs have in common, and where their matrices lie. */
import { ACTIVATIONS } from './activations.ts'
import type { Config } from './config.ts'
import { LAYER } from './llama-rows.ts'
import { MOST_WIDTH } from './plain.ts'
import { linear } from './rows.ts'
import type { DecoderSpec, ExpertsMlpSpec, TensorRow } from './spec.ts'

const MOST_EXPERTS = 1 << 12 // far above any real model

/** @param hidden the field of an expert's size */
export function readExperts(config: Config, hidden = 'intermediate_size'): ExpertsMlpSpec {
  const experts = config.size(config.either('num_local_experts', 'num_experts'), undefined, MOST_EXPERTS)
  return {
    kind: 'experts',
    experts,
    active: config.size('num_experts_per_tok', undefined, experts),
    hidden: config.size(hidden, undefined, MOST_WIDTH),
    activation: config.choice('hidden_act', ACTIVATIONS),
    bias: false,
    routerBias: false,
    softmaxOver: config.flag('norm_topk_prob', false) ? 'active' : 'all',
  }
}

interface Names {
  readonly router: string
  /** In front of an expert's number. */
  readonly expert: string
  readonly gate: string
  readonly up: string
  readonly down: string
}

/** Three matrices for each expert. */
export const separateExperts =
  ({ router, expert, gate, up, down }: Names) =>
  ({ width, mlp }: DecoderSpec): TensorRow[] => {
    const { experts, hidden } = mlp as ExpertsMlpSpec
    const rows = Array.from({ length: experts }, (_, e) => {
      const at = (name: string) => `${LAYER}.${expert}.${e}.${name}`
      return [
        ...linear('mlp.up', at(gate), [hidden, width], false, { firstRow: 2 * e * hidden }),
        ...linear('mlp.up', at(up), [hidden, width], false, { firstRow: (2 * e + 1) * hidden }),
        ...linear('mlp.down', at(down), [width, hidden], false, { firstRow: e * width }),
      ]
    })
    return [...linear('mlp.router', `${LAYER}.${router}`, [experts, width], false), ...rows.flat()]
  }
