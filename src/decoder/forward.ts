/**
 * The decoder: a spec becomes the list of operations that turn token ids into logits. The only file that
 * branches on a spec. Shapes beside each line; n is the number of tokens in a run.
 */
import { type ActivationForm, activation } from '../../shaders/activation.ts'
import { attention } from '../../shaders/attention.ts'
import { captureAttention } from '../../shaders/capture-attention.ts'
import { contribute } from '../../shaders/contribute.ts'
import { decodeAttention, WHOLE_KEYS } from '../../shaders/decode-attention.ts'
import { embed } from '../../shaders/embed.ts'
import { experts } from '../../shaders/experts.ts'
import type { HeadsShape } from '../../shaders/heads.ts'
import { layernorm } from '../../shaders/layernorm.ts'
import { logits } from '../../shaders/logits.ts'
import { magnitudes } from '../../shaders/magnitudes.ts'
import { matmul } from '../../shaders/matmul.ts'
import { matvec } from '../../shaders/matvec.ts'
import { mergeAttention } from '../../shaders/merge-attention.ts'
import { poolAttention } from '../../shaders/pool-attention.ts'
import { positions } from '../../shaders/positions.ts'
import type { NormShape } from '../../shaders/products.ts'
import { rmsnorm } from '../../shaders/rmsnorm.ts'
import { rope } from '../../shaders/rope.ts'
import { route } from '../../shaders/route.ts'
import { scaleHeads } from '../../shaders/scale-heads.ts'
import { scores } from '../../shaders/scores.ts'
import { softmax } from '../../shaders/softmax.ts'
import { tokenStats } from '../../shaders/token-stats.ts'
import { weightedSum } from '../../shaders/weighted-sum.ts'
import type { DecoderSpec } from '../families/spec.ts'
import type { Norms } from '../gpu/variants.ts'
import { NONE, ONES, type Op, op, type Slot, whereLong, whole, ZEROS } from './op.ts'
import {
  addsApart,
  cellsSlot,
  factorsSlot,
  lensSlot,
  NO_PROBES,
  normsSlot,
  type Probes,
  weightsSlot,
} from './probes.ts'

/**
 * What numbers are multiplied as.
 * - 'auto': a prompt in half floats where the GPU is quicker with them and neither weights nor cache have more bits; all
 *   else in f32
 * - 'f32': all
 * - 'int8': a token as it is written in whole numbers of 8 bits, with weights in Q8_0, Q4_0, IQ4_NL, Q4_K or Q6_K; all else
 *   as 'auto'. It rounds what the model computes: by 0.0001 nats a token in small models, a tenth of what weights of 4 bits
 *   cost or less (docs/quantisation.md). Not every GPU is quicker with it.
 */
export type ArithmeticChoice = 'auto' | 'f32' | 'int8'

