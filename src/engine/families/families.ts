import { type Architecture, architectures } from './architectures.ts';
import type { CheckpointRules, Family } from './family.ts';
import { gemma3 } from './gemma3.ts';
import { internLm2 } from './internlm2.ts';
import { llama } from './llama.ts';
import { phi3 } from './phi3.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';

export { type Architecture, architectures };

/** By GGUF's name of the architecture, with which its properties begin too. */
const families = { llama, internlm2: internLm2, qwen2, qwen3, phi3, gemma3 } as const satisfies Record<
  Architecture,
  Family
>;

export function familyOf(architecture: Architecture): Family {
  return families[architecture];
}

/** Whether a layer has the window that a GGUF file names, where the file does not say which have it. */
export function hasWindowUnsaid(layer: number, globalEvery: number | undefined): boolean {
  return globalEvery === undefined || (layer + 1) % globalEvery !== 0;
}

/** A kind of checkpoint, and the architecture that GGUF has it under. */
export interface CheckpointKind {
  architecture: Architecture;
  rules: CheckpointRules;
}

const checkpointKinds: readonly CheckpointKind[] = architectures.flatMap(architecture =>
  familyOf(architecture).checkpoints.map(rules => ({ architecture, rules })),
);

/** The kind of checkpoint whose config.json names this class. */
export function findByClass(name: string): CheckpointKind | undefined {
  return checkpointKinds.find(({ rules }) => rules.classes.includes(name));
}

/** Whether config.json may name this class for a model that sees images. */
export function isChatClass(name: string): boolean {
  return checkpointKinds.some(({ rules }) => rules.chatClasses.includes(name));
}

/** The kind of the language half of a model that sees images, by the classes of both. */
export function findByChatClass(chat: string, language: string): CheckpointKind | undefined {
  return checkpointKinds.find(
    ({ rules }) => rules.chatClasses.includes(chat) && rules.classes.includes(language),
  );
}

/** The kind of the language half, under `text_config`, of a model that has a SigLIP image encoder. */
export function findBySiglipClass(name: string): CheckpointKind | undefined {
  return checkpointKinds.find(({ rules }) => rules.siglipClasses?.includes(name));
}

/** "llama (such as PMC-LLaMA) or internlm2" */
export function architecturesInWords(): string {
  const words = architectures.map(id => {
    const { example } = familyOf(id);
    return example ? `${id} (such as ${example})` : id;
  });
  return listInWords(words, 'or');
}

/** "PMC-LLaMA, InternVL2-2B, Mini-Monkey and InternLM2 chat models" */
export function convertibleInWords(): string {
  return listInWords(
    architectures.flatMap(id => familyOf(id).convertible),
    'and',
  );
}

function listInWords(words: readonly string[], last: 'and' | 'or'): string {
  const before = words.slice(0, -1).join(', ');
  return before ? `${before} ${last} ${words.at(-1)}` : words.join();
}
