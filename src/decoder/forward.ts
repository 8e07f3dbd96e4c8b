/**
 * The decoder: a spec becomes the list of operations that turn token ids into logits. The only file that
 * branches on a spec. Shapes beside each line; n is the number of tokens in a run.
 */
import { type ActivationForm, activation } from '../../shaders/activation.ts'
import { attention } from '../../shaders/attention.ts'
import { decodeAttention, WHOLE_KEYS } from '../../shaders/decode-attention.ts'
import { embed } from '../../shaders/embed.ts'
import { experts } from '../../shaders/experts.ts'
import type { HeadsShape } from '../../shaders/heads.ts'
import { layernorm } from '../../shaders/layernorm.ts'
import { logits } from '../../shaders/logits.ts'
import { matmul } from '../../shaders/matmul.ts'
import { matvec } from '../../shaders/matvec.ts'
import { mergeAttention } from '../../shaders/merge-attention.ts'
import { positions } from '../../shaders/positions.ts'
import type { NormShape } from '../../shaders/products.ts'
import { rmsnorm } from '../../shaders/rmsnorm.ts'
import { rope } from '../../shaders/rope.ts'
import { route } from '../../shaders/route.ts'
import { scores } from '../../shaders/scores.ts'
import { softmax } from '../../shaders/softmax.ts'
import { weightedSum } from '../../shaders/weighted-sum.ts'
import type { DecoderSpec } from '../families/spec.ts'
import { NONE, ONES, type Op, op, type Slot, whereLong, whole, ZEROS } from './op.ts'

