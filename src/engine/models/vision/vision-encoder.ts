import type { EngineDevice } from '../../device/device.ts';
import { outOfMemoryForImageError } from '../../device/device-errors.ts';
import type { CommandList, Step } from '../../device/dispatch.ts';
import { readBuffer } from '../../device/readback.ts';
import { abortedError, BedsideError } from '../../errors.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import type { GgufTensor } from '../../formats/gguf.ts';
import { allocateShapes, type Shapes } from '../../kernels/buffer-shape.ts';
import { paddedColumns } from '../../quant/gpu-formats.ts';
import { sentence } from '../../sentence.ts';
import { keptPart } from '../../types/image-views.ts';
import type { VisionInfo } from '../../types/model.ts';
import type { EncoderBuffers, EncoderGraph } from '../encoder/encoder-layer.ts';
import { positionTable } from '../encoder/encoder-tensors.ts';
import { buildInternVit, internVitShapes } from '../intern-vit/intern-vit.ts';
import { resizePositionTable } from '../intern-vit/position-table.ts';
import { PacedRun, type StepPart } from '../pace/paced-run.ts';
import { SubmitPace } from '../pace/submit-pace.ts';
import { buildSiglip, siglipShapes } from '../siglip/siglip.ts';
import { DeviceWeights } from '../tensors/device-weights.ts';
import type { ImageFeatures } from '../tensors/image-features.ts';
import type { VisionConfig, VisionFile } from './vision-file.ts';

/** Rows of one batch: enough to fill a GPU, few enough that its activations stay near 100 MB at true size. */
const batchRows = 2048;
const mostTilesPerBatch = 4;
let lastSerial = 0;

export interface EncodeEvents {
  signal?: AbortSignal;
  /** After each batch of tiles. */
  onTiles?: (done: number, total: number) => void;
}

/** The image half of a model, on the device: tiles in, visual tokens out. */
export class VisionEncoder {
  readonly config: VisionConfig;
  readonly info: VisionInfo;
  /** Tiles that are computed together, at most. */
  readonly tilesPerBatch: number;
  readonly weights: DeviceWeights;
  /** In the file; on the device it is brought to size, among the buffers. */
  readonly positionTable: GgufTensor;
  /** Its file as `weights` says where they lie. */
  readonly sourceOf: (source: ByteSource) => ByteSource;
  readonly #device: EngineDevice;
  readonly #buffers: EncoderBuffers;
  readonly #build: () => Promise<EncoderGraph>;
  /** Absent where the device hears a stop itself. */
  readonly #pace: SubmitPace | undefined;
  /** Made by `prepare`. */
  #graph!: EncoderGraph;

  private constructor(
    device: EngineDevice,
    file: VisionFile,
    weights: DeviceWeights,
    { buffers, build }: UnbuiltEncoder,
  ) {
    this.#device = device;
    this.config = file.config;
    this.info = file.info;
    this.tilesPerBatch = tilesPerBatch(file.config);
    this.positionTable = file.tensors.get(positionTable)!;
    this.weights = weights;
    this.sourceOf = file.sourceOf;
    this.#buffers = buffers;
    this.#build = build;
    if (device.report.kind !== 'processor') this.#pace = new SubmitPace(file.config.positions);
  }

  /** All memory of the encoder. Rejects with `out-of-memory`; what was allocated is the caller's to release. */
  static async allocate(device: EngineDevice, file: VisionFile): Promise<VisionEncoder> {
    const { config, tensors } = file;
    const others = [...tensors.values()].filter(({ name }) => name !== positionTable);
    const weights = await DeviceWeights.allocate(device, others);
    return new VisionEncoder(device, file, weights, await allocateEncoder(device, config, weights));
  }

  /**
   * The position embeddings as the file has them: [positions, hidden] f32; where a class token comes first, brought to the side of
   * this encoder's tiles.
   * @throws `invalid-model` where they are not that, or not finite
   */
  writePositions(values: Float32Array): void {
    const { hidden, side, positions: count } = this.config;
    const leading = count - side * side;
    const fromSide = Math.sqrt(this.positionTable.shape[1]! - leading);
    if (!Number.isInteger(fromSide) || fromSide < 1 || values.some(value => !Number.isFinite(value))) {
      throw new BedsideError(
        'invalid-model',
        sentence`position-table-is-damaged: The position table of the image encoder is damaged.`,
        'The file may be damaged. Get it again from where it came from.',
      );
    }
    const positions = leading === 1 ? resizePositionTable(values, hidden, fromSide, side) : values;
    this.#device.write(this.#buffers.positions, 0, positions as Float32Array<ArrayBuffer>);
  }

