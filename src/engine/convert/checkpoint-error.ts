import { BedsideError, type ErrorCode } from '../errors.ts';
import { convertibleInWords } from '../families/families.ts';
import type { Sentence } from '../sentence.ts';

const adviceByCode = {
  'no-model':
    'Name the folder that holds config.json, tokenizer.model and the .safetensors or .bin files of the model.',
  'invalid-model': 'The folder may be incomplete or damaged. Get the model again from where it came from.',
  'truncated-model': 'The download or copy probably stopped early. Get the file again and check its size.',
  'no-vision-model': 'Convert it without --mmproj.',
  'unsupported-model': `${convertibleInWords()} can be converted.`,
} satisfies Partial<Record<ErrorCode, string>>;

/** A checkpoint folder that cannot be converted. `what` is a sentence without its full stop that names the file. */
export function checkpointError(
  code: keyof typeof adviceByCode,
  what: Sentence,
  advice: string = adviceByCode[code],
  cause?: unknown,
): BedsideError {
  return new BedsideError(code, { ...what, text: `${what.text}.` }, advice, cause);
}
