import type { GgufFile } from '../../engine/formats/gguf.ts';
import { type SummarisedText, summariseText } from './summarised-value.ts';

export interface ChatTemplateSummary extends SummarisedText {
  /** By its markup, as far as it is known. */
  looksLike: string | null;
}

/** Markup by which templates are told apart; the first that occurs names the kind. */
const kinds: readonly (readonly [markup: string, kind: string])[] = [
  ['<|im_start|>', 'ChatML'],
  ['<|start_header_id|>', 'Llama 3'],
  ['<start_of_turn>', 'Gemma'],
  ['<<SYS>>', 'Llama 2'],
  ['[INST]', 'Mistral'],
  ['### Instruction', 'Alpaca'],
  ['<|user|>', 'Zephyr or Phi-3'],
  ['USER:', 'Vicuna'],
];

/** Of `tokenizer.chat_template`; a hint, for the template is not rendered. */
export function summariseChatTemplate({ metadata }: GgufFile): ChatTemplateSummary | null {
  const template = metadata.get('tokenizer.chat_template');
  if (typeof template !== 'string') return null;
  return {
    looksLike: kinds.find(([markup]) => template.includes(markup))?.[1] ?? null,
    ...summariseText(template),
  };
}