  /** Records the launches, of the kernels that the self-test has left in use; once, before anything is encoded. */
  async prepare(): Promise<void> {
    this.#graph = await this.#build();
  }

  /**
   * Visual tokens of one image's tiles, each [tileSize, tileSize, 3] u8. A few tiles at a time, as many layers a submit
   * as the device's pace allows; the returned buffer is the caller's to `release`.
   * @throws `aborted`, `out-of-memory`, `device-lost`, `gpu-error`
   */
  async encode(tiles: readonly Uint8Array[], { signal, onTiles }: EncodeEvents = {}): Promise<ImageFeatures> {
    const { tokensPerTile } = this.config;
    const { stride } = this.#buffers.projected;
    const features = await this.#allocate(tiles.length * tokensPerTile);
    const { buffer } = features;
    try {
      const tileBytes = tokensPerTile * stride * 4;
      for (let first = 0; first < tiles.length; ) {
        onTiles?.(first, tiles.length);
        const batch = tiles.slice(first, first + this.#tilesOfNextBatch());
        const copyOut = (commands: CommandList) =>
          commands.copy(
            this.#buffers.projected.buffer,
            0,
            buffer,
            first * tileBytes,
            batch.length * tileBytes,
          );
        if (await this.#encodeBatch(batch, signal, copyOut)) first += batch.length;
      }
      onTiles?.(tiles.length, tiles.length);
    } catch (error) {
      this.release(features);
      throw error;
    }
    return features;
  }

  /** The numbers of visual tokens: [tokens, projected] f32. */
  async read({ buffer, stride, tokens }: ImageFeatures): Promise<Float32Array<ArrayBuffer>> {
    const { projected } = this.config;
    const padded = new Float32Array(await readBuffer(this.#device, buffer, tokens * stride * 4));
    const values = new Float32Array(tokens * projected);
    for (let token = 0; token < tokens; token++) {
      values.set(padded.subarray(token * stride, token * stride + projected), token * projected);
    }
    return values;
  }

  /**
   * Visual tokens of numbers that `read` gave, of this encoder; the returned buffer is the caller's to `release`.
   * @throws `out-of-memory`, `device-lost`
   */
  async restore(values: Float32Array): Promise<ImageFeatures> {
    const { projected } = this.config;
    const features = await this.#allocate(values.length / projected);
    this.write(features, values);
    return features;
  }

  /** Puts other numbers in the place of visual tokens: [tokens, projected] f32. */
  write({ buffer, stride, tokens }: ImageFeatures, values: Float32Array): void {
    const { projected } = this.config;
    const padded = new Float32Array(tokens * stride);
    for (let token = 0; token < tokens; token++) {
      padded.set(values.subarray(token * projected, (token + 1) * projected), token * stride);
    }
    this.#device.write(buffer, 0, padded);
  }

  async #allocate(tokens: number): Promise<ImageFeatures> {
    const { stride } = this.#buffers.projected;
    const bytes = tokens * stride * 4;
    const buffer = await this.#device.memory.storage('image features', bytes).catch((error: unknown) => {
      const isFull = error instanceof BedsideError && error.code === 'out-of-memory';
      throw isFull ? outOfMemoryForImageError(error.cause) : error;
    });
    return { buffer, stride, tokens, serial: ++lastSerial };
  }

  release(features: ImageFeatures): void {
    this.#device.memory.release(features.buffer);
  }

  /** Fewer where a layer of all would be too long for a submit. */
  #tilesOfNextBatch(): number {
    const { positions } = this.config;
    const tokens = this.#pace?.tokens(this.tilesPerBatch * positions, positions);
    return tokens === undefined ? this.tilesPerBatch : Math.max(1, Math.floor(tokens / positions));
  }

