/** A session in the engine's own thread: text or ids in, tokens out, over one timeline. */
import { markThinking } from '../chat/mark.ts'
import { begunBy } from '../chat/unfinished.ts'
import { Timeline } from '../decoder/timeline.ts'
import { HeadlightError } from '../errors.ts'
import { decode } from '../generation/decode.ts'
import { Sampler } from '../generation/sampler.ts'
import { randomSeed, resolveSampling } from '../generation/sampling.ts'
import { write } from '../generation/write.ts'
import { isConversation } from './chat.ts'
import type { LocalModel } from './model.ts'
import type { Finish, GenerateOptions, Input, Session, Token } from './types.ts'

export class LocalSession implements Session {
  readonly #model: LocalModel
  readonly #timeline: Timeline
  readonly #end = new AbortController()
  #sampler: Sampler | undefined
  #writing = false

  constructor(model: LocalModel) {
    this.#model = model
    this.#timeline = new Timeline(model.decoder)
  }

  get isWriting(): boolean {
    return this.#writing
  }

  async *generate(input: Input, options: GenerateOptions = {}): AsyncGenerator<Token, Finish, void> {
    const { info, decoder } = this.#model
    this.#model.refuseDestroyed()
    this.#end.signal.throwIfAborted()
    if (this.#writing) {
      throw new HeadlightError(
        'bad-input',
        'this session is still writing: end that loop first, or use another session',
      )
    }
    this.#writing = true
    this.#model.leaveCompiling()
    const ended = AbortSignal.any([options.signal, this.#end.signal].filter((signal) => signal !== undefined))
    try {
      const sampling = resolveSampling(options, info.defaults, info.vocab)
      const tokenizer = info.hasTokenizer ? this.#model.tokenizer : undefined
      if (!tokenizer && sampling.stop.length > 0) this.#model.tokenizer.encode('') // says why stop strings cannot work
      const prompt = this.#model.idsOf(input, options)
      const endOfText = sampling.ignoreEndOfText ? [] : info.endOfText
      const constraint = sampling.responseFormat && this.#model.constrain(sampling.responseFormat, sampling, endOfText)
      this.#sampler ??= await Sampler.create(this.#timeline)
      const sampled = decode(this.#timeline, this.#sampler, prompt, {
        sampling,
        seed: sampling.seed ?? randomSeed(),
        endOfText,
        constraint,
        signal: ended,
      })
      const talks = isConversation(input) && !constraint // a format is no dialogue, and no thought
      const { chat } = this.#model
      const last = isConversation(input) && options.continueLast ? input.at(-1) : undefined
      const stop = talks ? [...sampling.stop, ...chat.stop] : sampling.stop
      const tokens = write(sampled, { tokenizer, prompt, stop })
      if (!tokenizer || !talks || options.keepThinkingTags) return yield* tokens
      return yield* markThinking(tokens, tokenizer, prompt, last && begunBy(last), chat.tags)
    } catch (error) {
      throw error instanceof HeadlightError || ended.aborted ? error : await decoder.gpu.explain(error)
    } finally {
      this.#writing = false
      if (this.#end.signal.aborted) this.#free()
    }
  }

  destroy(): void {
    if (this.#end.signal.aborted) return
    this.#end.abort(new HeadlightError('destroyed', 'this session was destroyed; ask the model for another'))
    if (!this.#writing) this.#free()
  }

  #free(): void {
    this.#sampler?.destroy()
    this.#timeline.destroy()
    this.#model.forget(this)
  }
}
