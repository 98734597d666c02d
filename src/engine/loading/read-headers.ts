import { BedsideError } from '../errors.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { type GgufFile, type GgufTensor, parseGguf } from '../formats/gguf.ts';
import { requireWhole } from '../formats/shard.ts';
import { type LlamaConfig, readLlamaConfig } from '../models/llama/llama-config.ts';
import { checkLlamaTensors } from '../models/llama/llama-tensors.ts';
import { readVisionFile, type VisionFile } from '../models/vision/vision-file.ts';
import { sentence } from '../sentence.ts';
import type { FileTemplate } from '../templates/file-template.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { readVocabulary } from '../tokenizer/vocabulary.ts';
import { checkHalves } from './check-halves.ts';
import { readFileTemplate } from './read-file-template.ts';

/** The headers of a model's files, which have proven sound, each for itself and together. */
export interface ModelHeaders {
  file: GgufFile;
  config: LlamaConfig;
  tensors: Map<string, GgufTensor>;
  tokenizer: Tokenizer;
  /** Absent where the file brings no template. */
  fileTemplate?: FileTemplate;
  visionFile?: VisionFile;
}

/**
 * Reads and checks the header of a language model and, where there is one, of its image half.
 * @throws FormatError, `part-missing`, `invalid-model`, `vision-mismatch`, `aborted`
 */
export async function readHeaders(
  source: ByteSource,
  vision?: ByteSource,
  signal?: AbortSignal,
): Promise<ModelHeaders> {
  const file = await parseGguf(source, { signal });
  requireWhole(file);
  const config = readLlamaConfig(file);
  const tensors = checkLlamaTensors(file, config);
  const tokenizer = createTokenizer(readVocabulary(file.metadata));
  if (tokenizer.vocabularySize > config.vocabulary) {
    throw new BedsideError(
      'invalid-model',
      sentence`vocabulary-larger-than-model: The vocabulary has ${{ entries: tokenizer.vocabularySize }} entries but the model only ${{ vocabulary: config.vocabulary }}.`,
      'The file is inconsistent. Get it again, or choose another.',
    );
  }
  const fileTemplate = readFileTemplate(file.metadata, tokenizer);
  const headers = { file, config, tensors, tokenizer, ...(fileTemplate && { fileTemplate }) };
  if (!vision) return headers;
  const visionFile = await readVisionFile(vision, signal);
  checkHalves(visionFile.config, config, tokenizer);
  return { ...headers, visionFile };
}