  /** @returns false where a layer of so many tiles proved to be too long: then nothing of it counts */
  async #encodeBatch(
    tiles: readonly Uint8Array[],
    signal: AbortSignal | undefined,
    finish: (commands: CommandList) => void,
  ): Promise<boolean> {
    const device = this.#device;
    const { tileSize, positions, tokensPerTile } = this.config;
    const tileBytes = tileSize * tileSize * 3;
    device.check();
    const pixels = new Uint8Array(Math.ceil((tiles.length * tileBytes) / 4) * 4);
    tiles.forEach((tile, i) => {
      if (tile.length !== tileBytes) throw wrongTile(tile.length, tileBytes);
      pixels.set(tile, i * tileBytes);
    });
    const encoderTokens = tiles.length * positions;
    const projectorTokens = tiles.length * tokensPerTile;
    device.write(this.#buffers.pixels, 0, pixels);
    device.write(this.#buffers.encoderState, 0, new Uint32Array([0, encoderTokens]));
    device.write(this.#buffers.projectorState, 0, new Uint32Array([0, projectorTokens]));

    const { embedding, layers, projector } = this.#graph;
    const step: Step = { position: 0, tokens: encoderTokens };
    const parts = layers.map(
      (layer, index): StepPart => ({
        commands: [{ dispatches: [...(index === 0 ? embedding : []), ...layer], step }],
        layers: 1,
        isLayer: true,
      }),
    );
    const last = { dispatches: projector, step: { position: 0, tokens: projectorTokens } };
    parts.push({ commands: [last, finish], layers: 1, isLayer: false });
    if (signal?.aborted) throw abortedError();
    const work = { tokens: encoderTokens, keys: positions };
    const isDone = await new PacedRun(device, this.#pace, signal).step({ parts, work });
    if (signal?.aborted) throw abortedError();
    return isDone;
  }
}

/** What an encoder keeps on the device, and its launches, which are recorded once its kernels have been tested. */
interface UnbuiltEncoder {
  buffers: EncoderBuffers;
  build(): Promise<EncoderGraph>;
}

async function allocateEncoder(
  device: EngineDevice,
  config: VisionConfig,
  weights: DeviceWeights,
): Promise<UnbuiltEncoder> {
  const tiles = tilesPerBatch(config);
  if (config.kind === 'siglip') {
    const buffers = await allocateShapes(device, siglipShapes(config, tiles));
    return { buffers, build: () => buildSiglip(device, config, weights, buffers) };
  }
  const buffers = await allocateShapes(device, internVitShapes(config, tiles));
  return { buffers, build: () => buildInternVit(device, config, weights, buffers) };
}

/** What an encoder keeps between layers, for the plan: what `VisionEncoder.allocate` allocates beside its weights. */
export function visionShapes(config: VisionConfig): Shapes {
  const tiles = tilesPerBatch(config);
  return config.kind === 'siglip' ? siglipShapes(config, tiles) : internVitShapes(config, tiles);
}

/** Bytes of the visual tokens of so many tiles: what an image takes as long as it is remembered. */
export function featureBytes(
  { projected, tokensPerTile }: Pick<VisionConfig, 'projected' | 'tokensPerTile'>,
  tiles: number,
): number {
  return 4 * tiles * tokensPerTile * paddedColumns(projected);
}

/**
 * The same of all images that a conversation of so many tokens has room for. Of an image whose tokens are compressed all are kept, to
 * choose from.
 */
export function mostFeatureBytes(
  config: Pick<VisionConfig, 'projected' | 'tokensPerTile' | 'showsWhole'>,
  contextTokens: number,
): number {
  const tokens = config.showsWhole ? contextTokens : contextTokens / keptPart;
  return featureBytes(config, Math.floor(tokens / config.tokensPerTile));
}

/** How many tiles are computed together. */
export function tilesPerBatch({ positions }: Pick<VisionConfig, 'positions'>): number {
  return Math.max(1, Math.min(mostTilesPerBatch, Math.round(batchRows / positions)));
}

function wrongTile(bytes: number, expected: number): BedsideError {
  return new BedsideError(
    'internal',
    sentence`tile-of-wrong-size: A tile of the image has ${{ tileBytes: bytes }} bytes, expected ${{ expectedBytes: expected }}.`,
    'Reload the page and attach the image again.',
  );
}