export interface ForwardShape {
  /** 'one' token at a time reads each weight once (decode); 'many' share it (prefill). */
  readonly rows: 'one' | 'many'
  /** Of products of few rows: those of one token, and the head. */
  readonly norms: Norms
  readonly cache: 'f32' | 'f16'
  readonly arithmetic: ArithmeticChoice
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

interface Normed {
  readonly ops: readonly Op[]
  readonly from: From
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

export function forward(spec: DecoderSpec, shape: ForwardShape, probes: Probes = NO_PROBES): Forward {
  const { width, vocab, embedding, position, mlp, normPlacement } = spec
  const { heads, kvHeads, headDim, bias, qkNorm, clip, softcap, sinks } = spec.attention
  const { cache } = shape
  const one = shape.rows === 'one'
  const folded = shape.norms === 'folded'
  // What products of few rows, and of many, may be multiplied as.
  const few = one && shape.arithmetic === 'int8' ? ('int8' as const) : ('f32' as const)
  const many = shape.arithmetic !== 'f32' && cache === 'f16' ? ('f16' as const) : ('f32' as const)
  const queries = heads * headDim
  const keys = kvHeads * headDim
  const table = position.kind === 'learned' || position.kind === 'sinusoidal'
  const embedWidth = embedding.width ?? width

  return { embed: embedded(), layers: spec.layers.map((_, n) => [...layer(n), ...behind(n)]), head: head() }

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
    if (spec.residual !== 'sequential') {
      const first = normed('x', at('attention.norm'), 'normed')
      const second = spec.residual === 'parallel' ? normed('x', at('mlp.norm'), 'z') : { ops: [], from: first.from }
      const inner = [...look(n, first.from), ...spread(n, second.from)] // both read x before either adds to it
      const outer = [...adding('attention', 'x', (x) => output(n, x)), ...adding('mlp', 'x', (x) => gather(n, x))]
      return [...first.ops, ...second.ops, ...inner, ...outer]
    }
    const sublayers = [
      { name: 'attention', inner: look, outer: output, x: 'x', next: 'z' },
      { name: 'mlp', inner: spread, outer: gather, x: 'z', next: 'x' },
    ] as const
    return sublayers.flatMap(({ name, inner, outer, ...after }) => {
      const before = normed('x', at(`${name}.norm`), 'normed')
      const withNorm = (x: Into) => [...outer(n, { slot: 'added' }), norm('added', at(`${name}.output.norm`), x)]
      switch (normPlacement) {
        case 'before': // x += f(norm(x))
          return [...before.ops, ...inner(n, before.from), ...adding(name, 'x', (x) => outer(n, x))]
        case 'both': // x += norm(f(norm(x)))
          return [...before.ops, ...inner(n, before.from), ...adding(name, 'x', withNorm)]
        case 'output': // x += norm(f(x))
          return [...inner(n, { slot: 'x' }), ...adding(name, 'x', withNorm)]
        case 'after': // next = norm(x + f(x)): a norm cannot write what it reads, so two slots take turns
          return [
            ...inner(n, { slot: after.x }),
            ...adding(name, after.x, (x) => outer(n, x)),
            norm(after.x, at(`${name}.norm`), { slot: after.next }),
          ]
        default:
          return normPlacement satisfies never
      }
    })

    /** What a sublayer makes is added to x as it is made; or apart, where somebody wants to see or to change it. */
    function adding(name: 'attention' | 'mlp', x: Slot, make: (into: Into) => readonly Op[]): readonly Op[] {
      if (!addsApart(probes, n)) return make({ slot: x, ...times })
      const size = { width, scale: spec.residualScale, factor: heads + (name === 'attention' ? 0 : 1) }
      const y = `added.${name}`
      return [...make({ slot: y }), op(contribute, size, { factors: factorsSlot(n), y, x, step: 'step' })]
    }
  }

  /** What is to be seen of x behind layer n. */
  function behind(n: number): Op[] {
    const size = { vocab, count: probes.lensTop }
    const added = { attention: 'added.attention', mlp: 'added.mlp' }
    return [
      ...(probes.norms ? [op(magnitudes, { width }, { x: 'x', ...added, y: normsSlot(n), step: 'step' })] : []),
      ...(probes.lens.includes(n)
        ? [...head(), op(tokenStats, size, { logits: 'logits', next: 'seen.next', stats: lensSlot(n) })]
        : []),
    ]
  }

