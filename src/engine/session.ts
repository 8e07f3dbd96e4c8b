/** A session in the engine's own thread: text or ids in, tokens out, over one timeline. */
import { markThinking } from '../chat/mark.ts'
import { begunBy } from '../chat/unfinished.ts'
import type { Changes } from '../decoder/changes.ts'
import { Timeline } from '../decoder/timeline.ts'
import { HeadlightError } from '../errors.ts'
import { decode } from '../generation/decode.ts'
import { MOST_AHEAD } from '../generation/pace.ts'
import { Sampler } from '../generation/sampler.ts'
import { randomSeed, resolveSampling } from '../generation/sampling.ts'
import { speller } from '../generation/spell.ts'
import { write } from '../generation/write.ts'
import { inspectText } from '../inspect/inspect.ts'
import { check, resolveInspect, resolveInterventions } from '../inspect/request.ts'
import { Watch } from '../inspect/watch.ts'
import { isConversation } from './chat.ts'
import type { LocalModel } from './model.ts'
import { restoreText, saveText } from './saved-text.ts'
import type {
  Finish,
  GenerateOptions,
  Input,
  Inspect,
  InspectedMaps,
  InspectOptions,
  Seen,
  Session,
  Token,
} from './types.ts'

export class LocalSession implements Session {
  readonly #model: LocalModel
  readonly #timeline: Timeline
  readonly #end = new AbortController()
  #sampler: Sampler | undefined
  /** What was looked at last, and by what name: the same again makes nothing. */
  #watched: { readonly key: string; readonly watch: Watch } | undefined
  #writing = false
  /** Being saved, or restored: what is to happen to the timeline waits for that, or ends it. */
  #stored: { readonly end: () => void; readonly done: Promise<unknown> } | undefined

  constructor(model: LocalModel, timeline = new Timeline(model.decoder)) {
    this.#model = model
    this.#timeline = timeline
  }

  get isWriting(): boolean {
    return this.#writing
  }

  async *generate(input: Input, options: GenerateOptions = {}): AsyncGenerator<Token, Finish, void> {
    return yield* this.#busy(options.signal, (ended) => this.#write(input, options, ended))
  }

  async *inspect(
    ids: readonly number[],
    options: InspectOptions,
  ): AsyncGenerator<Seen, InspectedMaps | undefined, void> {
    return yield* this.#busy(options.signal, (ended) => this.#look(ids, options, ended))
  }

  async fork(upTo = Number.POSITIVE_INFINITY): Promise<Session> {
    this.#refuseUnlessFree()
    if (upTo !== Number.POSITIVE_INFINITY) check('upTo', upTo, 0, Number.MAX_SAFE_INTEGER)
    this.#writing = true
    try {
      await this.#settle()
      const timeline = await this.#timeline.fork(upTo)
      return this.#model.session(timeline)
    } finally {
      this.#free()
    }
  }

