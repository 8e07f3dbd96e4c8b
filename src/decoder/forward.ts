/**
 * The decoder: a spec becomes the list of operations that turn token ids into logits. The only file that
 * branches on a spec. Shapes beside each line; n is the number of tokens in a run.
 */
import { activation } from '../../shaders/activation.ts'
import { attention } from '../../shaders/attention.ts'
import { embed } from '../../shaders/embed.ts'
import { layernorm } from '../../shaders/layernorm.ts'
import { logits } from '../../shaders/logits.ts'
import { matmul } from '../../shaders/matmul.ts'
import { matvec } from '../../shaders/matvec.ts'
import { rmsnorm } from '../../shaders/rmsnorm.ts'
import { rope } from '../../shaders/rope.ts'
import { scores } from '../../shaders/scores.ts'
import { softmax } from '../../shaders/softmax.ts'
import { weightedSum } from '../../shaders/weighted-sum.ts'
import type { DecoderSpec } from '../families/spec.ts'
import { NONE, type Op, op, type Slot } from './op.ts'

export interface ForwardShape {
  /** 'one' token at a time reads each weight once (decode); 'many' share it (prefill). */
  readonly rows: 'one' | 'many'
  readonly cache: 'f32' | 'f16'
  /** 'explicit' leaves every layer's attention weights in `scores` until the next layer. */
  readonly attention: 'fused' | 'explicit'
}

export interface Forward {
  /** ids → x */
  readonly embed: readonly Op[]
  /** x → x, one list a layer */
  readonly layers: readonly (readonly Op[])[]
  /** x → logits, of the rows from `step.first` on */
  readonly head: readonly Op[]
}

export function forward(spec: DecoderSpec, shape: ForwardShape): Forward {
  const { width, vocab, position, attention: heads, mlp } = spec
  const { headDim, kvHeads, scale } = heads
  const { cache } = shape
  const attended = heads.heads * headDim
  const gated = mlp.kind === 'gated'

  return {
    embed: [
      op(
        embed,
        { width, scale: 1, learned: position.kind === 'learned', offset: 0 }, // [n] → [n, width]
        {
          ids: 'ids',
          weight: 'embed',
          positions: position.kind === 'learned' ? 'positions' : NONE,
          y: 'x',
          step: 'step',
        },
        width,
      ),
    ],
    layers: Array.from({ length: spec.layers }, (_, n) => {
      const at = (name: string): Slot => `layer.${n}.${name}`
      return [
        norm('x', at('attention.norm'), 'normed'), // [n, width]
        linear('normed', at('attention.qkv'), 'qkv', width, attended + 2 * kvHeads * headDim, heads.bias.qkv),
        op(
          rope,
          { heads: heads.heads, kvHeads, headDim, cache, ...rotation() }, // q: [n, heads, headDim]
          {
            qkv: 'qkv',
            table: position.kind === 'rope' ? 'rope' : NONE,
            q: 'q',
            keys: `keys.${n}`,
            values: `values.${n}`,
            step: 'step',
          },
        ),
        ...attend(n), // [n, heads · headDim]
        linear('attended', at('attention.output'), 'x', attended, width, heads.bias.output, true),
        norm('x', at('mlp.norm'), 'normed'),
        linear('normed', at('mlp.up'), 'up', width, gated ? 2 * mlp.hidden : mlp.hidden, mlp.bias),
        op(activation, { kind: mlp.activation, hidden: mlp.hidden, gated }, { x: 'up', y: 'hidden', step: 'step' }), // [n, hidden]
        linear('hidden', at('mlp.down'), 'x', mlp.hidden, width, mlp.bias, true),
      ]
    }),
    head: [
      norm('x', 'norm', 'normed'),
      op(
        logits,
        { width, vocab, scale: 1, softcap: 0, bias: false }, // [n − first, vocab]
        { x: 'normed', weight: spec.head === 'tied' ? 'embed' : 'head', bias: NONE, y: 'logits', step: 'step' },
        width,
      ),
    ],
  }

  function norm(x: Slot, weight: Slot, y: Slot): Op {
    const { kind, eps } = spec.norm
    switch (kind) {
      case 'rms':
        return op(rmsnorm, { width, eps }, { x, weight: `${weight}.weight`, y })
      case 'layer':
        return op(layernorm, { width, eps }, { x, weight: `${weight}.weight`, bias: `${weight}.bias`, y })
      default:
        return kind satisfies never
    }
  }

  /** y = x·Wᵀ + bias; with `residual`, added to what y holds. */
  function linear(
    x: Slot,
    weight: Slot,
    y: Slot,
    inWidth: number,
    outWidth: number,
    biased: boolean,
    residual = false,
  ): Op {
    const size = { inWidth, outWidth, bias: biased, residual }
    const slots = { x, weight, bias: biased ? `${weight}.bias` : NONE, y }
    return shape.rows === 'one'
      ? op(matvec, size, slots, inWidth)
      : op(matmul, size, { ...slots, step: 'step' }, inWidth)
  }

  function rotation() {
    return position.kind === 'rope'
      ? { rotaryDim: position.rotaryDim, pairing: position.pairing }
      : { rotaryDim: 0, pairing: 'half' as const }
  }

  function attend(n: number): Op[] {
    const size = { heads: heads.heads, kvHeads, headDim, cache }
    const window = heads.window ?? 0
    const [keys, values, step] = [`keys.${n}`, `values.${n}`, 'step']
    if (shape.attention === 'fused') {
      return [op(attention, { ...size, scale, window, softcap: 0 }, { q: 'q', keys, values, y: 'attended', step })]
    }
    return [
      op(scores, { ...size, scale, softcap: 0 }, { q: 'q', keys, scores: 'scores', step }), // [heads, n, keys]
      op(softmax, { heads: heads.heads, scale: 1, causal: true, window }, { scores: 'scores', step }),
      op(weightedSum, size, { weights: 'scores', values, y: 'attended', step }),
    ]
  }
}
