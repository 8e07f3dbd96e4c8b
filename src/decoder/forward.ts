/**
 * The decoder: a spec becomes the list of operations that turn token ids into logits. The only file that
 * branches on a spec. Shapes beside each line; n is the number of tokens in a run.
 */
import { activation } from '../../shaders/activation.ts'
import { attention } from '../../shaders/attention.ts'
import { embed } from '../../shaders/embed.ts'
import { experts } from '../../shaders/experts.ts'
import { headNorm } from '../../shaders/head-norm.ts'
import { layernorm } from '../../shaders/layernorm.ts'
import { logits } from '../../shaders/logits.ts'
import { matmul } from '../../shaders/matmul.ts'
import { matvec } from '../../shaders/matvec.ts'
import { positions } from '../../shaders/positions.ts'
import { residual } from '../../shaders/residual.ts'
import { rmsnorm } from '../../shaders/rmsnorm.ts'
import { rope } from '../../shaders/rope.ts'
import { route } from '../../shaders/route.ts'
import { scores } from '../../shaders/scores.ts'
import { softmax } from '../../shaders/softmax.ts'
import { weightedSum } from '../../shaders/weighted-sum.ts'
import type { DecoderSpec } from '../families/spec.ts'
import { NONE, ONES, type Op, op, type Slot, ZEROS } from './op.ts'

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

/** Where the result of a product goes: in place of what is there, or added to it. */
interface Into {
  readonly slot: Slot
  /** Undefined: in place. */
  readonly addTimes?: number
}

