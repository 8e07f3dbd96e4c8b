/**
 * The public interface: an Engine loads Models, a Model makes Sessions, a Session writes tokens. It is the
 * same whether the engine runs in this thread or in a Worker. Types only.
 */
import type { WeightLayout } from '../../shaders/kernel.ts'
import type { HeadlightError } from '../errors.ts'

/** Where hub ids lead. */
export interface HubOptions {
  /** Base URL of the hub, for mirrors. Default https://huggingface.co */
  readonly hub?: string
  /** An access token, for gated and private models. Kept in memory only, sent to the hub's own host only. */
  readonly token?: string
}

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

/**
 * - a hub id: `org/name`, `org/name@revision` (a branch, tag, commit, or refs/pr/N), or a page of the hub, of a model, of
 *   a folder in it or of a .gguf
 * - the URL of a folder in Hugging Face layout, or of a .gguf (of a split one, any part). A relative URL starts with `.`
 *   or `/`, or ends with `/`: without, one word or two are a hub id.
 * - files that were dropped or picked, or a directory
 */
export type ModelSource = string | URL | readonly File[] | FileSystemDirectoryHandle

export type WeightPrecision = 'auto' | 'f32' | 'f16' | 'q8' | 'q4'
export type CachePrecision = 'auto' | 'f32' | 'f16'

/** `hub` and `token` are the engine's, where they are not given. */
export interface LoadOptions extends HubOptions {
  readonly onProgress?: (progress: LoadProgress) => void
  readonly signal?: AbortSignal
  /**
   * Precision of weight matrices on the GPU. 'auto': what the file has. 'q8', 'q4': rounded to so many bits in blocks, and
   * stored so where files are stored: the next load reads nothing else.
   */
  readonly weights?: WeightPrecision
  /** Precision of the key/value cache. 'auto': f16. */
  readonly kv?: CachePrecision
  /**
   * Store the files in this browser, and read from there what is stored. Default: true for hub ids and for other
   * origins; false for the page's own, which the browser caches, and for files.
   */
  readonly cache?: boolean
}

/** Where `loadTokenizer` looks for what it is given. */
export interface TokenizerOptions extends HubOptions {
  readonly signal?: AbortSignal
}

export interface ExamineOptions extends HubOptions {
  readonly signal?: AbortSignal
  /** As for `load`: what the estimate is made for. */
  readonly weights?: WeightPrecision
  readonly kv?: CachePrecision
  readonly cache?: boolean
}

export interface ModelFile {
  readonly name: string
  /** Undefined where the host does not say. */
  readonly byteLength: number | undefined
  /** Where the host states it: what arrives is checked by it. Hexadecimal. */
  readonly sha256: string | undefined
}

/** Whether something fits: it does, it may, or it cannot. */
export interface Verdict {
  readonly verdict: 'fits' | 'tight' | 'no'
  /** Bytes. */
  readonly needed: number
  /** Bytes; undefined where the browser does not say. */
  readonly available: number | undefined
  /** In English: one sentence. */
  readonly reason: string
}

export interface Examination {
  /** The source as `load` takes it again, without signatures; of files and directories, their name. */
  readonly source: string
  readonly name: string
  /** Of hub ids. */
  readonly revision: string | undefined
  readonly format: 'safetensors' | 'gguf'
  /** All that loading reads, what is stored already among it. */
  readonly files: readonly ModelFile[]
  /** Of all files whose size is known. */
  readonly byteLength: number
  /** Of these, bytes that need not be fetched. */
  readonly cachedBytes: number
  readonly family: string
  readonly parameters: number
  readonly context: number
  /** Number types of the weights. */
  readonly types: readonly string[]
  /** Bytes that it takes on the GPU: weights, and keys and values of 2048 tokens (or all of a shorter context). */
  readonly gpu: { readonly weights: number; readonly cache: number }
  readonly fits: { readonly gpu: Verdict; readonly storage: Verdict }
  /** The same model in other files of the same place: other quantisations. */
  readonly alternatives: readonly {
    /** To be loaded instead; undefined where it has no address. */
    readonly source: string | undefined
    readonly name: string
    readonly byteLength: number | undefined
  }[]
}

export interface StoredModel {
  /** As `load` and `delete` take it. */
  readonly source: string
  readonly name: string
  readonly files: readonly { readonly name: string; readonly byteLength: number; readonly storedBytes: number }[]
  /** Bytes that are stored. */
  readonly storedBytes: number
  /** True when it loads without a network. */
  readonly complete: boolean
  /** Milliseconds since 1970; 0 where it never was loaded to the end. */
  readonly lastUsed: number
}

