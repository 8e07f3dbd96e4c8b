/** What is seen while a text is written, and in one that is there, beside the numbers of transformers. */
import { beforeAll, describe, expect, test } from 'vitest'
import { gpu } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { logprob } from '../../test/oracle-sampling.ts'
import { FAMILY_REFERENCES } from '../../test/reference/folder.ts'
import { goldenCases } from '../../test/reference/golden.ts'
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'
import type { GenerateOptions, InspectedMaps, InspectOptions, Seen, Session, Token } from './types.ts'

const LOGITS = 2e-4
const ATTENTION = 1e-5

/** The row of one query in every head asked for. */
const rowOf = (layer: readonly (readonly (readonly number[])[])[], heads: readonly number[], query: number): number[] =>
  heads.flatMap((head) => layer[head]![query]!.slice(0, query + 1))

const furthest = (got: ArrayLike<number>, want: readonly number[]): number =>
  got.length === want.length ? Math.max(...want.map((n, i) => Math.abs(n - got[i]!))) : Number.POSITIVE_INFINITY

async function collect(session: Session, prompt: readonly number[], options: GenerateOptions): Promise<Token[]> {
  const tokens: Token[] = []
  for await (const token of session.generate(prompt, { ignoreEndOfText: true, temperature: 0, ...options }))
    tokens.push(token)
  return tokens
}

async function inspect(session: Session, ids: readonly number[], options: InspectOptions) {
  const seen: Seen[] = []
  const looking = session.inspect(ids, options)
  for (;;) {
    const { done, value } = await looking.next()
    if (done) return { seen, maps: value as InspectedMaps | undefined }
    seen.push(value as Seen)
  }
}

/** As deep as it says what a text is likely to go on with: the numbers of a row of logits. */
function judged(row: readonly number[] | Float32Array, id: number) {
  const ids = [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b)
  const entropy = -ids.reduce((sum, other) => sum + Math.exp(logprob(row, other)) * logprob(row, other), 0)
  return { rank: ids.indexOf(id), entropy, logprob: logprob(row, id), top: ids }
}

describe.each(FAMILY_REFERENCES)('%s', (name) => {
  const { prompt, attentions, allLogits } = goldenCases(name).find((each) => each.attentions && each.allLogits)!
  let model: LocalModel
  beforeAll(async () => {
    model = await new LocalEngine(gpu).load(hosted(name), { kv: 'f32' })
    return () => model.destroy()
  })

  test('rows of attention while writing', async () => {
    const layers = [...attentions!.keys()]
    const heads = [model.info.heads - 1, 0].filter((head, i, all) => all.indexOf(head) === i).sort()
    const session = model.session()
    const only = (id: number) => ({ logitBias: { [id]: 1e5 } })
    for (let length = 2; length <= prompt.length; length++) {
      const [token] = await collect(session, prompt.slice(0, length), {
        ...only(prompt[length] ?? 0),
        maxTokens: 1,
        inspect: { attentions: { layers, heads }, probabilities: { top: 3 } },
      })
      const row = length - 1
      expect(token!.seen).toMatchObject({ row, position: length, id: token!.id })
      for (const { layer, weights } of token!.seen!.attentions!) {
        expect(furthest(weights, rowOf(attentions![layer]!, heads, row))).toBeLessThanOrEqual(ATTENTION)
      }
      const want = judged(allLogits![row]!, token!.id)
      expect(token!.seen!.probability!.entropy).toBeCloseTo(want.entropy, 3)
      expect(token!.seen!.probability!.logprob).toBeCloseTo(want.logprob, 3)
      expect(token!.seen!.probability!.drawn).toMatchObject({ kept: 1, logprob: 0, top: [{ id: token!.id }] })
    }
  })

  test('a text that is there: attention, maps and probabilities', async () => {
    const layers = [...attentions!.keys()]
    const size = 3
    const { seen, maps } = await inspect(model.session(), prompt, {
      attentions: { layers },
      maps: { layers, size },
      probabilities: { top: 4 },
    })
    expect(seen.map(({ position, id }) => [position, id])).toEqual(prompt.map((id, at) => [at, id]))
    for (const { row, attentions: found, probability, position, id } of seen) {
      expect(row).toBe(position)
      for (const { layer, heads, weights } of found!) {
        expect(furthest(weights, rowOf(attentions![layer]!, heads, row))).toBeLessThanOrEqual(ATTENTION)
      }
      if (position === 0) continue
      const want = judged(allLogits![position - 1]!, id)
      expect(Math.abs(probability!.logprob - want.logprob)).toBeLessThanOrEqual(2 * LOGITS)
      expect(Math.abs(probability!.entropy - want.entropy)).toBeLessThanOrEqual(10 * LOGITS)
      for (const [rank, { logprob: found }] of probability!.top.entries()) {
        const own = judged(allLogits![position - 1]!, want.top[rank]!).logprob
        expect(Math.abs(found - own)).toBeLessThanOrEqual(2 * LOGITS)
      }
    }
    expect(seen[0]!.probability).toBeUndefined()
    const n = prompt.length
    expect(maps!.maps).toHaveLength(layers.length * model.info.heads)
    for (const { layer, head, cells } of maps!.maps) {
      const want = new Float32Array(maps!.size ** 2)
      for (const [query, row] of attentions![layer]![head]!.entries()) {
        for (const [key, weight] of row.entries()) {
          const at = Math.floor((query * maps!.size) / n) * maps!.size + Math.floor((key * maps!.size) / n)
          want[at] = Math.max(want[at]!, weight)
        }
      }
      expect(furthest(cells, [...want])).toBeLessThanOrEqual(ATTENTION)
    }
  })
})
