/**
 * A made-up checkpoint as an ONNX graph of the operators that onnxruntime fuses decoders into, with the names that
 * transformers.js expects. Logits are those of the last token only, as in exports of today.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { numbersOf, readSafetensors } from '../../test/safetensors.ts'
import { Onnx } from './onnx.ts'
import { quantise } from './quantise.ts'

export type PeerWeights = 'f32' | 'q4'

/** What transformers.js calls them: its `dtype`, and the file that it looks for. */
const FILES: Readonly<Record<PeerWeights, string>> = { f32: 'model.onnx', q4: 'model_q4.onnx' }

type Config = Readonly<Record<string, number>> & { readonly model_type: string }

/** Makes the ONNX files of a made-up checkpoint, if they are not there yet. @returns their folder */
export function exportOnnx(folder: string, weights: PeerWeights): string {
  const target = `${folder}-onnx`
  const file = join(target, 'onnx', FILES[weights])
  if (existsSync(file)) return target
  mkdirSync(join(target, 'onnx'), { recursive: true })
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Config
  const external = Object.fromEntries(Object.values(FILES).map((name) => [name, 1]))
  const extended = { ...config, 'transformers.js_config': { use_external_data_format: external } }
  writeFileSync(join(target, 'config.json'), JSON.stringify(extended))
  writeFileSync(join(target, 'generation_config.json'), '{}')
  const bytes = readFileSync(join(folder, 'model.safetensors'))
  const tensors = readSafetensors(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)) // a Buffer slices itself in place
  const graph = new Graph(file, weights, (name) => numbersOf(tensors[name]!))
  if (config.model_type === 'gpt2') gpt2(graph, config)
  else llama(graph, config)
  graph.finish()
  return target
}

class Graph extends Onnx {
  readonly read: (tensor: string) => Float32Array
  readonly #weights: PeerWeights

  constructor(path: string, weights: PeerWeights, read: (tensor: string) => Float32Array) {
    super(path)
    this.#weights = weights
    this.read = read
  }

  vector(tensor: string): string {
    const data = this.read(tensor)
    return this.weight(data, [data.length])
  }

  /** x·Wᵀ, with W [outs, ins] */
  product(x: string, matrix: Float32Array, outs: number, ins: number): string {
    if (this.#weights === 'f32') {
      return this.node('MatMul', [x, this.weight(transpose(matrix, outs, ins), [ins, outs])])[0]
    }
    const { quants, scales, block } = quantise(matrix)
    const inputs = [x, this.weight(quants, [outs, ins / block, block / 2]), this.weight(scales, [(outs * ins) / block])]
    return this.node('microsoft.MatMulNBits', inputs, { K: ins, N: outs, bits: 4, block_size: block })[0]
  }

  /** What both models take: ids, and how many tokens there are with those that are cached. */
  begin() {
    const ids = this.input('input_ids', 'int64', ['batch_size', 'tokens'])
    const mask = this.input('attention_mask', 'int64', ['batch_size', 'total'])
    const INT32 = 6
    const [sum] = this.node('ReduceSum', [mask, this.constant([1])], { keepdims: 0 })
    const [last] = this.node('Sub', [sum, this.constant([1], [])])
    const [lengths] = this.node('Cast', [last], { to: INT32 })
    const [shape] = this.node('Shape', [mask], { start: 1, end: 2 })
    const [scalar] = this.node('Squeeze', [shape, this.constant([0])])
    const [total] = this.node('Cast', [scalar], { to: INT32 })
    return { ids, lengths, total }
  }

  /** qkv [tokens, (heads + 2 · kvHeads) · headDim] → [tokens, heads · headDim] */
  attend(
    layer: number,
    qkv: string,
    { lengths, total }: { readonly lengths: string; readonly total: string },
    { heads, kvHeads, headDim }: { readonly heads: number; readonly kvHeads: number; readonly headDim: number },
    angles?: readonly [cos: string, sin: string],
  ): string {
    const [key, value] = ['key', 'value'].map((which) =>
      this.input(`past_key_values.${layer}.${which}`, 'float', ['batch_size', kvHeads, 'past', headDim]),
    ) as [string, string]
    const present = ['key', 'value'].map((which) => `present.${layer}.${which}`)
    const [attended] = this.node(
      'microsoft.GroupQueryAttention',
      [qkv, '', '', key, value, lengths, total, ...(angles ?? [])],
      {
        outputs: [`attended.${layer}`, ...present],
        num_heads: heads,
        kv_num_heads: kvHeads,
        scale: { float: 1 / Math.sqrt(headDim) },
        do_rotary: angles ? 1 : 0,
      },
    )
    for (const name of present) this.output(name, 'float', ['batch_size', kvHeads, 'total', headDim])
    return attended
  }

  /** Logits of the last token. */
  head(x: string, embedding: Float32Array, vocab: number, width: number): void {
    const [last] = this.node('Slice', [x, this.constant([-1]), this.constant([2 ** 31]), this.constant([1])])
    const logits = this.product(last, embedding, vocab, width)
    this.node('Identity', [logits], { outputs: ['logits'] })
    this.output('logits', 'float', ['batch_size', 1, vocab])
  }
}

