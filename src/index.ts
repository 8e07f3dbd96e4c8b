/** Headlight, the library: GPT-style models on the reader's own GPU, in a browser. */
export { createEngine } from './engine/index.ts'
export type {
  Candidate,
  DecodeOptions,
  DeviceInfo,
  EncodeOptions,
  Engine,
  EngineOptions,
  Finish,
  ForwardOptions,
  ForwardResult,
  Gauge,
  GenerateOptions,
  LoadOptions,
  LoadProgress,
  Model,
  ModelInfo,
  SamplingOptions,
  Session,
  Token,
  Tokenizer,
} from './engine/types.ts'
export { type ErrorCode, type ErrorDetails, HeadlightError } from './errors.ts'
export { loadTokenizer } from './tokenizer/index.ts'
