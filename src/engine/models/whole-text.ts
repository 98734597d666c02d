import type { Dispatch, Step } from '../device/dispatch.ts';
import { readBuffer } from '../device/readback.ts';
import { buildLlamaHeadForAll, buildLlamaOutputNorm } from './llama/llama.ts';
import type { LlamaLayer, LlamaParts } from './llama/llama-layer.ts';
import { tokensOfStep } from './picture-span.ts';
import { type PromptSteps, wholeLayer } from './prompt-steps.ts';
import type { ReadPrompt } from './read-prompt.ts';
import type { StepInput } from './step-input.ts';
import { mostRingTokens } from './tensors/window-ring.ts';

/** Rows of all logits that are computed at once: what they take is not planned. */
const mostRowsOfLogits = 128;

/** What a text is read with from an empty cache. */
export interface WholeTextParts extends LlamaParts {
  /** Most tokens of one step. */
  chunkTokens: number;
}

interface WholeTextLaunches {
  embedding: readonly Dispatch[];
  one: readonly LlamaLayer[];
  many: readonly LlamaLayer[];
}

/** What a model computes of a text at every position or in every layer, for comparison with references. Nothing answers with it. */
export class WholeText {
  readonly #parts: WholeTextParts;
  readonly #launches: WholeTextLaunches;
  readonly #input: StepInput;

  constructor(parts: WholeTextParts, launches: WholeTextLaunches, input: StepInput) {
    this.#parts = parts;
    this.#launches = launches;
    this.#input = input;
  }

  /** Logits at every position of `ids`, from an empty cache: [ids, vocabulary] f32. */
  async logits(ids: readonly number[]): Promise<Float32Array> {
    const { device, config, weights, buffers, cache, chunkTokens } = this.#parts;
    cache.truncate(0);
    const out = new Float32Array(ids.length * config.vocabulary);
    const most = cache.ring ? mostRingTokens : mostRowsOfLogits;
    const rows = Math.min(chunkTokens, most, ids.length);
    const before = device.memory.snapshot();
    const all = await device.memory.storage('all logits', rows * config.vocabulary * 4);
    try {
      const rowsOfAll = { buffer: all, stride: config.vocabulary };
      const head = await buildLlamaHeadForAll(device, config, weights, buffers, rowsOfAll);
      for (let start = 0; start < ids.length; start += rows) {
        const chunk = ids.slice(start, start + rows);
        const step = this.#input.write(chunk, cache.keys.length, chunkTokens);
        this.#submit([...this.#launches.embedding, ...this.#layersFor(chunk).flat(), ...head], step);
        const bytes = chunk.length * config.vocabulary * 4;
        out.set(new Float32Array(await readBuffer(device, all, bytes)), start * config.vocabulary);
        cache.keys.push(...chunk);
      }
    } finally {
      device.memory.releaseExcept(before);
    }
    return out;
  }

  /**
   * The last token's hidden states as transformers lists them: after the embedding, after every layer but the last, and after the norm of
   * the output, [hidden] f32 each. Leaves the cache as `logits` does, with what identifies rows of images where they stand.
   */
  async hiddenOfLast(
    { ids, keys, runs, pictures = [] }: ReadPrompt,
    steps: PromptSteps,
  ): Promise<Float32Array[]> {
    const { device, config, weights, buffers, cache, chunkTokens } = this.#parts;
    cache.truncate(0);
    const found: Float32Array[] = [];
    const norm = await buildLlamaOutputNorm(device, config, weights, buffers);
    for (let start = 0; start < ids.length; ) {
      const tokens = Math.min(tokensOfStep(pictures, start, chunkTokens), ids.length - start);
      const isPicture = pictures.some(({ first }) => first === start);
      const step = this.#input.write(ids.slice(start, start + tokens), start, chunkTokens, isPicture);
      const parts = steps.layerByLayer(step, runs(start, tokens));
      parts.at(-1)!.push({ dispatches: [norm], step });
      for (const [i, part] of parts.entries()) {
        const commands = device.begin();
        for (const each of part) {
          if (typeof each === 'function') each(commands);
          else commands.launch(each.dispatches, each.step);
        }
        commands.submit();
        if (start + tokens < ids.length) continue;
        const { buffer, stride } = i < parts.length - 1 ? buffers.x : buffers.normed;
        const rows = new Float32Array(await readBuffer(device, buffer, tokens * stride * 4));
        found.push(rows.slice((tokens - 1) * stride).subarray(0, config.hidden));
      }
      cache.keys.push(...keys.slice(start, start + tokens));
      start += tokens;
    }
    return found;
  }

  #layersFor(chunk: readonly number[]): Dispatch[][] {
    return (chunk.length === 1 ? this.#launches.one : this.#launches.many).map(wholeLayer);
  }

  #submit(dispatches: readonly Dispatch[], step: Step): void {
    const commands = this.#parts.device.begin();
    commands.launch(dispatches, step);
    commands.submit();
  }
}
