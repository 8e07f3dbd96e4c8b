/** Headlight, the library: GPT-style models on the reader's own GPU, in a browser. */
export { createEngine } from './engine/index.ts'
export type {
  Candidate,
  Chat,
  ChatOptions,
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
  Input,
  LoadOptions,
  LoadProgress,
  Message,
  Model,
  ModelInfo,
  RenderOptions,
  SamplingOptions,
  Session,
  Token,
  Tokenizer,
  ToolCall,
} from './engine/types.ts'
export { type ErrorCode, type ErrorDetails, HeadlightError } from './errors.ts'
export { loadTokenizer } from './tokenizer/index.ts'
