import { type GgufPlan, streamGguf } from '../../engine/convert/gguf-stream.ts';
import { planConversion } from '../../engine/convert/plan-conversion.ts';
import type { WrittenType } from '../../engine/convert/planned-tensor.ts';
import { abortedError } from '../../engine/errors.ts';
import type { TemplateId } from '../../engine/types.ts';
import { type CheckpointListing, requireWholeCheckpoint } from './checkpoint-files.ts';

export interface ConversionOptions {
  /** The model's name, as the GGUF files will say it. */
  name: string;
  /** Of the matrices of the language model. */
  type: Exclude<WrittenType, 'F32'>;
  withVision: boolean;
  signal?: AbortSignal;
  /** After every piece of a stream. */
  onProgress?: (progress: ConversionProgress) => void;
}

export interface ConversionProgress {
  file: 'text' | 'vision';
  /** Bytes of the GGUF file so far. */
  done: number;
  total: number;
}

/** A GGUF file that is made while it is read. */
export interface ConvertedFile {
  /** Of the whole file. */
  bytes: number;
  /** From the first byte to the last, in pieces of some MiB at most. It can be read once. */
  stream: AsyncIterable<Uint8Array>;
}

export interface ConvertedCheckpoint {
  text: ConvertedFile;
  /** The mmproj file, where it was asked for. */
  vision?: ConvertedFile;
  /** Sentences for the reader; the conversion is sound nevertheless. */
  warnings: string[];
  /** How conversations with this model are likely written. */
  templateHint: TemplateId;
}

/**
 * A checkpoint as GGUF files, the same bytes as the command line's `convert` writes. Everything is checked before this
 * resolves, except the weights themselves: a stream rejects at the first one that cannot be stored, so what was kept of
 * it must be dropped. A few MiB are in memory at a time, whatever the model's size.
 * @throws BedsideError `no-model`, `no-vision-model`, `invalid-model`, `truncated-model`, `unsupported-model`,
 *   `unsafe-model`; the streams also `aborted`
 */
export async function convertCheckpoint(
  folder: CheckpointListing,
  options: ConversionOptions,
): Promise<ConvertedCheckpoint> {
  const { signal, onProgress } = options;
  if (signal?.aborted) throw abortedError();
  await requireWholeCheckpoint(folder);
  const { text, vision, warnings, templateHint } = await planConversion(folder, options);
  const converted = (file: ConversionProgress['file'], plan: GgufPlan): ConvertedFile => ({
    bytes: plan.bytes,
    stream: reportProgress(streamGguf(plan, { signal }), done =>
      onProgress?.({ file, done, total: plan.bytes }),
    ),
  });
  return {
    text: converted('text', text),
    vision: vision && converted('vision', vision),
    warnings,
    templateHint,
  };
}

async function* reportProgress(
  stream: AsyncIterable<Uint8Array>,
  report: (done: number) => void,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const piece of stream) {
    yield piece;
    done += piece.length;
    report(done);
  }
}
