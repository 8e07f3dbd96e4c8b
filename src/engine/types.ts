/**
 * The public interface: an Engine loads Models, a Model makes Sessions, a Session writes tokens. It is the
 * same whether the engine runs in this thread or in a Worker. Types only.
 */
import type { HeadlightError } from '../errors.ts'

export interface EngineOptions {
  /** Run in a Worker (the default), so that the page never waits; or in this thread. */
  readonly worker?: boolean
}

/** The GPU that the engine found. */
export interface DeviceInfo {
  /** As a person would name it: "Apple M3", "SwiftShader". */
  readonly name: string
  /** True when the "GPU" is a CPU: it works, slowly. */
  readonly software: boolean
  /** WebGPU features that Headlight makes use of here. */
  readonly features: readonly string[]
}

export interface Engine {
  readonly device: DeviceInfo
  /** Resolves when the GPU is gone (driver reset, sleep, `destroy()` excepted). The engine is of no use then. */
  readonly lost: Promise<HeadlightError>
  /**
   * Loads a model from the URL of a folder in Hugging Face layout.
   * @throws HeadlightError, or the signal's reason when it aborts.
   */
  load(source: string | URL, options?: LoadOptions): Promise<Model>
  destroy(): void
}

export type WeightPrecision = 'auto' | 'f32' | 'f16'
export type CachePrecision = 'auto' | 'f32' | 'f16'

export interface LoadOptions {
  readonly onProgress?: (progress: LoadProgress) => void
  readonly signal?: AbortSignal
  /** Precision of weight matrices on the GPU. 'auto': what the file has. */
  readonly weights?: WeightPrecision
  /** Precision of the key/value cache. 'auto': f16. */
  readonly kv?: CachePrecision
}

/** `done` of `total`; `total` is 0 while it is not known. */
export interface Gauge {
  readonly done: number
  readonly total: number
}

/** Where loading stands. The three gauges run side by side. */
export interface LoadProgress {
  /** Bytes received. */
  readonly download: Gauge
  /** Bytes of weights on the GPU. */
  readonly weights: Gauge
  /** Compute pipelines compiled. */
  readonly pipelines: Gauge
}

export interface ModelInfo {
  readonly family: string
  readonly parameters: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  readonly width: number
  readonly vocab: number
  /** The most tokens that the model can see at once. */
  readonly context: number
  /** Bytes of weights on the GPU. */
  readonly weightBytes: number
  /** Layouts of the weight matrices on the GPU. */
  readonly weights: readonly ('f32' | 'f16' | 'bf16')[]
  readonly kv: 'f32' | 'f16'
  /** Bytes of key/value cache that one token takes. */
  readonly kvBytesPerToken: number
  /** GPU dispatches that one decoded token takes. */
  readonly dispatchesPerToken: number
  /** Ids that end a text. */
  readonly endOfText: readonly number[]
  /** Sampling that the model's author suggests (generation_config.json); greedy where none is. */
  readonly defaults: SamplingOptions
  /** False when the folder came without tokenizer files: only token ids go in, and token text is empty. */
  readonly hasTokenizer: boolean
  /** False when the model brought no chat template: messages are rendered plainly. */
  readonly hasChatTemplate: boolean
}

export interface EncodeOptions {
  /** Add what the model expects around a text, such as a start token. Default true. */
  readonly addSpecialTokens?: boolean
}
export interface DecodeOptions {
  /** Leave out tokens such as end-of-text. Default true. */
  readonly skipSpecialTokens?: boolean
  /**
   * The ids are a part of a longer text: what is left of a character that was cut apart becomes one U+FFFD. Default
   * false: byte tokens in a row that are no UTF-8 are one U+FFFD each, as in the tokenizers that models come from.
   */
  readonly partial?: boolean
}
export interface Tokenizer {
  encode(text: string, options?: EncodeOptions): number[]
  decode(ids: readonly number[], options?: DecodeOptions): string
}

/** One turn of a conversation. It goes to the model's chat template as it is. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool' | 'developer'
  /** May be left out of a message with `tool_calls`. */
  readonly content?: string
  /** Who speaks, or which tool. */
  readonly name?: string
  /** What an assistant thought before it answered: some templates show it to the model again. */
  readonly reasoning_content?: string
  /** What an assistant asked for. */
  readonly tool_calls?: readonly ToolCall[]
  /** Which of them a tool answers. */
  readonly tool_call_id?: string
}

export interface ToolCall {
  readonly id?: string
  readonly type?: 'function'
  readonly function: { readonly name: string; readonly arguments: string | Readonly<Record<string, unknown>> }
}

