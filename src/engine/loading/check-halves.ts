import { BedsideError } from '../errors.ts';
import type { LlamaConfig } from '../models/llama/llama-config.ts';
import type { VisionConfig } from '../models/vision/vision-file.ts';
import { type Sentence, sentence } from '../sentence.ts';
import { templateOf, templatesWithImages } from '../templates/templates.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { EncoderKind } from '../types/model.ts';

/** Whose image half an encoder of a kind is. */
const familyNames: Readonly<Record<EncoderKind, string>> = {
  'intern-vit': 'InternVL2 or Mini-Monkey',
  siglip: 'Gemma 3 or MedGemma',
};

/** @throws `vision-mismatch` where an image encoder and a language model are not halves of one model */
export function checkHalves(
  config: Pick<VisionConfig, 'kind' | 'projected' | 'name'>,
  language: Pick<LlamaConfig, 'hidden' | 'name'>,
  tokenizer: Tokenizer,
): void {
  const { kind, projected, name } = config;
  // Told first: the widths of two families may be alike.
  const others = templatesWithImages.filter(id => templateOf(id).images!.encoder !== kind);
  const other = others.find(id => missingPiece(id) === undefined);
  const own = templatesWithImages.filter(id => templateOf(id).images!.encoder === kind).map(missingPiece);
  const hasPlaces = own.includes(undefined);
  if (!hasPlaces && other !== undefined) {
    throw mismatch(
      sentence`halves-of-two-families: The image encoder "${{ encoder: name }}" is of ${{ encoderFamily: familyNames[kind] }}; the language model "${{ language: language.name }}" is of ${{ languageFamily: familyNames[templateOf(other).images!.encoder] }}.`,
    );
  }
  if (projected !== language.hidden) {
    throw mismatch(
      sentence`halves-of-two-models: The image encoder "${{ encoder: name }}" makes visual tokens of ${{ encoderNumbers: projected }} numbers; the language model "${{ language: language.name }}" reads ${{ languageNumbers: language.hidden }}.`,
    );
  }
  // The pieces of one template are enough.
  if (!hasPlaces) {
    throw mismatch(
      sentence`language-model-without-image-token: The language model "${{ language: language.name }}" has no token ${{ token: own[0] ?? '' }}: it was not trained on images.`,
    );
  }

  function missingPiece(id: (typeof templatesWithImages)[number]): string | undefined {
    const { start, token, end } = templateOf(id).images!;
    return [start, token, end].find(piece => tokenizer.idOf(piece) === undefined);
  }
}

function mismatch(message: Sentence): BedsideError {
  return new BedsideError(
    'vision-mismatch',
    message,
    'Choose the two files of one model, such as the text and the mmproj file of Mini-Monkey.',
  );
}
