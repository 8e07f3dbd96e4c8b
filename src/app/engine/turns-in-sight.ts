/** What the model gets to see of a conversation: all turns, or, where they fill its context, the first and the latest. */
import type { Message, Model } from '../../index.ts'
import { sliding, type WhenFull } from '../sampling/parameters.ts'
import type { ContextUse } from '../store/status.ts'
import { roomForSummary, roomIn, SHOWN_TOKENS, sinceSummary, summaryIds } from './prompt.ts'

export interface TurnsInSight {
  readonly messages: readonly Message[]
  /** Of the text that the template makes of all turns, in tokens. */
  readonly total: number
  /** Of the text that it makes of `messages`. */
  readonly seen: number
  /** The model has room to answer. */
  readonly hasRoom: boolean
  /** Turns before those that are left out; the system prompt is none. */
  readonly first: number
  readonly gone: readonly Message[]
  /** Of those, turns that nobody summarised; undefined where there is no summary. */
  readonly unsummarised?: number | undefined
}

type Reader = Pick<Model, 'tokenizer' | 'info' | 'chat'>

/**
 * The system prompt always stays. Of the turns, the first stay as far as `whenFull.keep` tokens go, and the latest, to
 * half a context in all; the reader's last turn stays in any case. What is left out begins and ends where the reader
 * speaks: templates want turns to alternate. A summary stands in brackets before the reader's words that follow.
 * @param messages with the system prompt, if there is one, as the first
 * @throws HeadlightError where the template refuses them
 */
export function turnsInSight(messages: readonly Message[], model: Reader, whenFull: WhenFull = sliding): TurnsInSight {
  const { tokenizer, info } = model
  const room = roomIn(info.context)
  const measure = (given: readonly Message[]) => idsOf({ messages: given }, model).length
  const total = measure(messages)
  const all = { messages, total, seen: total, hasRoom: total + room <= info.context, first: 0, gone: [] }
  if (all.hasRoom || whenFull === 'stop') return all

  const system = messages.filter(({ role }) => role === 'system')
  const rounds = inRounds(messages.slice(system.length))
  const costs = rounds.map((round) =>
    round.reduce((sum, { content, reasoning_content: thinking = '' }) => {
      return sum + tokenizer.encode(thinking + content, { addSpecialTokens: false }).length
    }, 0),
  )
  const beginning = countWithin(costs.slice(0, -1), Math.min(whenFull.keep, info.context / 4))
  const begun = costs.slice(0, beginning).reduce((sum, cost) => sum + cost, 0)
  const latest = Math.max(1, countWithin(costs.slice(beginning).reverse(), info.context / 2 - begun))
  const gone = rounds.slice(beginning, rounds.length - latest).flat()
  if (gone.length === 0) return all
  const first = rounds.slice(0, beginning).flat()
  const last = rounds.slice(-latest).flat()
  const given = [...system, ...first, ...withSummary(last, whenFull.summary?.words.trim(), { tokenizer, info })]
  const seen = measure(given)
  return {
    messages: given,
    total,
    seen,
    hasRoom: seen + room <= info.context,
    first: first.length,
    gone,
    unsummarised: sinceSummary(gone.length, whenFull),
  }
}

function withSummary(turns: readonly Message[], words: string | undefined, reader: Pick<Reader, 'tokenizer' | 'info'>) {
  const [next, ...others] = turns
  if (!words || !next) return turns
  const ids = summaryIds(words, reader)
  const given = ids.length < roomForSummary(reader.info.context) ? words : reader.tokenizer.decode(ids)
  return [{ ...next, content: `[${given}]\n\n${next.content ?? ''}` }, ...others]
}

/** What the model reads of them. @throws HeadlightError where the template refuses them */
export const idsOf = (
  { messages }: Pick<TurnsInSight, 'messages'>,
  { tokenizer, chat }: Pick<Model, 'tokenizer' | 'chat'>,
): readonly number[] =>
  tokenizer.encode(chat.render(messages, { continueLast: messages.at(-1)?.role === 'assistant' }), {
    addSpecialTokens: false,
  })

/** What the reader says, with what is answered to it. */
function inRounds(turns: readonly Message[]): Message[][] {
  const rounds: Message[][] = []
  for (const turn of turns) {
    const round = rounds.at(-1)
    if (round && turn.role !== 'user') round.push(turn)
    else rounds.push([turn])
  }
  return rounds
}

/** How many of `costs`, from the first on, are within `limit` together. */
function countWithin(costs: readonly number[], limit: number): number {
  let left = limit
  const end = costs.findIndex((cost) => {
    left -= cost
    return left < 0
  })
  return end < 0 ? costs.length : end
}

/** For the context meter. */
export function turnsUse(sight: TurnsInSight, { tokenizer }: Pick<Model, 'tokenizer'>): ContextUse {
  const { messages, total, seen, first, gone, unsummarised } = sight
  const use = { text: total, seen, kept: 0, ...(unsummarised !== undefined && { unsummarised }) }
  const [from, to] = [gone[0]?.content, gone.at(-1)?.content]
  if (from === undefined || to === undefined) return use
  const ids = (text: string) => tokenizer.encode(text, { addSpecialTokens: false })
  const words = (part: readonly number[]) => tokenizer.decode(part).replace(/\s+/g, ' ').trim()
  const turns = messages.filter(({ role }) => role !== 'system').length
  return {
    ...use,
    gone: { from: words(ids(from).slice(0, SHOWN_TOKENS)), to: words(ids(to).slice(-SHOWN_TOKENS)) },
    turns: { first, latest: turns - first, gone: gone.length },
  }
}
