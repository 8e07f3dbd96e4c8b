/**
 * The whole decoder in float64, from a spec and the tensors of a file, by the formulas in `src/families/spec.ts` and
 * the operations of `oracle.ts`. It remembers nothing and computes every position anew: what the GPU must agree with
 * where transformers gives no numbers.
 */
import type { DecoderSpec, TensorRequest } from '../src/families/spec.ts'
import * as oracle from './oracle.ts'
import { numbersOf, type PlainTensors } from './safetensors.ts'

/** Numbers of each target, under 'layer.<n>.' where there is one for each layer. */
type Parts = ReadonlyMap<string, Float64Array>

/** Puts tensors together as targets: [rows out, columns in], q, k and v in one matrix. `round` is what weights lose. */
export function partsOf(
  requests: readonly TensorRequest[],
  tensors: PlainTensors,
  round: (value: number, request: TensorRequest) => number = (value) => value,
): Parts {
  const parts = new Map<string, number[]>()
  for (const request of requests) {
    const { names, target, layer, shape, kind, transposed, order, firstRow } = request
    const tensor = tensors[names.find((name) => name in tensors)!]!
    const numbers = numbersOf(tensor)
    const inner = kind === 'vector' ? [shape.at(-1)!, 1] : [shape.at(-2)!, shape.at(-1)!]
    const [rows, columns] = (transposed ? inner.toReversed() : inner) as [number, number]
    const key = layer === null ? target : `layer.${layer}.${target}`
    const part = parts.get(key) ?? []
    parts.set(key, part)
    for (let at = 0; at < numbers.length; at++) {
      const [stack, within] = [Math.floor(at / (rows * columns)), at % (rows * columns)]
      const row = stack * rows + (transposed ? within % rows : Math.floor(within / columns))
      const column = transposed ? Math.floor(within / rows) : within % columns
      const ordered = order ? row - (row % order.length) + order[row % order.length]! : row
      part[(firstRow + ordered) * columns + column] = round(numbers[at]!, request)
    }
  }
  return new Map([...parts].map(([key, part]) => [key, Float64Array.from(part)]))
}

export interface Decoded {
  /** [n, vocab] */
  readonly logits: Float64Array
  /** Per layer [head, query, key]. */
  readonly attentions: readonly Float64Array[]
  /** The residual stream before the first layer and after each: [n, width]. */
  readonly hidden: readonly Float64Array[]
  /** Per layer, what is added to it: [n, width]. */
  readonly added: readonly { readonly attention: Float64Array; readonly mlp: Float64Array }[]
  /** [n, vocab] of a residual stream [n, width]. */
  readonly head: (x: Float64Array) => Float64Array
}

/** Factors as in `Interventions`, each key once: 'layer.head', and 'layer.attention' or 'layer.mlp'. */
export interface Factors {
  readonly heads?: Readonly<Record<string, number>>
  readonly layers?: Readonly<Record<string, number>>
}