function gpt2(
  graph: Graph,
  { n_layer = 0, n_embd: width = 0, n_head: heads = 0, n_positions = 0, vocab_size: vocab = 0 }: Config,
): void {
  const epsilon = { float: 1e-5 }
  const embedding = graph.read('transformer.wte.weight')
  const given = graph.begin()
  const positions = graph.input('position_ids', 'int64', ['batch_size', 'tokens'])
  const [tokens] = graph.node('Gather', [graph.weight(embedding, [vocab, width]), given.ids])
  const table = graph.weight(graph.read('transformer.wpe.weight'), [n_positions, width])
  const [placed] = graph.node('Gather', [table, positions])
  let [x] = graph.node('Add', [tokens, placed])
  const normOf = (name: string) => [graph.vector(`${name}.weight`), graph.vector(`${name}.bias`)]
  let [normed] = graph.node('LayerNormalization', [x, ...normOf('transformer.h.0.ln_1')], { epsilon })
  const linear = (from: string, name: string, outs: number, ins: number) =>
    graph.product(from, transpose(graph.read(`${name}.weight`), ins, outs), outs, ins)
  /** x += y + bias, and the norm of that */
  const addAndNorm = (y: string, bias: string, norm: string): void => {
    const inputs = [x, y, ...normOf(norm), graph.vector(bias)]
    const [next, , , sum] = graph.node('microsoft.SkipLayerNormalization', inputs, { outputs: 4, epsilon })
    ;[x, normed] = [sum!, next]
  }
  for (let n = 0; n < n_layer; n++) {
    const at = (name: string) => `transformer.h.${n}.${name}`
    const shape = { heads, kvHeads: heads, headDim: width / heads }
    const [qkv] = graph.node('Add', [
      linear(normed, at('attn.c_attn'), 3 * width, width),
      graph.vector(at('attn.c_attn.bias')),
    ])
    const attended = graph.attend(n, qkv, given, shape)
    addAndNorm(linear(attended, at('attn.c_proj'), width, width), at('attn.c_proj.bias'), at('ln_2'))
    const up = linear(normed, at('mlp.c_fc'), 4 * width, width)
    const [hidden] = graph.node('microsoft.FastGelu', [up, graph.vector(at('mlp.c_fc.bias'))])
    const next = n + 1 < n_layer ? `transformer.h.${n + 1}.ln_1` : 'transformer.ln_f'
    addAndNorm(linear(hidden, at('mlp.c_proj'), width, 4 * width), at('mlp.c_proj.bias'), next)
  }
  graph.head(normed, embedding, vocab, width)
}

function llama(
  graph: Graph,
  {
    num_hidden_layers = 0,
    hidden_size: width = 0,
    intermediate_size: hidden = 0,
    num_attention_heads: heads = 0,
    num_key_value_heads: kvHeads = 0,
    max_position_embeddings: context = 0,
    rope_theta = 0,
    rms_norm_eps = 0,
    vocab_size: vocab = 0,
  }: Config,
): void {
  const epsilon = { float: rms_norm_eps }
  const headDim = width / heads
  const embedding = graph.read('model.embed_tokens.weight')
  const given = graph.begin()
  let [x] = graph.node('Gather', [graph.weight(embedding, [vocab, width]), given.ids])
  const normInputs = (name: string) => [graph.vector(`${name}.weight`)]
  let [normed] = graph.node('SimplifiedLayerNormalization', [x, ...normInputs('model.layers.0.input_layernorm')], {
    epsilon,
    axis: -1,
    stash_type: 1,
  })
  const linear = (from: string, names: readonly string[], outs: number, ins: number) =>
    graph.product(from, joined(names.map((name) => graph.read(`${name}.weight`))), outs, ins)
  const addAndNorm = (y: string, norm: string): void => {
    const inputs = [x, y, ...normInputs(norm)]
    const [next, , , sum] = graph.node('microsoft.SkipSimplifiedLayerNormalization', inputs, { outputs: 4, epsilon })
    ;[x, normed] = [sum!, next]
  }
  const angles = [Math.cos, Math.sin].map((turn) => {
    const table = Float32Array.from({ length: (context * headDim) / 2 }, (_, i) => {
      const [position, pair] = [Math.floor(i / (headDim / 2)), i % (headDim / 2)]
      return turn(position * rope_theta ** ((-2 * pair) / headDim))
    })
    return graph.weight(table, [context, headDim / 2])
  }) as [string, string]
  for (let n = 0; n < num_hidden_layers; n++) {
    const at = (name: string) => `model.layers.${n}.${name}`
    const names = ['q', 'k', 'v'].map((which) => at(`self_attn.${which}_proj`))
    const qkv = linear(normed, names, (heads + 2 * kvHeads) * headDim, width)
    const attended = graph.attend(n, qkv, given, { heads, kvHeads, headDim }, angles)
    addAndNorm(linear(attended, [at('self_attn.o_proj')], width, width), at('post_attention_layernorm'))
    const gate = linear(normed, [at('mlp.gate_proj')], hidden, width)
    const up = linear(normed, [at('mlp.up_proj')], hidden, width)
    const [silu] = graph.node('microsoft.QuickGelu', [gate], { alpha: { float: 1 } })
    const [product] = graph.node('Mul', [silu, up])
    const next = n + 1 < num_hidden_layers ? `model.layers.${n + 1}.input_layernorm` : 'model.norm'
    addAndNorm(linear(product, [at('mlp.down_proj')], width, hidden), next)
  }
  graph.head(normed, embedding, vocab, width)
}

/** [rows, columns] → [columns, rows] */
function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(matrix.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = matrix[row * columns + column]!
  }
  return turned
}

/** Matrices of the same width, below each other. */
function joined(matrices: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(matrices.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const matrix of matrices) {
    all.set(matrix, at)
    at += matrix.length
  }
  return all
}
