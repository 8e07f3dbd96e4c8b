export const errors = {
  errors: {
    aFile: 'a file',
    'no-webgpu': { what: 'This browser offers no WebGPU', do: 'Headlight computes on the GPU, and needs it.' },
    'device-lost': {
      what: 'The GPU went away',
      do: 'Its driver was reset, or the computer slept. Your text is safe; restarting the engine loads the model again.',
    },
    'too-large': {
      what: 'This model is too large for this GPU',
      do: 'Choose a smaller model, or close other pages that use the GPU.',
    },
    offline: {
      what: 'This device is offline',
      do: 'Connect, and try again. Models that are stored here load without a network.',
    },
    busy: {
      what: 'The server asks to wait',
      do: 'Too many requests came to it. Try again in {{seconds}} seconds.',
    },
    damaged: {
      what: '{{file}} arrived damaged',
      do: 'What arrived is not what the hub states (SHA-256), and was thrown away. Try again.',
    },
    'no-model': {
      what: 'The hub has no {{file}}',
      do: 'Check the name, and the revision if you gave one.',
    },
    gated: {
      what: 'The authors of {{file}} ask you to accept their terms',
      do: 'Do so on its page, then give an access token of your account.',
    },
    'bad-token': {
      what: 'The hub does not accept your access token',
      do: 'Check it, or make another in the settings of your account.',
    },
    'not-granted': {
      what: 'Your access token does not open {{file}}',
      do: 'Accept the terms on its page with that account, and let the token read gated models.',
    },
    'missing-file': {
      what: 'The model lacks {{file}}',
      do: 'Check the address of the model’s folder, and that the file is in it.',
    },
    network: {
      what: 'Could not fetch {{file}}',
      do: 'Check the connection, and that the other site allows this page to read from it (CORS).',
    },
    'no-access': {
      what: 'The hub does not give out {{file}}',
      do: 'Perhaps there is no such model, or it is private, or its terms must be accepted first. Check the name, or give an access token.',
    },
    'truncated-file': {
      what: '{{file}} ends too early',
      do: 'The download broke off, or the file on the server is incomplete.',
    },
    'bad-file': {
      what: 'Cannot read {{file}}',
      do: 'It is not what its name says. Download or export the model again.',
    },
    'bad-weights': {
      what: 'The weights do not fit the model’s config',
      do: 'config.json and the weights come from different models, or the export went wrong.',
    },
    unsupported: {
      what: 'Headlight does not know this kind of model',
      do: 'It runs 43 families of GPT-style models, from safetensors or GGUF. The details say what is unknown.',
      because: 'Not supported: {{what}} is “{{found}}”. Choose another model; the details say what is known.',
      format:
        'Its weights come as {{what}} only; Headlight reads safetensors and GGUF. Look for a copy in one of these.',
      adapter: 'This is an adapter (LoRA) for another model. Look for a copy that is merged into that model.',
    },
    'no-tokenizer': {
      what: 'This model came without a tokenizer',
      do: 'It takes token ids, not text. Add tokenizer.json and tokenizer_config.json to its folder.',
    },
    'bad-input': {
      what: 'The model cannot take this',
      do: 'Check the sampling settings, or reset them.',
    },
    'context-full': {
      what: 'The text leaves the model no room to write',
      do: 'Delete some of the beginning, or let the text slide: the number of tokens below opens that choice.',
    },
    'bad-schema': {
      what: 'The model cannot be held to this JSON Schema',
      do: 'Mend it in the sampling settings. The details say what is not understood, and where.',
    },
    'short-length': {
      what: 'The shortest JSON of this shape is longer than the set length',
      do: 'Set the length to {{tokens}} tokens or more.',
    },
    'not-finite': {
      what: 'The model computed nonsense',
      do: 'Its weights may be damaged, or the GPU’s driver at fault. Your text is safe.',
    },
    destroyed: { what: 'The engine was stopped', do: 'Restart it to write on. Your text is safe.' },
    unknown: {
      what: 'Something in Headlight itself went wrong',
      do: 'Your text is safe. Try again; if it stays, the details help to report it.',
    },
  },
}
