import { BedsideError } from '../errors.ts';
import type { VisionConfig } from '../models/intern-vit/vision-config.ts';
import type { LlamaConfig } from '../models/llama/llama-config.ts';
import { type Sentence, sentence } from '../sentence.ts';
import { templateOf, templatesWithImages } from '../templates/templates.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** @throws `vision-mismatch` where an image encoder and a language model are not halves of one model */
export function checkHalves(
  config: VisionConfig,
  language: Pick<LlamaConfig, 'hidden' | 'name'>,
  tokenizer: Tokenizer,
): void {
  if (config.projected !== language.hidden) {
    throw mismatch(
      sentence`halves-of-two-models: The image encoder "${{ encoder: config.name }}" makes visual tokens of ${{ encoderNumbers: config.projected }} numbers; the language model "${{ language: language.name }}" reads ${{ languageNumbers: language.hidden }}.`,
    );
  }
  // The pieces of one template are enough.
  const missing = templatesWithImages.map(id => {
    const { start, token, end } = templateOf(id).images!;
    return [start, token, end].find(piece => tokenizer.idOf(piece) === undefined);
  });
  const [first] = missing;
  if (first !== undefined && !missing.includes(undefined)) {
    throw mismatch(
      sentence`language-model-without-image-token: The language model "${{ language: language.name }}" has no token ${{ token: first }}: it was not trained on images.`,
    );
  }
}

function mismatch(message: Sentence): BedsideError {
  return new BedsideError(
    'vision-mismatch',
    message,
    'Choose the two files of one model, such as the text and the mmproj file of Mini-Monkey.',
  );
}
