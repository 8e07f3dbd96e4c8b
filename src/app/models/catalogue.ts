/** Open models to begin with, smallest first: facts of their pages on the hub. Sizes are rounded. */

/** What a model is good at. 'writes': goes on with any text; 'thinks': reasons before it answers. */
export type Skill = 'writes' | 'chats' | 'thinks' | 'code' | 'chinese'

export interface CatalogueEntry {
  /** On the hub, open to everybody. */
  readonly id: string
  readonly name: string
  /** Of a weight, where they were rounded: GGUF files. */
  readonly bits?: 4 | 8
  /** As the engine names it. */
  readonly family: string
  /** Of weights that are to be fetched. */
  readonly bytes: number
  readonly parameters: number
  /** In tokens. */
  readonly context: number
  readonly licence: string
  readonly skills: readonly Skill[]
}

const MB = 1e6
const GB = 1e9
const MILLION = 1e6
const BILLION = 1e9

export const catalogue: readonly CatalogueEntry[] = [
  {
    id: 'HuggingFaceTB/SmolLM2-135M-Instruct',
    name: 'SmolLM2 135M',
    family: 'llama',
    bytes: 269 * MB,
    parameters: 135 * MILLION,
    context: 8192,
    licence: 'Apache 2.0',
    skills: ['chats'],
  },
  {
    id: 'distilbert/distilgpt2',
    name: 'DistilGPT-2',
    family: 'gpt2',
    bytes: 353 * MB,
    parameters: 82 * MILLION,
    context: 1024,
    licence: 'Apache 2.0',
    skills: ['writes'],
  },
  {
    id: 'EleutherAI/pythia-160m',
    name: 'Pythia 160M',
    family: 'gpt_neox',
    bytes: 375 * MB,
    parameters: 162 * MILLION,
    context: 2048,
    licence: 'Apache 2.0',
    skills: ['writes'],
  },
  {
    id: 'HuggingFaceTB/SmolLM2-360M-Instruct-GGUF',
    name: 'SmolLM2 360M',
    bits: 8,
    family: 'llama',
    bytes: 386 * MB,
    parameters: 362 * MILLION,
    context: 8192,
    licence: 'Apache 2.0',
    skills: ['chats'],
  },
  {
    id: 'openai-community/openai-gpt',
    name: 'GPT',
    family: 'openai-gpt',
    bytes: 479 * MB,
    parameters: 117 * MILLION,
    context: 512,
    licence: 'MIT',
    skills: ['writes'],
  },
  {
    id: 'Qwen/Qwen2.5-0.5B-Instruct-GGUF',
    name: 'Qwen2.5 0.5B',
    bits: 4,
    family: 'qwen2',
    bytes: 491 * MB,
    parameters: 494 * MILLION,
    context: 32_768,
    licence: 'Apache 2.0',
    skills: ['chats', 'chinese'],
  },
  {
    id: 'EleutherAI/gpt-neo-125m',
    name: 'GPT-Neo 125M',
    family: 'gpt_neo',
    bytes: 526 * MB,
    parameters: 125 * MILLION,
    context: 2048,
    licence: 'MIT',
    skills: ['writes'],
  },
  {
    id: 'openai-community/gpt2',
    name: 'GPT-2',
    family: 'gpt2',
    bytes: 548 * MB,
    parameters: 124 * MILLION,
    context: 1024,
    licence: 'MIT',
    skills: ['writes'],
  },
  {
    id: 'Qwen/Qwen3-0.6B-GGUF',
    name: 'Qwen3 0.6B',
    bits: 8,
    family: 'qwen3',
    bytes: 639 * MB,
    parameters: 596 * MILLION,
    context: 40_960,
    licence: 'Apache 2.0',
    skills: ['chats', 'thinks', 'chinese'],
  },
  {
    id: 'baidu/ERNIE-4.5-0.3B-PT',
    name: 'ERNIE 4.5 0.3B',
    family: 'ernie4_5',
    bytes: 722 * MB,
    parameters: 361 * MILLION,
    context: 131_072,
    licence: 'Apache 2.0',
    skills: ['chats', 'chinese'],
  },
  {
    id: 'HuggingFaceTB/SmolLM2-360M-Instruct',
    name: 'SmolLM2 360M',
    family: 'llama',
    bytes: 724 * MB,
    parameters: 362 * MILLION,
    context: 8192,
    licence: 'Apache 2.0',
    skills: ['chats'],
  },
  {
    id: 'Qwen/Qwen2.5-Coder-0.5B-Instruct',
    name: 'Qwen2.5 Coder 0.5B',
    family: 'qwen2',
    bytes: 988 * MB,
    parameters: 494 * MILLION,
    context: 32_768,
    licence: 'Apache 2.0',
    skills: ['chats', 'code', 'chinese'],
  },
  {
    id: 'HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF',
    name: 'SmolLM2 1.7B',
    bits: 4,
    family: 'llama',
    bytes: 1.06 * GB,
    parameters: 1.71 * BILLION,
    context: 8192,
    licence: 'Apache 2.0',
    skills: ['chats'],
  },
  {
    id: 'Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF',
    name: 'Qwen2.5 Coder 1.5B',
    bits: 4,
    family: 'qwen2',
    bytes: 1.12 * GB,
    parameters: 1.54 * BILLION,
    context: 32_768,
    licence: 'Apache 2.0',
    skills: ['chats', 'code', 'chinese'],
  },
  {
    id: 'bigscience/bloom-560m',
    name: 'BLOOM 560M',
    family: 'bloom',
    bytes: 1.12 * GB,
    parameters: 559 * MILLION,
    context: 2048,
    licence: 'BigScience RAIL 1.0',
    skills: ['writes', 'code', 'chinese'],
  },
  {
    id: 'Qwen/Qwen3-0.6B',
    name: 'Qwen3 0.6B',
    family: 'qwen3',
    bytes: 1.5 * GB,
    parameters: 596 * MILLION,
    context: 40_960,
    licence: 'Apache 2.0',
    skills: ['chats', 'thinks', 'chinese'],
  },
  {
    id: 'Qwen/Qwen3-1.7B-GGUF',
    name: 'Qwen3 1.7B',
    bits: 8,
    family: 'qwen3',
    bytes: 1.83 * GB,
    parameters: 1.72 * BILLION,
    context: 40_960,
    licence: 'Apache 2.0',
    skills: ['chats', 'thinks', 'chinese'],
  },
  {
    id: 'TinyLlama/TinyLlama-1.1B-Chat-v1.0',
    name: 'TinyLlama 1.1B',
    family: 'llama',
    bytes: 2.2 * GB,
    parameters: 1.1 * BILLION,
    context: 2048,
    licence: 'Apache 2.0',
    skills: ['chats'],
  },
  {
    id: 'Qwen/Qwen3-4B-GGUF',
    name: 'Qwen3 4B',
    bits: 4,
    family: 'qwen3',
    bytes: 2.5 * GB,
    parameters: 4.02 * BILLION,
    context: 40_960,
    licence: 'Apache 2.0',
    skills: ['chats', 'thinks', 'code', 'chinese'],
  },
  {
    id: 'allenai/OLMo-2-0425-1B-Instruct',
    name: 'OLMo 2 1B',
    family: 'olmo2',
    bytes: 2.97 * GB,
    parameters: 1.48 * BILLION,
    context: 4096,
    licence: 'Apache 2.0',
    skills: ['chats'],
  },
  {
    id: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B',
    name: 'DeepSeek R1 Distill 1.5B',
    family: 'qwen2',
    bytes: 3.55 * GB,
    parameters: 1.78 * BILLION,
    context: 131_072,
    licence: 'MIT',
    skills: ['chats', 'thinks', 'chinese'],
  },
  {
    id: 'microsoft/phi-2',
    name: 'Phi-2',
    family: 'phi',
    bytes: 5.56 * GB,
    parameters: 2.78 * BILLION,
    context: 2048,
    licence: 'MIT',
    skills: ['writes', 'code'],
  },
  {
    id: 'HuggingFaceTB/SmolLM3-3B',
    name: 'SmolLM3 3B',
    family: 'smollm3',
    bytes: 6.15 * GB,
    parameters: 3.08 * BILLION,
    context: 65_536,
    licence: 'Apache 2.0',
    skills: ['chats', 'thinks', 'code'],
  },
]

/** The entry of a hub id, whatever its revision or file. */
export function catalogued(source: string): CatalogueEntry | undefined {
  const path = URL.canParse(source) ? new URL(source).pathname.slice(1) : source
  return catalogue.find(({ id }) => path === id || path.startsWith(`${id}/`) || path.startsWith(`${id}@`))
}
