import { sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';
import { type CheckpointFolder, readOptionalFile } from './checkpoint-folder.ts';

export const templateFile = 'chat_template.jinja';
const largestBytes = 2 ** 20;

/**
 * A checkpoint's chat template; undefined where it has none. As in transformers a file of its own goes first, and of several
 * templates by name the one for conversations is "default".
 * @param inSettings what tokenizer_config.json says: a text, or a list of `{name, template}`
 */
export async function readChatTemplate(
  folder: CheckpointFolder,
  inSettings: unknown,
): Promise<string | undefined> {
  const bytes = await readOptionalFile(folder, templateFile, largestBytes);
  if (bytes === undefined) return textOf(inSettings);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw checkpointError(
      'invalid-model',
      sentence`checkpoint-file-is-no-text: ${{ file: templateFile }} is not text in UTF-8`,
      undefined,
      error,
    );
  }
}

function textOf(inSettings: unknown): string | undefined {
  if (typeof inSettings === 'string') return inSettings;
  if (!Array.isArray(inSettings)) return undefined;
  const named = inSettings.find(item => (item as { name?: unknown } | null)?.name === 'default');
  const template = (named as { template?: unknown } | undefined)?.template;
  return typeof template === 'string' ? template : undefined;
}
