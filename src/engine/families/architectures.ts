/** By GGUF's names: what the engine computes. Without the families themselves, for a page that only has to know which there are. */
export const architectures = ['llama', 'internlm2', 'qwen2', 'qwen3', 'phi3', 'gemma3'] as const;

export type Architecture = (typeof architectures)[number];