  async save(name: string): Promise<number> {
    const { texts } = this.#model
    if (!texts || !this.#isFree) return 0
    const end = new AbortController()
    const signal = AbortSignal.any([end.signal, this.#end.signal])
    const rest = () => this.#model.rest(signal)
    const saving = saveText(this.#timeline, name, texts, { rest, signal })
    return this.#store(saving, () => end.abort())
  }

  async restore(name: string): Promise<number> {
    const { texts } = this.#model
    if (!texts || !this.#isFree) return 0
    return this.#store(restoreText(this.#timeline, name, texts, this.#end.signal), () => undefined)
  }

  get #isFree(): boolean {
    return !this.#writing && !this.#stored && !this.#end.signal.aborted
  }

  async #store(done: Promise<number>, end: () => void): Promise<number> {
    this.#stored = { end, done: done.catch(() => undefined) }
    try {
      return await done
    } finally {
      this.#stored = undefined
      if (!this.#writing) this.#free()
    }
  }

  /** Saving ends, being restored is waited for. */
  async #settle(): Promise<void> {
    this.#stored?.end()
    await this.#stored?.done
  }

  /** Nothing else may happen to the timeline meanwhile. */
  async *#busy<T, R>(
    signal: AbortSignal | undefined,
    work: (ended: AbortSignal) => AsyncGenerator<T, R, void> | Promise<AsyncGenerator<T, R, void>>,
  ): AsyncGenerator<T, R, void> {
    this.#refuseUnlessFree()
    this.#writing = true
    this.#model.leaveCompiling()
    const ended = AbortSignal.any([signal, this.#end.signal].filter((one) => one !== undefined))
    try {
      await this.#settle()
      return yield* await work(ended)
    } catch (error) {
      throw error instanceof HeadlightError || ended.aborted ? error : await this.#model.decoder.gpu.explain(error)
    } finally {
      this.#free()
    }
  }

  /** @throws HeadlightError */
  #refuseUnlessFree(): void {
    this.#model.refuseDestroyed()
    this.#end.signal.throwIfAborted()
    if (this.#writing) {
      const message = 'this session is still writing: end that loop first, or use another session'
      throw new HeadlightError('bad-input', message)
    }
  }

  async #write(
    input: Input,
    options: GenerateOptions,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<Token, Finish, void>> {
    const { info } = this.#model
    const sampling = resolveSampling(options, info.defaults, info.vocab)
    const tokenizer = info.hasTokenizer ? this.#model.tokenizer : undefined
    if (!tokenizer && sampling.stop.length > 0) this.#model.tokenizer.encode('') // says why stop strings cannot work
    const prompt = this.#model.idsOf(input, options)
    const endOfText = sampling.ignoreEndOfText ? [] : info.endOfText
    const constraint = sampling.responseFormat && this.#model.constrain(sampling.responseFormat, sampling, endOfText)
    const changes = resolveInterventions(info, options.interventions ?? {})
    const watch = await this.#watch(options.inspect ?? {}, changes)
    this.#timeline.under(changes.key)
    this.#sampler ??= await Sampler.create(this.#timeline)
    const seed = sampling.seed ?? randomSeed()
    const how = { sampling, seed, endOfText, constraint, watch, signal }
    const sampled = decode(this.#timeline, this.#sampler, prompt, how)
    const talks = isConversation(input) && !constraint // a format is no dialogue, and no thought
    const { chat } = this.#model
    const last = isConversation(input) && options.continueLast ? input.at(-1) : undefined
    const stop = talks ? [...sampling.stop, ...chat.stop] : sampling.stop
    const tokens = write(sampled, { tokenizer, prompt, stop, inspected: options.inspect !== undefined })
    if (!tokenizer || !talks || options.keepThinkingTags) return tokens
    return markThinking(tokens, tokenizer, prompt, last && begunBy(last), chat.tags)
  }

  #look(
    ids: readonly number[],
    { interventions = {}, from = 0, to = ids.length, ...options }: InspectOptions,
    signal: AbortSignal,
  ): AsyncGenerator<Seen, InspectedMaps | undefined, void> {
    const { info } = this.#model
    const checked = this.#model.idsOf(ids)
    this.#model.refuseTooMany(checked)
    check('to', to, 1, checked.length)
    check('from', from, 0, to - 1)
    const probabilities = options.probabilities?.top
    const request = resolveInspect(info, options)
    const changes = resolveInterventions(info, interventions)
    this.#timeline.under(changes.key)
    const spell = this.#spell()
    return inspectText(this.#timeline, checked, { request, changes, probabilities, from, to, spell, signal })
  }

  /** What looks at the layers, and changes them; undefined where nobody wants to. */
  async #watch(inspect: Inspect, changes: Changes): Promise<Watch | undefined> {
    const { decoder, info } = this.#model
    const { attentions, lens, norms = false } = inspect
    const request = resolveInspect(info, { ...(attentions && { attentions }), ...(lens && { lens }), norms })
    const looked = request.probes.attentions.length + request.probes.lens.length > 0 || norms
    const wanted = looked || changes.factors.size > 0
    const key = wanted ? JSON.stringify([request, changes.probes]) : undefined
    if (this.#watched?.key !== key) {
      await this.#timeline.use(undefined)
      this.#watched?.watch.destroy()
      this.#watched = undefined
    }
    if (key === undefined) return undefined
    if (!this.#watched) {
      const how = { request, changes, spell: this.#spell(), depth: MOST_AHEAD }
      this.#watched = { key, watch: new Watch(decoder, how) }
    }
    this.#watched.watch.change(changes)
    return this.#watched.watch
  }

  #spell() {
    return speller(this.#model.info.hasTokenizer ? this.#model.tokenizer : undefined)
  }

  destroy(): void {
    if (this.#end.signal.aborted) return
    this.#end.abort(new HeadlightError('destroyed', 'this session was destroyed; ask the model for another'))
    if (!this.#writing && !this.#stored) this.#free()
  }

  /** The work is done: what is left of a session that was destroyed meanwhile goes, too. */
  #free(): void {
    this.#writing = false
    if (!this.#end.signal.aborted) return
    this.#sampler?.destroy()
    this.#watched?.watch.destroy()
    this.#timeline.destroy()
    this.#model.forget(this)
  }
}
