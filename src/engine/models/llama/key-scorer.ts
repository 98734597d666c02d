import type { EngineDevice } from '../../gpu/device.ts';
import type { Dispatch } from '../../gpu/dispatch.ts';
import { brokenNumbersError } from '../../gpu/gpu-errors.ts';
import { readBuffer } from '../../gpu/readback.ts';
import type { AttentionShape } from '../../kernels/attention.ts';
import type { Allocated } from '../../kernels/buffer-shape.ts';
import { pagePositions } from '../../kernels/cache-format.ts';
import { createKeyScores, keyScoreShapes } from '../../kernels/key-scores.ts';
import type { KvCache } from '../tensors/kv-cache.ts';
import type { LlamaConfig } from './llama-config.ts';
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
 * What scoring needs beside the layers it runs through; undefined where there are too few.
 * @param tokensPerTile visual tokens of one tile
 */
export function keyScorerShapes(
  { layers }: LlamaConfig,
  shape: AttentionShape,
  chunkTokens: number,
  tokensPerTile: number,
): ReturnType<typeof keyScoreShapes> | undefined {
  if (layers <= scoringLayer) return undefined;
  return keyScoreShapes(shape, chunkTokens, mostScoredTokens(shape.pages * pagePositions, tokensPerTile));
}

/** Adds up how much attention later tokens pay to each token of a block, without ever holding an N x N matrix. */
export class KeyScorer {
  /** Launches of one step: layer 0, then layer 1 as far as its queries and keys, then the scores. */
  readonly dispatches: Dispatch[];
  readonly maxBlock: number;
  readonly #device: EngineDevice;
  readonly #scores: GPUBuffer;
  readonly #block: GPUBuffer;

  private constructor(device: EngineDevice, dispatches: Dispatch[], buffers: KeyScorerBuffers) {
    this.#device = device;
    this.dispatches = dispatches;
    this.#scores = buffers.scores;
    this.#block = buffers.block;
    this.maxBlock = buffers.scores.size / 4;
  }

  static async create(
    device: EngineDevice,
    shape: AttentionShape,
    q: GPUBuffer,
    cache: KvCache,
    state: GPUBuffer,
    layers: readonly LlamaLayer[],
    buffers: KeyScorerBuffers,
  ): Promise<KeyScorer> {
    const score = await createKeyScores(
      device,
      shape,
      { q, pages: cache.pageTable, ...buffers },
      cache.layers[scoringLayer]!,
      state,
    );
    const before = layers
      .slice(0, scoringLayer)
      .flatMap(({ projections, rest }) => [...projections, ...rest]);
    return new KeyScorer(device, [...before, ...layers[scoringLayer]!.projections, ...score], buffers);
  }

  /** Clears the scores; the steps that follow add to them. */
  begin({ firstQuery, blockStart, blockCount }: ScoredBlock): void {
    const { queue } = this.#device.gpu;
    queue.writeBuffer(this.#block, 0, new Uint32Array([firstQuery, blockStart, blockCount]));
    queue.writeBuffer(this.#scores, 0, new Float32Array(blockCount));
  }

  /** [blockCount] f32: sums over heads and queries. */
  async read(blockCount: number): Promise<Float32Array> {
    const scores = new Float32Array(await readBuffer(this.#device, this.#scores, blockCount * 4));
    if (scores.some(score => !Number.isFinite(score))) throw brokenNumbersError();
    return scores;
  }
}