  /** x [n, width] → logits [n − first, vocab] */
  function head(): Op[] {
    const projected = embedding.width !== null
    const unchanged = { ops: [], from: { slot: 'x' } }
    const { ops, from } = spec.finalNorm ? normed('x', 'norm', 'normed', folded && (one || !projected)) : unchanged
    const read: From = projected ? { slot: 'embedded' } : from
    const size = { inWidth: embedWidth, vocab, ...spec.logits, norm: normOf(read), arithmetic: few }
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
    const slots = { ...row, table: alibi ? slopes : row.table, sinks: sunk }
    return [...projected, ...(one ? attendOne() : attendMany()), ...seen()]

    /** qkv → attended, keys and values */
    function attendOne(): Op[] {
      const undivided = op(decodeAttention, { ...split, ...mask, split: false }, { ...slots, y: 'attended' })
      if (Math.min(spec.context, window ?? spec.context) <= WHOLE_KEYS) return [undivided]
      const divided = op(decodeAttention, { ...split, ...mask, split: true }, { ...slots, y: 'partials' })
      const merged = { partials: 'partials', y: 'attended', step: 'step' }
      const merge = op(mergeAttention, { heads, headDim, window: mask.window }, merged)
      return [undivided, whereLong(divided), whereLong(merge)]
    }

    /** The same, of many rows. q: [n, heads, headDim] */
    function attendMany(): Op[] {
      const q = probes.queries === n ? 'seen.query' : 'q'
      return [op(rope, split, { ...row, q }), ...attend(q)]
    }

    /** What is to be seen of attention, and what is to be changed in it. */
    function seen(): Op[] {
      const { values: _, ...read } = slots
      const capture = (chosen: Slot, count: number, weights: Slot) =>
        op(captureAttention, { ...split, ...mask, chosen: count }, { ...read, chosen, weights })
      const { attentions, chosen, maps, mapSize: size } = probes
      const pooled = { weights: 'seen.weights', cells: cellsSlot(n), area: 'seen.area', step: 'step' }
      const scaled = { factors: factorsSlot(n), attended: 'attended', step: 'step' }
      return [
        ...(attentions.includes(n) ? [capture('seen.chosen', chosen, weightsSlot(n))] : []),
        ...(maps.includes(n)
          ? [capture('seen.heads', heads, 'seen.weights'), op(poolAttention, { heads, size }, pooled)]
          : []),
        ...(probes.heads.includes(n) ? [op(scaleHeads, { heads, headDim }, scaled)] : []),
      ]
    }

    /** q, keys and values → attended */
    function attend(q: Slot): Op[] {
      const size = { heads, kvHeads, headDim, cache }
      const { keys: k, values: v } = cached
      if (shape.attention === 'fused') {
        const all = { ...size, ...mask }
        return [op(attention, all, { q, ...cached, slopes, sinks: sunk, y: 'attended', step: 'step' })]
      }
      return [
        op(scores, { ...size, scale, softcap, alibi }, { q, keys: k, slopes, scores: 'scores', step: 'step' }), // [heads, n, keys]
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
    const size = { ...read, arithmetic: few, active, bias: mlp.bias, form: 'spread' } as const
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
    const end = { outWidth: width, active: mlp.active, bias: mlp.bias, form: 'gather' } as const
    const size = { inWidth: mlp.hidden, arithmetic: few, ...end }
    const slots = { weight: at('mlp.down'), bias: mlp.bias ? at('mlp.down.bias') : NONE, gain: NONE, shift: NONE }
    return [
      op(
        experts,
        { ...size, residual: addTimes !== undefined, scale: addTimes ?? 1 },
        { x: 'hidden', ...slots, routes: 'routes', y },
      ),
    ]
  }

  /** Rows that `weight` norms: as they are read, or once for all that read them, in `slot`. */
  function normed(x: Slot, weight: Slot, slot: Slot, asRead = folded && one): Normed {
    return asRead ? { ops: [], from: { slot: x, norm: weight } } : { ops: [norm(x, weight, { slot })], from: { slot } }
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
        ? op(
            matvec,
            { inWidth, outWidth, norm: normOf(from), arithmetic: few, activation, ...end },
            { ...slots, ...normSlots(from), y },
          )
        : op(matmul, { inWidth, outWidth, ...end, arithmetic: many }, { ...slots, y, step: 'step' })
    if (!form) return [product(y, outWidth)]
    const apart = [
      product('up', form.gated ? 2 * outWidth : outWidth),
      op(activation, { ...form, hidden: outWidth }, { x: 'up', y, step: 'step' }),
    ]
    if (!one) return apart
    return form.gated ? [whole(weight, product(y, outWidth, form), apart)] : [product(y, outWidth, form)]
  }
}
