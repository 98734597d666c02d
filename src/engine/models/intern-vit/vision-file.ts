import { BedsideError } from '../../errors.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import { type GgufTensor, parseGguf } from '../../formats/gguf.ts';
import { requireWhole } from '../../formats/shard.ts';
import type { GgmlTypeName } from '../../quant/block-formats.ts';
import { type Sentence, sentence } from '../../sentence.ts';
import { imageContextPiece } from '../../templates/templates.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { VisionInfo } from '../../types/model.ts';
import type { LlamaConfig } from '../llama/llama-config.ts';
import { typesBySize } from '../tensors/tensor-checks.ts';
import { checkVisionTensors, positionTable } from './intern-vit-tensors.ts';
import { readVisionConfig, type VisionConfig } from './vision-config.ts';

/** An mmproj file whose header has proven sound. */
export interface VisionFile {
  config: VisionConfig;
  tensors: Map<string, GgufTensor>;
  /** Types of its matrices. */
  matrixTypes: Set<GgmlTypeName>;
  info: VisionInfo;
}

/** Reads and checks an mmproj file's header. Throws FormatError, `part-missing`. */
export async function readVisionFile(source: ByteSource, signal?: AbortSignal): Promise<VisionFile> {
  const file = await parseGguf(source, { signal });
  requireWhole(file);
  const config = readVisionConfig(file);
  const tensors = checkVisionTensors(file, config);
  return {
    config,
    tensors,
    matrixTypes: new Set(
      [...tensors.values()]
        .filter(({ name, shape }) => shape.length > 1 && name !== positionTable)
        .map(({ typeName }) => typeName),
    ),
    info: {
      name: config.name,
      parameterCount: file.tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
      tileSize: config.tileSize,
      tokensPerTile: config.tokensPerTile,
      fileBytes: file.bytes,
      tensorTypes: typesBySize(tensors.values()),
    },
  };
}

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
  const missing = ['<img>', imageContextPiece, '</img>'].find(piece => tokenizer.idOf(piece) === undefined);
  if (missing) {
    throw mismatch(
      sentence`language-model-without-image-token: The language model "${{ language: language.name }}" has no token ${{ token: missing }}: it was not trained on images.`,
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