export interface StorageEstimate {
  /** Bytes that this site takes, and may take at most. 0 where the browser does not say. */
  readonly used: number
  readonly quota: number
  /** True when the browser keeps them until the reader deletes them. */
  readonly persisted: boolean
}

/** Keys and values of a text: see `Session.save`. */
export interface StoredText {
  /** As it was saved. */
  readonly name: string
  /** Of the model. */
  readonly source: string
  readonly tokens: number
  readonly storedBytes: number
  /** Milliseconds since 1970. */
  readonly lastUsed: number
}

/** Models in this browser (OPFS), and what they made of texts; without it there are none. */
export interface ModelStorage {
  /** Last used first. */
  list(): Promise<readonly StoredModel[]>
  /** With the texts that it read. @throws HeadlightError `bad-input` while it is being loaded */
  delete(source: string): Promise<void>
  /** What is saved of texts, last used first. */
  texts(): Promise<readonly StoredText[]>
  /** Of these texts, or of all, nothing stays saved; the next continuation reads them again. */
  deleteTexts(names?: readonly string[]): Promise<void>
  estimate(): Promise<StorageEstimate>
  /** Asks the browser to keep what is stored, which may ask the reader. @returns whether it will */
  persist(): Promise<boolean>
}

/** `done` of `total`; `total` is 0 while it is not known. */
export interface Gauge {
  readonly done: number
  readonly total: number
}

/** Why a model is loaded without being stored. It works all the same, and is fetched again the next time. */
export type LoadNotice =
  | 'quota' // the disk, or this site's share of it, is full
  | 'no-storage' // the browser gives none: a private window, an insecure page, an engine outside of a worker
  | 'in-use' // another tab is storing it