export function forward(spec: DecoderSpec, shape: ForwardShape): Forward {
  const { width, vocab, embedding, position, mlp, normPlacement } = spec
  const { heads, kvHeads, headDim, bias, qkNorm, clip, softcap, sinks } = spec.attention
  const { cache } = shape
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
      ...(projected ? [linear('embedded', 'embed.projection', { slot: y }, embedWidth, width)] : []),
      ...(projected && table ? [op(positions, { width, offset }, { positions: 'positions', y, step: 'step' })] : []),
      ...(embedding.norm ? [norm(y, 'embed.norm', 'x')] : []),
    ]
  }

  /** x [n, width] → x [n, width] */
  function layer(n: number): Op[] {
    const at = (name: string): Slot => `layer.${n}.${name}`
    const times = { addTimes: spec.residualScale }
    if (spec.residual !== 'sequential') {
      const own = spec.residual === 'parallel'
      return [
        norm('x', at('attention.norm'), 'normed'),
        ...(own ? [norm('x', at('mlp.norm'), 'z')] : []),
        ...attend(n, 'normed', { slot: 'x', ...times }),
        ...feed(n, own ? 'z' : 'normed', { slot: 'x', ...times }),
      ]
    }
    const sublayers = [
      { f: attend, name: 'attention', x: 'x', next: 'z' },
      { f: feed, name: 'mlp', x: 'z', next: 'x' },
    ] as const
    return sublayers.flatMap(({ f, name, x, next }) => {
      switch (normPlacement) {
        case 'before': // x += f(norm(x))
          return [norm('x', at(`${name}.norm`), 'normed'), ...f(n, 'normed', { slot: 'x', ...times })]
        case 'both': // x += norm(f(norm(x)))
          return [norm('x', at(`${name}.norm`), 'normed'), ...f(n, 'normed', { slot: 'added' }), ...add(name)]
        case 'output': // x += norm(f(x))
          return [...f(n, 'x', { slot: 'added' }), ...add(name)]
        case 'after': // next = norm(x + f(x)): a norm cannot write what it reads, so two slots take turns
          return [...f(n, x, { slot: x, ...times }), norm(x, at(`${name}.norm`), next)]
        default:
          return normPlacement satisfies never
      }
    })

    function add(name: 'attention' | 'mlp'): Op[] {
      const summed = op(residual, { width, scale: spec.residualScale }, { x: 'x', y: 'normed', step: 'step' })
      return [norm('added', at(`${name}.output.norm`), 'normed'), summed]
    }
  }

  /** x [n, width] → logits [n − first, vocab] */
  function head(): Op[] {
    const normed = spec.finalNorm ? 'normed' : 'x'
    const projected = embedding.width !== null
    const weight = spec.head === 'tied' ? 'embed' : 'head'
    const slots = { x: projected ? 'embedded' : normed, weight, bias: spec.logits.bias ? 'head.bias' : NONE }
    return [
      ...(spec.finalNorm ? [norm('x', 'norm', 'normed')] : []),
      ...(projected ? [linear(normed, 'head.projection', { slot: 'embedded' }, width, embedWidth)] : []),
      op(logits, { width: embedWidth, vocab, ...spec.logits }, { ...slots, y: 'logits', step: 'step' }),
    ]
  }

  /** x [n, width] → into [n, width] */
  function attend(n: number, x: Slot, into: Into): Op[] {
    const at = (name: string): Slot => `layer.${n}.${name}`
    const turn = spec.layers[n]!.rope
    const turned = position.kind === 'rope' && turn !== null
    const { rotaryDim, pairing } = turned ? position : { rotaryDim: 0, pairing: 'half' as const }
    return [
      linear(x, at('attention.qkv'), { slot: 'qkv' }, width, queries + 2 * keys, bias.qkv),
      ...(qkNorm ? [normHeads('q', 0, heads), normHeads('k', queries, kvHeads)] : []),
      op(
        rope,
        { heads, kvHeads, headDim, cache, rotaryDim, pairing, clip },
        {
          qkv: 'qkv',
          table: turned ? `rope.${turn}` : NONE,
          q: 'q',
          keys: `keys.${n}`,
          values: `values.${n}`,
          step: 'step',
        },
      ), // q: [n, heads, headDim]
      ...look(n), // [n, heads · headDim]
      linear('attended', at('attention.output'), into, queries, width, bias.output),
    ]

    /** Norms the heads of q or of k, which begin at number `start` of a row of qkv. */
    function normHeads(which: 'q' | 'k', start: number, count: number): Op {
      const { over, norm } = qkNorm!
      const groups = over === 'width' ? { count: 1, size: count * headDim } : { count, size: headDim }
      const weightPer = !norm.weight ? 'none' : over === 'heads' ? 'all' : 'size'
      const { kind, eps, offset } = norm
      return op(
        headNorm,
        { stride: queries + 2 * keys, start, ...groups, kind, eps, offset, weightPer },
        {
          x: 'qkv',
          weight: norm.weight ? at(`attention.${which}.norm.weight`) : NONE,
          step: 'step',
        },
      )
    }
  }

  /** q, keys and values → attended */
  function look(n: number): Op[] {
    const { scale, window } = spec.layers[n]!
    const alibi = position.kind === 'alibi'
    const size = { heads, kvHeads, headDim, cache }
    const slopes = alibi ? 'slopes' : NONE
    const sunk = sinks ? `layer.${n}.attention.sinks` : NONE
    const cached = { keys: `keys.${n}`, values: `values.${n}` }
    if (shape.attention === 'fused') {
      const all = { ...size, scale, window: window ?? 0, softcap, alibi, sinks }
      return [op(attention, all, { q: 'q', ...cached, slopes, sinks: sunk, y: 'attended', step: 'step' })]
    }
    const { keys, values } = cached
    return [
      op(scores, { ...size, scale, softcap, alibi }, { q: 'q', keys, slopes, scores: 'scores', step: 'step' }), // [heads, n, keys]
      op(
        softmax,
        { heads, scale: 1, causal: true, window: window ?? 0, sinks },
        { scores: 'scores', sinks: sunk, step: 'step' },
      ),
      op(weightedSum, size, { weights: 'scores', values, y: 'attended', step: 'step' }),
    ]
  }

  /** x [n, width] → into [n, width] */
  function feed(n: number, x: Slot, into: Into): Op[] {
    const at = (name: string): Slot => `layer.${n}.${name}`
    if (mlp.kind === 'experts') {
      const { active, hidden, activation: kind } = mlp
      const spread = {
        inWidth: width,
        outWidth: 2 * hidden,
        active,
        bias: mlp.bias,
        form: 'spread',
        residual: false,
        scale: 1,
      } as const
      const { slot: y, addTimes } = into
      const gather = {
        inWidth: hidden,
        outWidth: width,
        active,
        bias: mlp.bias,
        form: 'gather',
        residual: addTimes !== undefined,
        scale: addTimes ?? 1,
      } as const
      const biasOf = (name: string) => (mlp.bias ? at(`${name}.bias`) : NONE)
      return [
        linear(x, at('mlp.router'), { slot: 'liking' }, width, mlp.experts, mlp.routerBias), // [n, experts]
        op(
          route,
          { experts: mlp.experts, active, softmaxOver: mlp.softmaxOver },
          { logits: 'liking', routes: 'routes' },
        ),
        op(experts, spread, { x, weight: at('mlp.up'), bias: biasOf('mlp.up'), routes: 'routes', y: 'up' }),
        op(activation, { kind, hidden, gated: true, perRow: active }, { x: 'up', y: 'hidden', step: 'step' }), // [n · active, hidden]
        op(experts, gather, { x: 'hidden', weight: at('mlp.down'), bias: biasOf('mlp.down'), routes: 'routes', y }),
      ]
    }
    const { hidden, activation: kind } = mlp
    const gated = mlp.kind === 'gated'
    return [
      linear(x, at('mlp.up'), { slot: 'up' }, width, gated ? 2 * hidden : hidden, mlp.bias),
      op(activation, { kind, hidden, gated, perRow: 1 }, { x: 'up', y: 'hidden', step: 'step' }), // [n, hidden]
      linear('hidden', at('mlp.down'), into, hidden, width, mlp.bias),
    ]
  }

  function norm(x: Slot, weight: Slot, y: Slot): Op {
    const { kind, eps, offset } = spec.norm
    const scaled = spec.norm.weight ? `${weight}.weight` : ONES
    switch (kind) {
      case 'rms':
        return op(rmsnorm, { width, eps, offset }, { x, weight: scaled, y, step: 'step' })
      case 'layer':
        return op(
          layernorm,
          { width, eps, offset },
          { x, weight: scaled, bias: spec.norm.bias ? `${weight}.bias` : ZEROS, y, step: 'step' },
        )
      default:
        return kind satisfies never
    }
  }

  /** y = x·Wᵀ + bias, or y += addTimes · (x·Wᵀ + bias). x: [n, inWidth] → y: [n, outWidth] */
  function linear(
    x: Slot,
    weight: Slot,
    { slot: y, addTimes }: Into,
    inWidth: number,
    outWidth: number,
    biased = false,
  ): Op {
    const size = { inWidth, outWidth, bias: biased, residual: addTimes !== undefined, scale: addTimes ?? 1 }
    const slots = { x, weight, bias: biased ? `${weight}.bias` : NONE, y }
    return shape.rows === 'one' ? op(matvec, size, slots) : op(matmul, size, { ...slots, step: 'step' })
  }
}
