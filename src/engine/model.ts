/** A loaded model in the engine's own thread. */
import type { ModelChat } from '../chat/chat.ts'
import { compile, type Decoder, operations } from '../decoder/decoder.ts'
import { evaluate } from '../decoder/evaluate.ts'
import type { Timeline } from '../decoder/timeline.ts'
import { HeadlightError } from '../errors.ts'
import { type Constraint, createConstraint } from '../generation/constrain/constraint.ts'
import { createVocabulary, type Vocabulary } from '../generation/constrain/vocabulary.ts'
import type { ResolvedSampling } from '../generation/sampling.ts'
import { resolveInterventions } from '../inspect/request.ts'
import { type ModelTokenizer, refusingTokenizer } from '../tokenizer/index.ts'
import { isConversation } from './chat.ts'
import type { Loaded } from './load.ts'
import type { TextPlace } from './saved-text.ts'
import { LocalSession } from './session.ts'
import type {
  ChatOptions,
  ForwardOptions,
  ForwardResult,
  Input,
  Model,
  ModelInfo,
  Profile,
  ProfileOptions,
  ResponseFormat,
  Session,
} from './types.ts'

/** Kernels for long prompts are compiled so long after a load, if nobody asked for them before: they take their time. */
const IDLE_MS = 500

/** Between two pieces of work that nobody waits for. */
const REST_MS = 4

export class LocalModel implements Model {
  readonly info: ModelInfo
  readonly tokenizer: ModelTokenizer
  readonly chat: ModelChat
  readonly decoder: Decoder
  readonly texts: TextPlace | undefined
  readonly #sessions = new Set<LocalSession>()
  readonly #end = new AbortController()
  readonly #onDestroy: () => void
  readonly #compiling: ReturnType<typeof setTimeout>
  #vocabulary: Vocabulary | undefined

  constructor({ decoder, info, chat, tokenizer = refusingTokenizer, texts, pack }: Loaded, onDestroy: () => void) {
    this.#onDestroy = onDestroy
    this.decoder = decoder
    this.info = info
    this.chat = chat
    this.tokenizer = tokenizer
    this.texts = texts
    this.#compiling = setTimeout(() => {
      const { gpu, forms, weights } = decoder
      compile(gpu, operations(forms.many), weights.partsOf, () => undefined).catch(() => undefined) // who binds it sees it
    }, IDLE_MS)
    const { signal } = this.#end
    void pack?.({ rest: () => this.rest(signal), signal })
  }

  async profile({ signal, ...options }: ProfileOptions = {}): Promise<Profile> {
    this.refuseDestroyed()
    const either = this.#until(signal)
    try {
      const { profile } = await import('./profile.ts') // few ask for it
      return await profile(this.decoder, { ...options, signal: either })
    } catch (error) {
      throw error instanceof HeadlightError || either.aborted ? error : await this.decoder.gpu.explain(error)
    }
  }

  async forward(
    ids: readonly number[],
    {
      logits = 'last',
      stepwise = false,
      attentions = false,
      hidden = false,
      signal,
      ...interventions
    }: ForwardOptions = {},
  ): Promise<ForwardResult> {
    this.refuseDestroyed()
    const checked = this.idsOf(ids)
    this.refuseTooMany(checked)
    const changes = resolveInterventions(this.info, interventions)
    const either = this.#until(signal)
    try {
      const wanted = { logits, stepwise, attentions, hidden, changes, signal: either }
      const found = await evaluate(this.decoder, checked, wanted)
      return {
        logits: found.logits,
        ...(attentions && { attentions: found.attentions }),
        ...(hidden && { hidden: found.hidden }),
      }
    } catch (error) {
      throw error instanceof HeadlightError || either.aborted ? error : await this.decoder.gpu.explain(error)
    }
  }

  /** @throws HeadlightError `context-full` */
  refuseTooMany({ length }: readonly number[]): void {
    const { context } = this.info
    if (length <= context) return
    const message = `got ${length} ids; this model's context holds ${context}: pass fewer`
    throw new HeadlightError('context-full', message, { found: length, expected: context })
  }

  /** @param timeline what it goes on from; nothing, unless given */
  session(timeline?: Timeline): Session {
    this.refuseDestroyed()
    const session = new LocalSession(this, timeline)
    this.#sessions.add(session)
    return session
  }

  /** Token ids of an input, each in the vocabulary. An empty text starts where texts start. */
  idsOf(input: Input, options: ChatOptions = {}): readonly number[] {
    const { vocab, endOfText } = this.info
    const ids = this.#encode(input, options)
    if (ids.length === 0 && input === '' && endOfText.length > 0) return endOfText.slice(0, 1)
    if (ids.length === 0)
      throw new HeadlightError('bad-input', 'the input has no tokens; give at least one', { option: 'input' })
    const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocab)
    if (wrong !== undefined) {
      const message = `token id ${wrong} is not in the vocabulary: expected integers from 0 to ${vocab - 1}`
      throw new HeadlightError('bad-input', message, { option: 'input', found: wrong, expected: vocab - 1 })
    }
    return ids
  }

  /** @throws HeadlightError `bad-input`, `no-tokenizer`, `unsupported` */
  constrain(format: ResponseFormat, { logitBias }: ResolvedSampling, endOfText: readonly number[]): Constraint {
    const { tokenizer } = this
    const { vocab } = this.info
    const isBanned = (id: number) => logitBias.get(id) === Number.NEGATIVE_INFINITY
    const ends = endOfText.filter((id) => !isBanned(id))
    if ([...logitBias.keys()].some(isBanned)) {
      const left = createVocabulary(vocab, (id) => (isBanned(id) ? undefined : tokenizer.tokenBytes(id)))
      return createConstraint(format, left, ends)
    }
    this.#vocabulary ??= createVocabulary(vocab, tokenizer.tokenBytes)
    return createConstraint(format, this.#vocabulary, ends)
  }

  #encode(input: Input, options: ChatOptions): readonly number[] {
    if (typeof input === 'string') return this.tokenizer.encode(input)
    if (!isConversation(input)) return [...input]
    const { addSpecialTokens } = this.chat
    return this.tokenizer.encode(this.chat.render(input, options), { addSpecialTokens })
  }

  /** Aborts with `signal`, and when the model is destroyed. */
  #until(signal: AbortSignal | undefined): AbortSignal {
    return AbortSignal.any([signal, this.#end.signal].filter((one) => one !== undefined))
  }

  /** A session writes: it will ask for the kernels of long prompts itself, once its first token is out. */
  leaveCompiling(): void {
    clearTimeout(this.#compiling)
  }

  refuseDestroyed(): void {
    this.#end.signal.throwIfAborted()
  }

  /** Lets others have a turn, and waits while any session writes; not once `signal` has aborted. */
  async rest(signal: AbortSignal): Promise<void> {
    do await new Promise((resolve) => setTimeout(resolve, REST_MS))
    while ([...this.#sessions].some(({ isWriting }) => isWriting) && !signal.aborted)
  }

  forget(session: LocalSession): void {
    this.#sessions.delete(session)
  }

  destroy(): void {
    if (this.#end.signal.aborted) return
    clearTimeout(this.#compiling)
    this.#end.abort(new HeadlightError('destroyed', 'this model was destroyed; load it again'))
    for (const session of this.#sessions) session.destroy()
    this.decoder.destroy()
    this.#onDestroy()
  }
}
