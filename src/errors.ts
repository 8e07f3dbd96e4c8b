/** What went wrong, as a name that a program can branch on and the page can translate. */
export type ErrorCode =
  | 'no-webgpu' // this browser, or this process, has no WebGPU or no adapter
  | 'device-lost' // the GPU went away while in use
  | 'too-large' // a tensor or a cache does not fit what this device can bind or hold
  | 'missing-file' // a file that the model needs is not there
  | 'network' // a file could not be fetched
  | 'no-access' // the hub wants a token, or terms to be accepted first
  | 'truncated-file' // a file ended before its header said it would
  | 'bad-file' // a file is not what its name says: not JSON, not safetensors, a header that lies
  | 'bad-weights' // a tensor is missing, or has another shape or type than the config asks for
  | 'unsupported' // a model type, activation, scaling or number type that Headlight does not know
  | 'no-tokenizer' // text was given to, or asked of, a model that came without tokenizer files
  | 'bad-input' // an argument that makes no sense: an id outside the vocabulary, a negative temperature
  | 'context-full' // the prompt leaves no room in the model's context
  | 'not-finite' // the model produced NaN or infinity
  | 'destroyed' // used after destroy()

/** Facts for a translated message: file and tensor names, what was found, what was expected. */
export type ErrorDetails = Readonly<Record<string, string | number>>

/**
 * Every error that Headlight throws on purpose. `message` is complete English: what was found, what
 * was expected, what to do. `details` holds the same facts for a page that words them itself.
 */
export class HeadlightError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HeadlightError'
    this.code = code
    this.details = details
  }
}
