import { sentence } from '../sentence.ts';
import { readChatTemplate } from './chat-template.ts';
import { checkpointError } from './checkpoint-error.ts';
import { type CheckpointFolder, readOptionalJson } from './checkpoint-folder.ts';

/** Pieces that a checkpoint adds to its SentencePiece model, by id. */
export type AddedTokens = Map<number, { text: string; isSpecial: boolean }>;

export interface TokenizerSettings {
  added: AddedTokens;
  addBos: boolean;
  addEos: boolean;
  /** How conversations are written, in Jinja. */
  chatTemplate?: string | undefined;
}

const listFile = 'added_tokens.json';
const settingsFile = 'tokenizer_config.json';

/** Reads `added_tokens.json` and `tokenizer_config.json`, each where it exists; as in transformers the latter wins. */
export async function readTokenizerSettings(folder: CheckpointFolder): Promise<TokenizerSettings> {
  const added: AddedTokens = new Map();
  for (const [text, id] of Object.entries((await readOptionalJson(folder, listFile)) ?? {})) {
    added.set(checkId(id, listFile), { text, isSpecial: true });
  }
  const settings = (await readOptionalJson(folder, settingsFile)) ?? {};
  for (const [id, token] of Object.entries(settings.added_tokens_decoder ?? {})) {
    const { content, special } = (token ?? {}) as Record<string, unknown>;
    if (typeof content !== 'string') {
      throw checkpointError(
        'invalid-model',
        sentence`added-token-without-text: ${{ file: settingsFile }} gives no text for the added token ${{ token: String(id) }}`,
      );
    }
    added.set(checkId(Number(id), settingsFile), { text: content, isSpecial: special !== false });
  }
  const { add_bos_token: addBos, add_eos_token: addEos } = settings;
  return {
    added,
    // The defaults of tokenization_internlm2.py.
    addBos: addBos !== false,
    addEos: addEos === true,
    chatTemplate: await readChatTemplate(folder, settings.chat_template),
  };
}

function checkId(id: unknown, file: string): number {
  if (typeof id === 'number' && Number.isInteger(id) && id >= 0) return id;
  throw checkpointError(
    'invalid-model',
    sentence`added-token-without-number: ${{ file }} gives an added token the number ${{ token: String(id) }}`,
  );
}
