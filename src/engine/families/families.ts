import type { Family } from './family.ts';
import { internLm2 } from './internlm2.ts';
import { llama } from './llama.ts';

/** By GGUF's name of the architecture, with which its properties begin too. */
const families = { llama, internlm2: internLm2 } as const satisfies Record<string, Family>;

export type Architecture = keyof typeof families;

export const architectures = Object.keys(families) as readonly Architecture[];

export function familyOf(architecture: Architecture): Family {
  return families[architecture];
}

/** The architecture of a checkpoint whose config.json names this class. */
export function findByClass(name: string): Architecture | undefined {
  return architectures.find(id => familyOf(id).checkpoint.classes.includes(name));
}

/** Whether config.json may name this class for a model that sees images. */
export function isChatClass(name: string): boolean {
  return architectures.some(id => familyOf(id).checkpoint.chatClasses.includes(name));
}

/** The architecture of the language half of a model that sees images, by the classes of both. */
export function findByChatClass(chat: string, language: string): Architecture | undefined {
  return architectures.find(id => {
    const { chatClasses, classes } = familyOf(id).checkpoint;
    return chatClasses.includes(chat) && classes.includes(language);
  });
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
