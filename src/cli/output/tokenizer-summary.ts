import { BedsideError } from '../../engine/errors.ts';
import type { GgufFile } from '../../engine/formats/gguf.ts';
import type { Tokenizer } from '../../engine/tokenizer/tokenizer.ts';

export interface NamedToken {
  id: number;
  piece: string;
}

export interface TokenizerSummary {
  /** `tokenizer.ggml.model`, and the same in words where it is known. */
  model: string;
  kind: string;
  /** The rule that cuts text into words, where the file names one. */
  preTokenizer: string | null;
  pieces: number;
  merges: number;
  bos: NamedToken | null;
  /** What ends an answer: by the file's own word, by Bedside's where it can use the tokenizer, by the file's template. */
  endTokens: NamedToken[];
}

const kinds: Readonly<Record<string, string>> = {
  llama: 'SentencePiece BPE',
  gpt2: 'byte-level BPE',
  bert: 'WordPiece',
  t5: 'SentencePiece unigram',
  rwkv: 'RWKV',
};

/**
 * A vocabulary counted, whether Bedside can use it or not; null where the file has none.
 * @param usable the file's tokenizer, which knows better which tokens begin and end: some files name wrong ones
 * @param templateEnd the piece with which the file's template ends a turn
 */
export function summariseTokenizer(
  file: GgufFile,
  usable: Tokenizer | BedsideError,
  templateEnd?: string,
): TokenizerSummary | null {
  const used = usable instanceof BedsideError ? undefined : usable;
  const of = (key: string) => file.metadata.get(`tokenizer.ggml.${key}`);
  const [model, tokens, merges, pre] = [of('model'), of('tokens'), of('merges'), of('pre')];
  if (typeof model !== 'string') return null;
  const pieces: readonly unknown[] = Array.isArray(tokens) ? tokens : [];
  const named = (id: unknown): NamedToken[] => {
    const piece = typeof id === 'number' ? pieces[id] : undefined;
    return typeof piece === 'string' ? [{ id: id as number, piece: piece.slice(0, 64) }] : [];
  };
  const templateEnds = templateEnd === undefined ? [] : [used?.idOf(templateEnd)];
  const stated = ['eos', 'eot', 'eom'].map(name => of(`${name}_token_id`));
  return {
    model,
    kind: kinds[model] ?? 'unknown',
    preTokenizer: typeof pre === 'string' ? pre : null,
    pieces: pieces.length,
    merges: Array.isArray(merges) ? merges.length : 0,
    bos: named(used ? used.bosId : of('bos_token_id'))[0] ?? null,
    endTokens: [...new Set([...(used?.eosIds ?? stated), ...templateEnds])].flatMap(named),
  };
}
