import { type FileTemplate, openFileTemplate } from '../templates/file-template.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** Models may bring further templates, for tools or retrieval, as `tokenizer.chat_template.NAME`; this is the one for conversations. */
const property = 'tokenizer.chat_template';

/** The Jinja text; undefined where a file has none. */
export function chatTemplateOf(metadata: ReadonlyMap<string, unknown>): string | undefined {
  const source = metadata.get(property);
  return typeof source === 'string' && source.trim() !== '' ? source : undefined;
}

/** The template that a GGUF file brings, compiled and tried; undefined where it brings none. */
export function readFileTemplate(
  metadata: ReadonlyMap<string, unknown>,
  tokenizer: Tokenizer,
): FileTemplate | undefined {
  const source = chatTemplateOf(metadata);
  if (source === undefined) return undefined;
  return openFileTemplate({ source, ...startAndEndOf(tokenizer), pieces: tokenizer });
}

/** What templates call `bos_token` and `eos_token`. */
export function startAndEndOf(tokenizer: Tokenizer): { bosPiece?: string; eosPiece?: string } {
  const { bosId, endTokens } = tokenizer;
  const eos = endTokens.find(({ statedBy }) => statedBy === 'eos');
  return {
    ...(bosId === undefined ? {} : { bosPiece: tokenizer.pieceText(bosId) }),
    ...(eos ? { eosPiece: eos.piece } : {}),
  };
}