export interface ForwardShape {
  /** 'one' token at a time reads each weight once (decode); 'many' share it (prefill). */
  readonly rows: 'one' | 'many'
  readonly cache: 'f32' | 'f16'
  /** Of many: 'explicit' leaves every layer's attention weights in `scores` until the next layer. */
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

/** What a product reads: rows that are there, or that a norm of this name makes of them as they are read. */
interface From {
  readonly slot: Slot
  readonly norm?: Slot
}

/** Where the result of a product goes: in place of what is there, or added to it. */
interface Into {
  readonly slot: Slot
  /** Undefined: in place. */
  readonly addTimes?: number
}

interface LinearOptions {
  readonly bias?: boolean
  readonly activation?: ActivationForm
}

export function forward(spec: DecoderSpec, shape: ForwardShape): Forward {
  const { width, vocab, embedding, position, mlp, normPlacement } = spec
  const { heads, kvHeads, headDim, bias, qkNorm, clip, softcap, sinks } = spec.attention
  const { cache } = shape
  const one = shape.rows === 'one'
  const queries = heads * headDim
  const keys = kvHeads * headDim
  const table = position.kind === 'learned' || position.kind === 'sinusoidal'
  const embedWidth = embedding.width ?? width

  return { embed: embedded(), layers: spec.layers.map((_, n) => layer(n)), head: head() }

  /** [n] → x [n, width] */
  function embedded(): Op[] {
    const offset = table ? position.offset : 0
    const y = embedding.norm ? 'z' : 'x'
    const projected = embedding.width !== null
    const fused = table && !projected // positions are as wide as the decoder: they come after a projection
    const size = { width: embedWidth, scale: embedding.scale, learned: fused, offset }
    const slots = { ids: 'ids', weight: 'embed', positions: fused ? 'positions' : NONE, step: 'step' }
    return [
      op(embed, size, { ...slots, y: projected ? 'embedded' : y }),
      ...(projected ? linear({ slot: 'embedded' }, 'embed.projection', { slot: y }, embedWidth, width) : []),
      ...(projected && table ? [op(positions, { width, offset }, { positions: 'positions', y, step: 'step' })] : []),
      ...(embedding.norm ? [norm(y, 'embed.norm', { slot: 'x' })] : []),
    ]
  }

  /** x [n, width] → x [n, width] */
  function layer(n: number): Op[] {
    const at = (name: string): Slot => `layer.${n}.${name}`
    const times = { addTimes: spec.residualScale }
    const x: Into = { slot: 'x', ...times }
    if (spec.residual !== 'sequential') {
      const first = normed('x', at('attention.norm'), 'normed')
      const second = spec.residual === 'parallel' ? normed('x', at('mlp.norm'), 'z') : { ops: [], from: first.from }
      const inner = [...look(n, first.from), ...spread(n, second.from)] // both read x before either adds to it
      return [...first.ops, ...second.ops, ...inner, ...output(n, x), ...gather(n, x)]
    }
    const sublayers = [
      { name: 'attention', inner: look, outer: output, x: 'x', next: 'z' },
      { name: 'mlp', inner: spread, outer: gather, x: 'z', next: 'x' },
    ] as const
    return sublayers.flatMap(({ name, inner, outer, ...after }) => {
      const before = normed('x', at(`${name}.norm`), 'normed')
      const add = norm('added', at(`${name}.output.norm`), x)
      switch (normPlacement) {
        case 'before': // x += f(norm(x))
          return [...before.ops, ...inner(n, before.from), ...outer(n, x)]
        case 'both': // x += norm(f(norm(x)))
          return [...before.ops, ...inner(n, before.from), ...outer(n, { slot: 'added' }), add]
        case 'output': // x += norm(f(x))
          return [...inner(n, { slot: 'x' }), ...outer(n, { slot: 'added' }), add]
        case 'after': {
          // next = norm(x + f(x)): a norm cannot write what it reads, so two slots take turns
          const sum = { slot: after.x, ...times }
          return [
            ...inner(n, { slot: after.x }),
            ...outer(n, sum),
            norm(after.x, at(`${name}.norm`), { slot: after.next }),
          ]
        }
        default:
          return normPlacement satisfies never
      }
    })
  }

  /** x [n, width] → logits [n − first, vocab] */
  function head(): Op[] {
    const projected = embedding.width !== null
    const last: From = spec.finalNorm ? { slot: 'x', norm: 'norm' } : { slot: 'x' }
    const { ops, from } = projected && spec.finalNorm ? normed('x', 'norm', 'normed') : { ops: [], from: last }
    const read: From = projected ? { slot: 'embedded' } : last
    const size = { inWidth: embedWidth, vocab, ...spec.logits, norm: normOf(read) }
    return [
      ...ops,
      ...(projected ? linear(from, 'head.projection', read, width, embedWidth) : []),
      op(logits, size, {
        x: read.slot,
        weight: spec.head === 'tied' ? 'embed' : 'head',
        bias: spec.logits.bias ? 'head.bias' : NONE,
        ...normSlots(read),
        y: 'logits',
        peaks: 'peaks',
        step: 'step',
      }),
    ]
  }

  /** x [n, width] → attended [n, heads · headDim] */
  function look(n: number, from: From): Op[] {
    const at = (name: string): Slot => `layer.${n}.${name}`
    const { rope: turn, scale, window } = spec.layers[n]!
    const turned = position.kind === 'rope' && turn !== null
    const { rotaryDim, pairing } = turned ? position : { rotaryDim: 0, pairing: 'half' as const }
    const alibi = position.kind === 'alibi'
    const projected = linear(from, at('attention.qkv'), { slot: 'qkv' }, width, queries + 2 * keys, { bias: bias.qkv })
    const split: HeadsShape = { heads, kvHeads, headDim, rotaryDim, pairing, norm: headNorm(), clip, cache }
    const mask = { scale, window: window ?? 0, softcap, alibi, sinks }
    const cached = { keys: `keys.${n}`, values: `values.${n}` }
    const row = {
      qkv: 'qkv',
      table: turned ? `rope.${turn}` : NONE,
      q_gain: qkNorm?.norm.weight ? at('attention.q.norm.weight') : NONE,
      k_gain: qkNorm?.norm.weight ? at('attention.k.norm.weight') : NONE,
      ...cached,
      step: 'step',
    }
    const slopes = alibi ? 'slopes' : NONE
    const sunk = sinks ? at('attention.sinks') : NONE
    if (!one) return [...projected, op(rope, split, { ...row, q: 'q' }), ...attend()] // q: [n, heads, headDim]
    const slots = { ...row, table: alibi ? slopes : row.table, sinks: sunk }
    const undivided = op(decodeAttention, { ...split, ...mask, split: false }, { ...slots, y: 'attended' })
    if (Math.min(spec.context, window ?? spec.context) <= WHOLE_KEYS) return [...projected, undivided]
    const divided = op(decodeAttention, { ...split, ...mask, split: true }, { ...slots, y: 'partials' })
    const merged = { partials: 'partials', y: 'attended', step: 'step' }
    const merge = op(mergeAttention, { heads, headDim, window: mask.window }, merged)
    return [...projected, undivided, whereLong(divided), whereLong(merge)]

    /** q, keys and values → attended */
    function attend(): Op[] {
      const size = { heads, kvHeads, headDim, cache }
      const { keys: k, values: v } = cached
      if (shape.attention === 'fused') {
        const all = { ...size, ...mask }
        return [op(attention, all, { q: 'q', ...cached, slopes, sinks: sunk, y: 'attended', step: 'step' })]
      }
      return [
        op(scores, { ...size, scale, softcap, alibi }, { q: 'q', keys: k, slopes, scores: 'scores', step: 'step' }), // [heads, n, keys]
        op(
          softmax,
          { heads, scale: 1, causal: true, window: mask.window, sinks },
          { scores: 'scores', sinks: sunk, step: 'step' },
        ),
        op(weightedSum, size, { weights: 'scores', values: v, y: 'attended', step: 'step' }),
      ]
    }
  }

  /** attended [n, heads · headDim] → into [n, width] */
  function output(n: number, into: Into): Op[] {
    return linear({ slot: 'attended' }, `layer.${n}.attention.output`, into, queries, width, { bias: bias.output })
  }

  /** x [n, width] → hidden [n, hidden], or of experts [n · active, hidden] */
  function spread(n: number, from: From): Op[] {
    const at = (name: string): Slot => `layer.${n}.${name}`
    if (mlp.kind !== 'experts') {
      const form = { kind: mlp.activation, gated: mlp.kind === 'gated' }
      return linear(from, at('mlp.up'), { slot: 'hidden' }, width, mlp.hidden, { bias: mlp.bias, activation: form })
    }
    const { active, hidden, softmaxOver } = mlp
    const form = { kind: mlp.activation, gated: true } as ActivationForm
    const read = { inWidth: width, norm: normOf(from) }
    const size = { ...read, active, bias: mlp.bias, form: 'spread' } as const
    const slots = { x: from.slot, ...normSlots(from), routes: 'routes' }
    const upSlots = { ...slots, weight: at('mlp.up'), bias: mlp.bias ? at('mlp.up.bias') : NONE }
    const routerSlots = { ...slots, weight: at('mlp.router'), bias: mlp.routerBias ? at('mlp.router.bias') : NONE }
    return [
      op(route, { ...read, experts: mlp.experts, active, softmaxOver, bias: mlp.routerBias }, routerSlots),
      whole(at('mlp.up'), op(experts, { ...size, outWidth: hidden, activation: form }, { ...upSlots, y: 'hidden' }), [
        op(experts, { ...size, outWidth: 2 * hidden }, { ...upSlots, y: 'up' }),
        op(activation, { ...form, hidden, perRow: active }, { x: 'up', y: 'hidden', step: 'step' }),
      ]),
    ]
  }

  /** hidden → into [n, width] */
  function gather(n: number, into: Into): Op[] {
    const at = (name: string): Slot => `layer.${n}.${name}`
    const { slot: y, addTimes } = into
    if (mlp.kind !== 'experts') {
      return linear({ slot: 'hidden' }, at('mlp.down'), into, mlp.hidden, width, { bias: mlp.bias })
    }
    const size = { inWidth: mlp.hidden, outWidth: width, active: mlp.active, bias: mlp.bias, form: 'gather' } as const
    const slots = { weight: at('mlp.down'), bias: mlp.bias ? at('mlp.down.bias') : NONE, gain: NONE, shift: NONE }
    return [
      op(
        experts,
        { ...size, residual: addTimes !== undefined, scale: addTimes ?? 1 },
        { x: 'hidden', ...slots, routes: 'routes', y },
      ),
    ]
  }

  /** Rows that `weight` norms: one token's as they are read, many once for all that read them, in `slot`. */
  function normed(x: Slot, weight: Slot, slot: Slot): { readonly ops: readonly Op[]; readonly from: From } {
    return one ? { ops: [], from: { slot: x, norm: weight } } : { ops: [norm(x, weight, { slot })], from: { slot } }
  }

  function normShape(): NormShape {
    const { kind, eps, offset } = spec.norm
    return { kind, eps, offset, shifted: spec.norm.kind === 'layer' && spec.norm.bias }
  }

  function normOf({ norm: name }: From): NormShape | undefined {
    return name === undefined ? undefined : normShape()
  }

  function normSlots({ norm: name }: From): { gain: Slot; shift: Slot } {
    if (name === undefined) return { gain: NONE, shift: NONE }
    return { gain: spec.norm.weight ? `${name}.weight` : ONES, shift: normShape().shifted ? `${name}.bias` : NONE }
  }

  function headNorm(): HeadsShape['norm'] {
    if (!qkNorm) return null
    const { kind, eps, offset, weight: gained } = qkNorm.norm
    return { over: qkNorm.over, kind, eps, offset, gained }
  }

  function norm(x: Slot, weight: Slot, { slot: y, addTimes }: Into): Op {
    const { kind, eps, offset } = spec.norm
    const size = { width, eps, offset, residual: addTimes !== undefined, scale: addTimes ?? 1 }
    const slots = { x, weight: spec.norm.weight ? `${weight}.weight` : ONES, y, step: 'step' }
    switch (kind) {
      case 'rms':
        return op(rmsnorm, size, slots)
      case 'layer':
        return op(layernorm, size, { ...slots, bias: spec.norm.bias ? `${weight}.bias` : ZEROS })
      default:
        return kind satisfies never
    }
  }

  /** y = act(x·Wᵀ + bias), or y += addTimes · (…). x: [n, inWidth] → y: [n, outWidth] */
  function linear(
    from: From,
    weight: Slot,
    { slot: y, addTimes }: Into,
    inWidth: number,
    outWidth: number,
    { bias: biased = false, activation: form }: LinearOptions = {},
  ): Op[] {
    const end = { bias: biased, residual: addTimes !== undefined, scale: addTimes ?? 1 }
    const slots = { x: from.slot, weight, bias: biased ? `${weight}.bias` : NONE }
    const product = (y: Slot, outWidth: number, activation?: ActivationForm) =>
      one
        ? op(matvec, { inWidth, outWidth, norm: normOf(from), activation, ...end }, { ...slots, ...normSlots(from), y })
        : op(matmul, { inWidth, outWidth, ...end }, { ...slots, y, step: 'step' })
    if (!form) return [product(y, outWidth)]
    const apart = [
      product('up', form.gated ? 2 * outWidth : outWidth),
      op(activation, { ...form, hidden: outWidth }, { x: 'up', y, step: 'step' }),
    ]
    if (!one) return apart
    return form.gated ? [whole(weight, product(y, outWidth, form), apart)] : [product(y, outWidth, form)]
  }
}
