import type { EngineDevice } from '../../device/device.ts';
import { brokenNumbersError } from '../../device/device-errors.ts';
import type { Binding, Dispatch } from '../../device/dispatch.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import { readBuffer } from '../../device/readback.ts';
import type { AttentionShape } from '../../kernels/attention.ts';
import type { Allocated } from '../../kernels/buffer-shape.ts';
import { pagePositions } from '../../kernels/cache-format.ts';
import { createKeyScores, keyScoreShapes } from '../../kernels/key-scores.ts';
import type { KvCache } from '../tensors/kv-cache.ts';
import { hasWindow, type LlamaConfig } from './llama-config.ts';
import type { LlamaLayer } from './llama-layer.ts';

/** The decoder layer whose attention tells which visual tokens matter (Mini-Monkey, section 3.3). */
const scoringLayer = 1;

/** Of a view that can be compressed, in every preset: what scores need room for. */
const mostScoredTiles = 24;

/** The longest block that can be scored. */
function mostScoredTokens(contextTokens: number, tokensPerTile: number): number {
  return Math.min(contextTokens, mostScoredTiles * tokensPerTile);
}

/** Positions blockStart .. blockStart + blockCount - 1 are scored by the queries from firstQuery on. */
export interface ScoredBlock {
  firstQuery: number;
  blockStart: number;
  blockCount: number;
}

export type KeyScorerBuffers = Allocated<ReturnType<typeof keyScoreShapes>>;

/**
 * What scoring needs beside the layers it runs through; undefined where there are too few, or where they do not see all.
 * @param tokensPerTile visual tokens of one tile
 */
export function keyScorerShapes(
  config: LlamaConfig,
  shape: AttentionShape,
  chunkTokens: number,
  tokensPerTile: number,
): ReturnType<typeof keyScoreShapes> | undefined {
  if (config.layers <= scoringLayer) return undefined;
  if (hasWindow(config, scoringLayer) || hasWindow(config, scoringLayer - 1)) return undefined;
  return keyScoreShapes(shape, chunkTokens, mostScoredTokens(shape.pages * pagePositions, tokensPerTile));
}

/** Adds up how much attention later tokens pay to each token of a block, without ever holding an N x N matrix. */
export class KeyScorer {
  /** Launches of one step: layer 0, */
  readonly before: readonly Dispatch[];
  /** then layer 1 as far as its queries and keys, then the scores, which are added up only here. */
  readonly last: readonly Dispatch[];
  readonly maxBlock: number;
  readonly #device: EngineDevice;
  readonly #scores: DeviceBuffer;
  readonly #block: DeviceBuffer;

  private constructor(
    device: EngineDevice,
    launches: { before: readonly Dispatch[]; last: readonly Dispatch[] },
    buffers: KeyScorerBuffers,
  ) {
    this.#device = device;
    this.before = launches.before;
    this.last = launches.last;
    this.#scores = buffers.scores;
    this.#block = buffers.block;
    this.maxBlock = buffers.scores.size / 4;
  }

  static async create(
    device: EngineDevice,
    shape: AttentionShape,
    q: Binding,
    cache: KvCache,
    state: DeviceBuffer,
    layers: readonly LlamaLayer[],
    buffers: KeyScorerBuffers,
  ): Promise<KeyScorer> {
    const score = await createKeyScores(
      device,
      shape,
      { q, pages: cache.pagesOf(scoringLayer), ...buffers },
      cache.layers[scoringLayer]!,
      state,
    );
    const before = layers
      .slice(0, scoringLayer)
      .flatMap(({ projections, rest }) => [...projections, ...rest]);
    const last = [...layers[scoringLayer]!.projections, ...score];
    return new KeyScorer(device, { before, last }, buffers);
  }

  /** Clears the scores; the steps that follow add to them. */
  begin({ firstQuery, blockStart, blockCount }: ScoredBlock): void {
    this.#device.write(this.#block, 0, new Uint32Array([firstQuery, blockStart, blockCount]));
    this.#device.write(this.#scores, 0, new Float32Array(blockCount));
  }

  /** [blockCount] f32: sums over heads and queries. */
  async read(blockCount: number): Promise<Float32Array> {
    const scores = new Float32Array(await readBuffer(this.#device, this.#scores, blockCount * 4));
    if (scores.some(score => !Number.isFinite(score))) throw brokenNumbersError();
    return scores;
  }
}
