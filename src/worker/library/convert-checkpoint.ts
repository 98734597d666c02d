import { type CheckpointListing, requireWholeCheckpoint } from '../../engine/convert/checkpoint-listing.ts';
import type { WeightEncoder } from '../../engine/convert/encode-weights.ts';
import { type GgufPlan, listReads, streamGguf } from '../../engine/convert/gguf-stream.ts';
import { planConversion } from '../../engine/convert/plan-conversion.ts';
import { abortedError } from '../../engine/errors.ts';
import type { TemplateId } from '../../engine/templates/template-ids.ts';
import type { Quantisation } from '../../engine/types/quantisation.ts';
import { sha256Hex } from '../../storage/sha256.ts';

export interface ConversionOptions {
  /** The model's name, as the GGUF files will say it. */
  name: string;
  /** Of the matrices of the language model. */
  type: Quantisation;
  withVision: boolean;
  signal?: AbortSignal;
  /** This worker reaches the network, and may not compile (src/sw/policies.ts): who makes blocks of weights faster. */
  encoder?: WeightEncoder | undefined;
}

/** A GGUF file that is made while it is read. */
export interface ConvertedFile {
  /** Of the whole file. */
  bytes: number;
  /** The same only where every byte of the file will be the same: SHA-256 (hex) over its header and what it is made of. */
  version: string;
  /**
   * The bytes from `from` up to `to`, in pieces of some MiB at most. Only what they are made of is read. One part at a time
   * can be read.
   */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
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
 * resolves, except the weights themselves: a stream rejects with `invalid-model` at the first one that cannot be stored, and
 * then what was kept of the file must be dropped. A few MiB are in memory at a time, whatever the model's size.
 * @throws BedsideError `no-model`, `no-vision-model`, `invalid-model`, `truncated-model`, `unsupported-model`,
 *   `unsafe-model`; the streams also `aborted`
 */
export async function convertCheckpoint(
  folder: CheckpointListing,
  options: ConversionOptions,
): Promise<ConvertedCheckpoint> {
  const { signal, encoder } = options;
  if (signal?.aborted) throw abortedError();
  await requireWholeCheckpoint(folder);
  const sources: string[] = [];
  const listed: CheckpointListing = {
    ...folder,
    async open(name) {
      const source = await folder.open(name);
      if (source) sources.push(`${name} ${source.bytes} ${folder.versionOf(name) ?? ''}`);
      return source;
    },
  };
  const { text, vision, warnings, templateHint } = await planConversion(listed, options);
  const madeOf = [...new Set(sources)].sort().join('\n');
  const converted = async (plan: GgufPlan): Promise<ConvertedFile> => ({
    bytes: plan.bytes,
    version: await sha256Hex(new Uint8Array(await new Blob([plan.header, madeOf]).arrayBuffer())),
    read(from, to) {
      folder.expect?.(listReads(plan, from, to));
      return streamGguf(plan, { from, to, signal, encoder });
    },
  });
  return {
    text: await converted(text),
    vision: vision && (await converted(vision)),
    warnings,
    templateHint,
  };
}