export interface ChatOptions {
  /** JSON descriptions of what the model may call, in the shape that its template expects; most take OpenAI's. */
  readonly tools?: readonly unknown[]
  /** More variables for the template, such as `enable_thinking`. */
  readonly templateVariables?: Readonly<Record<string, unknown>>
}

export interface RenderOptions extends ChatOptions {
  /** End with the beginning of the assistant's turn. Default true. */
  readonly addGenerationPrompt?: boolean
}

export interface Chat {
  /**
   * What the model is given for these messages: the text of its chat template, special tokens included. Without one,
   * paragraphs: system messages as they are, the others after "User: ", "Assistant: " or "Tool: ".
   * @throws HeadlightError `bad-input`: no messages, or ones that the template refuses; `unsupported`: a template that
   * cannot be read, fails, or does not end; `bad-file`
   */
  render(messages: readonly Message[], options?: RenderOptions): string
}

export interface ForwardOptions {
  /** Logits of the last token, or of every token. Default 'last'. */
  readonly logits?: 'last' | 'all'
  /** Also return what each head of each layer attends to. */
  readonly attentions?: boolean
  readonly signal?: AbortSignal
}
export interface ForwardResult {
  /** [1 or n, vocab] */
  readonly logits: Float32Array<ArrayBuffer>
  /** Per layer [head, query, key]; rows sum to 1. Present when asked for. */
  readonly attentions?: readonly Float32Array<ArrayBuffer>[]
}

export interface Model {
  readonly info: ModelInfo
  /** Refuses with `no-tokenizer` when the model came without one. */
  readonly tokenizer: Tokenizer
  readonly chat: Chat
  /** One pass over `ids`, remembering nothing. */
  forward(ids: readonly number[], options?: ForwardOptions): Promise<ForwardResult>
  session(): Session
  destroy(): void
}

export interface SamplingOptions {
  /** 0 is greedy. */
  readonly temperature?: number
  /** Sample among this many likeliest tokens. 0: all. */
  readonly topK?: number
  /** Sample among the likeliest tokens that together reach this probability. 1: all. */
  readonly topP?: number
  /** Leave out tokens less likely than this share of the likeliest one. 0: none. */
  readonly minP?: number
  /** Divides positive and multiplies negative logits of tokens in prompt or text. 1: off. */
  readonly repetitionPenalty?: number
  /** Subtracted from the logit of each token already written. 0: off. */
  readonly presencePenalty?: number
  /** Subtracted from a token's logit once for each time it was written. 0: off. */
  readonly frequencyPenalty?: number
}

export interface GenerateOptions extends SamplingOptions, ChatOptions {
  /** At most this many tokens. Default: until the text ends or the context is full. */
  readonly maxTokens?: number
  /** Added to the logits of these token ids. */
  readonly logitBias?: Readonly<Record<number, number>>
  /** An integer. The same seed gives the same tokens; none: another text each time. */
  readonly seed?: number
  /** Writing stops before the first of these strings; none of it is returned. */
  readonly stop?: string | readonly string[]
  /** Also return this many likeliest tokens at each step (at most 20). */
  readonly topLogprobs?: number
  /** Write on after an end-of-text token. */
  readonly ignoreEndOfText?: boolean
  /** In a conversation: leave tags such as <think> in the text, and tokens unmarked. Default false. */
  readonly keepThinkingTags?: boolean
  readonly signal?: AbortSignal
}

export interface Candidate {
  readonly id: number
  readonly text: string
  readonly logprob: number
}

export interface Token {
  readonly id: number
  /** Whole characters only: bytes of an unfinished character come with the token that completes it. */
  readonly text: string
  /**
   * In a conversation: the text is thought, not answer. It stands between <think> and </think> (or another model's tags) at the beginning
   * of what the model writes, or the prompt ends with such a tag. The tags, and line breaks after them, are not in any
   * token's text. A token in which a thought ends and the answer begins comes twice, with the same id.
   */
  readonly thinking?: true
  /** Natural logarithm of the model's own probability, before temperature and penalties. */
  readonly logprob: number
  readonly top?: readonly Candidate[]
}

/** Why writing ended. */
export type Finish = 'end-of-text' | 'max-tokens' | 'stop' | 'context-full'

/** Text, token ids, or a conversation. */
export type Input = string | readonly number[] | readonly Message[]

/** One timeline of tokens with its key/value cache. */
export interface Session {
  /**
   * Continues `input`: the whole text so far, its token ids, or the messages so far, which go through the model's chat
   * template (`model.chat` shows how). What it shares with the last call is not computed again. The generator's return
   * value says why writing ended; leaving the loop, or aborting `signal` (which throws its reason), stops within one
   * token.
   */
  generate(input: Input, options?: GenerateOptions): AsyncGenerator<Token, Finish, void>
  /** Frees the cache. */
  destroy(): void
}