/** Where loading stands. The three gauges run side by side. */
export interface LoadProgress {
  /** Bytes received, or found stored. */
  readonly download: Gauge
  /** Of these, bytes that were stored in this browser before. */
  readonly cachedBytes: number
  readonly notice?: LoadNotice
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
  /**
   * The last message is the assistant's and not finished: the model goes on with it, with its thought
   * (`reasoning_content`) where it has no `content` yet. Default false: the model begins a turn.
   */
  readonly continueLast?: boolean
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

/**
 * What is changed in the model while it runs: factors, of which 0 switches off and 1 is the model as it is. Other factors
 * of the same heads and layers rebuild nothing. Keys and values of a text are computed anew under other factors.
 */
export interface Interventions {
  /** By 'layer.head': on what this head attends to, before the output projection. */
  readonly heads?: Readonly<Record<string, number>>
  /** By 'layer', 'layer.attention' or 'layer.mlp': on what both sublayers, or one, add to the residual stream. */
  readonly layers?: Readonly<Record<string, number>>
}

export interface ForwardOptions extends Interventions {
  /** Logits of the last token, or of every token. Default 'last'. */
  readonly logits?: 'last' | 'all'
  /** Also return what each head of each layer attends to. */
  readonly attentions?: boolean
  /** Also return the residual stream. */
  readonly hidden?: boolean
  readonly signal?: AbortSignal
}
export interface ForwardResult {
  /** [1 or n, vocab] */
  readonly logits: Float32Array<ArrayBuffer>
  /** Per layer [head, query, key]; rows sum to 1. Present when asked for. */
  readonly attentions?: readonly Float32Array<ArrayBuffer>[]
  /** [n, width] before the first layer and after each; the last norm is not in it. Present when asked for. */
  readonly hidden?: readonly Float32Array<ArrayBuffer>[]
}

/** What is to be looked at, position by position. What is not asked for costs nothing. */
export interface Inspect {
  /** Of each token: its rank, the entropy, and this many likeliest tokens (at most 20). */
  readonly probabilities?: { readonly top: number }
  /** Attention weights of these layers; of these heads only, where they are given. */
  readonly attentions?: { readonly layers: readonly number[]; readonly heads?: readonly number[] }
  /** After each of these layers: the likeliest next tokens, at most 20, if the last norm and the head followed here. */
  readonly lens?: { readonly layers: readonly number[]; readonly top: number }
  /** Root mean squares of the residual stream, and of what each sublayer adds to it. */
  readonly norms?: boolean
}

/** What is to be looked at in a text that is there. */
export interface InspectOptions extends Inspect {
  /**
   * The grid of small maps: attention of every head of these layers, at most `size` × `size` (256) numbers each. They come
   * as the generator's return value.
   */
  readonly maps?: { readonly layers: readonly number[]; readonly size: number }
  /** How one head comes to what it attends to, step by step. */
  readonly vectors?: { readonly layer: number; readonly head: number }
  /** The first position to look at. Default 0. */
  readonly from?: number
  /** The position after the last. Default: the number of ids. */
  readonly to?: number
  readonly interventions?: Interventions
  readonly signal?: AbortSignal
}

/** One head at one position. Keys are those of positions 0 … row. */
export interface HeadVectors {
  readonly layer: number
  readonly head: number
  /** [headDim]: the query, turned by its position where the model does so. */
  readonly query: Float32Array<ArrayBuffer>
  /** [row + 1, headDim]: turned likewise, in the precision of the cache. */
  readonly keys: Float32Array<ArrayBuffer>
  /** [row + 1, headDim] */
  readonly values: Float32Array<ArrayBuffer>
  /** What query · key is multiplied with. */
  readonly scale: number
  /** [row + 1]: query · key · scale, capped and with ALiBi's distance where the model has them; −Infinity where masked. */
  readonly scores: Float32Array<ArrayBuffer>
  /** [row + 1]: their softmax, the sink's share left out. */
  readonly weights: Float32Array<ArrayBuffer>
  /** [headDim]: the values' weighted sum, before any intervention. */
  readonly output: Float32Array<ArrayBuffer>
}

/** The likelihood of a token where it stands, given those before. */
export interface Probability {
  /** Natural logarithm, of the model's own distribution. */
  readonly logprob: number
  /** How many tokens were likelier; of equals, those with lower ids count as such. */
  readonly rank: number
  /** Of the model's own distribution, in nats. */
  readonly entropy: number
  /** Of the model's own distribution, likeliest first. */
  readonly top: readonly Candidate[]
  /** Only of generated tokens: the distribution that it was drawn from, after penalties, temperature, top-k and all else. */
  readonly drawn?: {
    readonly logprob: number
    /** How many tokens could have been drawn. */
    readonly kept: number
    readonly top: readonly Candidate[]
  }
}

/** What was seen of one token. Arrays are the caller's own. */
export interface Seen {
  /** Where the token stands. */
  readonly position: number
  readonly id: number
  /** Absent at position 0, where nothing stands before. */
  readonly probability?: Probability
  /**
   * The position whose pass through the layers all below is of: `position` itself in a text that is there, the position
   * before while writing, whose pass made this token.
   */
  readonly row: number
  /** [heads asked for, row + 1], per layer. Rows sum to 1, or to less beside a sink. */
  readonly attentions?: readonly {
    readonly layer: number
    readonly heads: readonly number[]
    readonly weights: Float32Array<ArrayBuffer>
  }[]
  /** What would come after `row`. */
  readonly lens?: readonly { readonly layer: number; readonly top: readonly Candidate[] }[]
  /** One for each layer: the residual stream after it, and what was added to it. */
  readonly norms?: readonly {
    readonly layer: number
    readonly residual: number
    readonly attention: number
    readonly mlp: number
  }[]
  readonly vectors?: HeadVectors
}

export interface InspectedMaps {
  /** Cells on each side: as asked for, or fewer where the text has fewer positions. */
  readonly size: number
  /**
   * cells: [size, size], query down, key across: the largest weight in each. Position p lies in cell ⌊p · size / to⌋. Rows of
   * positions before `from` are 0.
   */
  readonly maps: readonly {
    readonly layer: number
    readonly head: number
    readonly cells: Float32Array<ArrayBuffer>
  }[]
}

export interface ProfileOptions {
  /** Tokens of the step: 1 is a token being written, more are a part of a prompt. Default 1. */
  readonly rows?: number
  /** Tokens before them. Default 0. */
  readonly position?: number
  readonly signal?: AbortSignal
}

/** Dispatches of one kernel at one shape in a step, together. */
export interface KernelProfile {
  readonly kernel: string
  /** What matrix it reads, if it reads one: 'mlp.down' stands for that of every layer. */
  readonly weight: string | undefined
  readonly layout: WeightLayout | undefined
  readonly dispatches: number
  readonly milliseconds: number
  /** Of weights, and of keys and values, that are read. */
  readonly bytes: number
  /** Multiplications and additions with these. */
  readonly flops: number
}

/** What a kernel that only reads, and one that only multiplies and adds float32 numbers, reach on this device. */
export interface Peak {
  readonly bytesPerSecond: number
  readonly flopsPerSecond: number
}

export interface Profile {
  readonly peak: Peak
  /** In the order in which they run first. */
  readonly kernels: readonly KernelProfile[]
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