export function decode(spec: DecoderSpec, parts: Parts, ids: readonly number[], factors: Factors = {}): Decoded {
  const { width, embedding, position, attention, mlp } = spec
  const { heads, kvHeads, headDim, qkNorm } = attention
  const attentions: Float64Array[] = []
  const part = (name: string) => parts.get(name) ?? new Float64Array()
  const n = ids.length

  let x = oracle.embed(ids, part('embed'), embedding.width ?? width, { scale: embedding.scale })
  if (embedding.width !== null) x = oracle.linear(x, part('embed.projection'), embedding.width)
  const row = position.kind === 'learned' || position.kind === 'sinusoidal' ? position.offset : 0
  if (position.kind === 'learned') x = x.map((value, at) => value + part('positions')[row * width + at]!)
  if (position.kind === 'sinusoidal') {
    const waves = [
      ...position.frequencies.map((f) => (p: number) => Math.sin(p * f)),
      ...position.frequencies.map((f) => (p: number) => Math.cos(p * f)),
    ]
    x = x.map((value, at) => value + waves[at % width]!(row + Math.floor(at / width)))
  }
  if (embedding.norm) x = norm(x, 'embed.norm')
  const hidden = [x]
  const added = spec.layers.map(() => ({ attention: new Float64Array(), mlp: new Float64Array() }))
  for (const layer of spec.layers.keys()) hidden.push(sublayers(hidden.at(-1)!, layer))
  return { logits: head(hidden.at(-1)!), attentions, hidden, added, head }

  function head(residual: Float64Array): Float64Array {
    const normed = spec.finalNorm ? norm(residual, 'norm') : residual
    const last = embedding.width === null ? normed : oracle.linear(normed, part('head.projection'), width)
    const bias = spec.logits.bias ? part('head.bias') : undefined
    const size = embedding.width ?? width
    return oracle.logits(last, part(spec.head === 'tied' ? 'embed' : 'head'), size, { ...spec.logits, bias })
  }

  function sublayers(x: Float64Array, n: number): Float64Array {
    const at = `layer.${n}`
    const add = (a: Float64Array, b: Float64Array, name: 'attention' | 'mlp') => {
      const factor = spec.residualScale * (factors.layers?.[`${n}.${name}`] ?? 1)
      added[n]![name] = b.map((value) => factor * value)
      return a.map((value, i) => value + factor * b[i]!)
    }
    if (spec.residual !== 'sequential') {
      const first = norm(x, `${at}.attention.norm`)
      const second = spec.residual === 'parallel' ? norm(x, `${at}.mlp.norm`) : first
      return add(add(x, attend(first, n), 'attention'), feed(second, n), 'mlp')
    }
    const around = (x: Float64Array, name: 'attention' | 'mlp', f: (x: Float64Array, n: number) => Float64Array) => {
      const before = () => norm(x, `${at}.${name}.norm`)
      const output = (y: Float64Array) => norm(y, `${at}.${name}.output.norm`)
      switch (spec.normPlacement) {
        case 'before':
          return add(x, f(before(), n), name)
        case 'both':
          return add(x, output(f(before(), n)), name)
        case 'output':
          return add(x, output(f(x, n)), name)
        case 'after':
          return norm(add(x, f(x, n), name), `${at}.${name}.norm`)
        default:
          return spec.normPlacement satisfies never
      }
    }
    return around(around(x, 'attention', attend), 'mlp', feed)
  }

  function norm(x: Float64Array, name: string): Float64Array {
    const { kind, eps, offset, weight } = spec.norm
    const scale = weight ? part(`${name}.weight`) : new Float64Array(width).fill(1)
    if (kind === 'rms') return oracle.rmsnorm(x, scale, eps, offset)
    return oracle.layernorm(x, scale, spec.norm.bias ? part(`${name}.bias`) : new Float64Array(width), eps, offset)
  }

  function attend(x: Float64Array, layer: number): Float64Array {
    const at = `layer.${layer}.attention`
    const { scale, window, rope } = spec.layers[layer]!
    const [queries, keys] = [heads * headDim, kvHeads * headDim]
    const stride = queries + 2 * keys
    let qkv = oracle.linear(x, part(`${at}.qkv`), width, { bias: parts.get(`${at}.qkv.bias`) })
    if (qkNorm) qkv = normHeads(normHeads(qkv, 'q', 0, heads), 'k', queries, kvHeads)
    if (attention.clip > 0) qkv = oracle.clip(qkv, attention.clip)
    const columns = (from: number, count: number) =>
      Float64Array.from({ length: n * count }, (_, i) => qkv[Math.floor(i / count) * stride + from + (i % count)]!)
    let q: Float64Array = columns(0, queries)
    let k: Float64Array = columns(queries, keys)
    if (position.kind === 'rope' && rope !== null) {
      const { inverseFrequencies, attentionFactor, beyond } = position.tables[rope]!
      const frequencies = beyond && n > beyond.positions ? beyond.inverseFrequencies : inverseFrequencies
      // As in transformers: frequencies and angles are float32.
      const angle = (row: number, pair: number) => Math.fround(row * Math.fround(frequencies[pair]!))
      const turn = (x: Float64Array, heads: number) =>
        oracle
          .rope(x, { heads, headDim, ...position }, angle)
          .map((value, i) => (i % headDim < position.rotaryDim ? attentionFactor * value : value))
      q = turn(q, heads)
      k = turn(k, kvHeads)
    }
    const { weights, y } = oracle.attention(q, k, columns(queries + keys, keys), {
      ...{ heads, kvHeads, headDim, scale, window: window ?? 0, softcap: attention.softcap },
      slopes: position.kind === 'alibi' ? position.slopes : undefined,
      sinks: attention.sinks ? part(`${at}.sinks`) : undefined,
    })
    attentions.push(weights)
    const scaled = y.map((value, i) => {
      const factor = factors.heads?.[`${layer}.${Math.floor(i / headDim) % heads}`] ?? 1
      return factor * value
    })
    return oracle.linear(scaled, part(`${at}.output`), queries, { bias: parts.get(`${at}.output.bias`) })

    function normHeads(x: Float64Array, which: 'q' | 'k', start: number, count: number): Float64Array {
      const { over, norm } = qkNorm!
      const own = norm.weight ? part(`${at}.${which}.norm.weight`) : [1]
      const weight = Float64Array.from({ length: count * headDim }, (_, i) => norm.offset + own[i % own.length]!)
      const groups = over === 'width' ? { count: 1, size: count * headDim } : { count, size: headDim }
      return oracle.headNorm(x, weight, { stride, start, ...groups, kind: norm.kind, eps: norm.eps })
    }
  }

  function feed(x: Float64Array, layer: number): Float64Array {
    const at = `layer.${layer}.mlp`
    const [up, down] = [part(`${at}.up`), part(`${at}.down`)]
    const [upBias, downBias] = [parts.get(`${at}.up.bias`), parts.get(`${at}.down.bias`)]
    const { kind, hidden } = mlp
    if (kind !== 'experts') {
      const spread = oracle.linear(x, up, width, { bias: upBias })
      const active = oracle.activate(spread, hidden, { kind: mlp.activation, gated: kind === 'gated' })
      return oracle.linear(active, down, hidden, { bias: downBias })
    }
    const { experts, active } = mlp
    const liking = oracle.linear(x, part(`${at}.router`), width, { bias: parts.get(`${at}.router.bias`) })
    const routes = oracle.route(liking, experts, active, mlp.softmaxOver)
    const spread = oracle.spread(x, up, experts, routes.ids, { inWidth: width, active, bias: upBias })
    return oracle.gather(
      oracle.activate(spread, hidden, { kind: mlp.activation, gated: true }),
      down,
      experts,
      routes,
      { inWidth: hidden, active, bias: downBias },
    )
  }
}
