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

/** What a Jinja template looks like; null where its markup is not known. A hint: the template is not rendered. */
export function kindOfTemplate(source: string): string | null {
  return kinds.find(([markup]) => source.includes(markup))?.[1] ?? null;
}
