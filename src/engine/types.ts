/**
 * The public interface: an Engine loads Models, a Model makes Sessions, a Session writes tokens. It is the
 * same whether the engine runs in this thread or in a Worker. Types only.
 */
import type { WeightLayout } from '../../shaders/kernel.ts'
import type { HeadlightError } from '../errors.ts'
import type {
  ArithmeticChoice,
  Examination,
  ExamineOptions,
  HubOptions,
  LoadOptions,
  ModelSource,
  ModelStorage,
} from './types/loading.ts'
import type {
  Candidate,
  ForwardOptions,
  ForwardResult,
  Inspect,
  InspectedMaps,
  InspectOptions,
  Interventions,
  Seen,
} from './types/looking.ts'
import type { Profile, ProfileOptions } from './types/profiling.ts'
import type { Chat, ChatOptions, Message, Tokenizer } from './types/text.ts'

export type {
  ArithmeticChoice,
  CachePrecision,
  Examination,
  ExamineOptions,
  Gauge,
  HubOptions,
  LoadNotice,
  LoadOptions,
  LoadProgress,
  ModelFile,
  ModelSource,
  ModelStorage,
  StorageEstimate,
  StoredModel,
  StoredText,
  TokenizerOptions,
  Verdict,
  WeightPrecision,
} from './types/loading.ts'
export type {
  Candidate,
  ForwardOptions,
  ForwardResult,
  HeadVectors,
  Inspect,
  InspectedMaps,
  InspectOptions,
  Interventions,
  Probability,
  Seen,
} from './types/looking.ts'
export type { KernelProfile, Peak, Profile, ProfileOptions } from './types/profiling.ts'
export type {
  Chat,
  ChatOptions,
  DecodeOptions,
  EncodeOptions,
  Message,
  RenderOptions,
  Tokenizer,
  ToolCall,
} from './types/text.ts'

export interface EngineOptions extends HubOptions {
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
  /** Models that are stored in this browser. */
  readonly storage: ModelStorage
  /**
   * Loads a model, storing what it fetches on the way.
   * @throws HeadlightError, or the signal's reason when it aborts.
   */
  load(source: ModelSource, options?: LoadOptions): Promise<Model>
  /**
   * What loading would fetch and take, before any weight is fetched: reads the config and the weights' headers.
   * @throws HeadlightError: 'unsupported' says why; or the signal's reason when it aborts
   */
  examine(source: ModelSource, options?: ExamineOptions): Promise<Examination>
  destroy(): void
}

export interface ModelInfo {
  /** Of a model of the hub: the commit that it was loaded at. Undefined of others, and where the hub did not say. */
  readonly revision?: string | undefined
  readonly family: string
  readonly parameters: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  /** How far back each layer sees, in tokens, itself included; null: to the beginning. */
  readonly windows: readonly (number | null)[]
  readonly width: number
  readonly vocab: number
  /** The most tokens that the model can see at once. */
  readonly context: number
  /** Bytes of weights on the GPU. */
  readonly weightBytes: number
  /** Layouts of the weight matrices on the GPU. */
  readonly weights: readonly WeightLayout[]
  readonly kv: 'f32' | 'f16'
  /** What numbers are multiplied as. */
  readonly arithmetic: ArithmeticChoice
  /** Bytes of key/value cache that one token takes. */
  readonly kvBytesPerToken: number
  /** GPU dispatches that one decoded token takes; one more a layer where it attends to more than 1024 others. */
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

export interface Model {
  readonly info: ModelInfo
  /** Refuses with `no-tokenizer` when the model came without one. */
  readonly tokenizer: Tokenizer
  readonly chat: Chat
  /** One pass over `ids`, remembering nothing. */
  forward(ids: readonly number[], options?: ForwardOptions): Promise<ForwardResult>
  /**
   * Where the time of a step goes. Each dispatch has a pass of its own meanwhile, which takes longer than a step does.
   * @throws HeadlightError `unsupported` where the browser does not say how long kernels take
   */
  profile(options?: ProfileOptions): Promise<Profile>
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

/**
 * What the text must be. 'json': an object or an array. 'json_schema': what a JSON Schema allows (draft 2020-12), members
 * in the order of its `properties`; others only where it mentions them. A keyword that is not supported is refused.
 */
export type ResponseFormat =
  | { readonly type: 'json' }
  | { readonly type: 'json_schema'; readonly schema: boolean | Readonly<Record<string, unknown>> }

export interface GenerateOptions extends SamplingOptions, ChatOptions {
  /** At most this many tokens. Default: until the text ends or the context is full. */
  readonly maxTokens?: number
  /** Added to the logits of these token ids. */
  readonly logitBias?: Readonly<Record<number, number>>
  /** An integer. The same seed gives the same tokens; none: another text each time. */
  readonly seed?: number
  /** Writing stops before the first of these strings; none of it is returned. */
  readonly stop?: string | readonly string[]
  /**
   * The text is whole JSON, whatever else is asked for, also where `maxTokens` or the context ends it: then it is closed
   * in time. Not together with `stop`. In a conversation, nothing of it is taken for a thought.
   */
  readonly responseFormat?: ResponseFormat
  /** Also return this many likeliest tokens at each step (at most 20). */
  readonly topLogprobs?: number
  /** Write on after an end-of-text token. */
  readonly ignoreEndOfText?: boolean
  /** In a conversation: leave tags such as <think> in the text, and tokens unmarked. Default false. */
  readonly keepThinkingTags?: boolean
  /** Look at each token as it is written: `token.seen`. */
  readonly inspect?: Inspect
  readonly interventions?: Interventions
  readonly signal?: AbortSignal
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
  /** Present with `inspect`: of the pass that drew this token. */
  readonly seen?: Seen
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
  /**
   * What the model makes of `ids`, a text that is there: position by position from `from` on. Positions before, which the
   * last call has left in the cache, are not computed again. The return value has the maps, where they were asked for.
   * @throws HeadlightError `bad-input`, `context-full`; the signal's reason
   */
  inspect(ids: readonly number[], options: InspectOptions): AsyncGenerator<Seen, InspectedMaps | undefined, void>
  /**
   * Another session that goes on from here, or from the first `upTo` tokens: it has a copy of the cache, so that nothing of
   * them is computed again, whichever of the two continues.
   * @throws HeadlightError `bad-input` while this session is writing
   */
  fork(upTo?: number): Promise<Session>
  /**
   * Stores keys and values of the text as it is, in this browser, so that `restore` brings them back: in another session,
   * after a reload. Of all texts the few last are kept; those that were used longest ago go first. Waits while the model
   * writes; ends, with nothing stored, where this session is to.
   * @returns tokens that are stored. 0: there are none, the browser gives no storage or too little, or nobody knows whether
   * the model's files will be the same (files that were picked, hosts that say no versions)
   */
  save(name: string): Promise<number>
  /**
   * Goes on from what the same model, in the same precision, has saved under this name: what the next call shares with it is
   * not computed again. What is damaged, or does not fit any more, is dropped.
   * @returns tokens that are there; 0 where nothing was saved
   */
  restore(name: string): Promise<number>
  /** Frees the cache. */
  destroy(): void
}
