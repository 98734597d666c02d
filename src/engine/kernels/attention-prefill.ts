import prefillShader from '../../../shaders/attention/prefill.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import { type Binding, type Dispatch, inClass } from '../device/dispatch.ts';
import { chosenCandidate } from '../device/kernel-choices.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { type AttentionShape, cachedHeads, type LayerCache } from './attention.ts';
import { composeTile, smallTile, type TileGeometry, type TileTarget, tileTarget } from './attention-tile.ts';
import { pagePositions } from './cache-format.ts';

/** Steps of up to so many tokens, as of a guess that is checked, have a form of their own. */
const fewTokens = 8;

const geometries = {
  'rows-32': { lanes: 128, rows: 32, keys: 64, chunk: 8, turns: 1, values: 8 },
  'rows-64': { lanes: 128, rows: 64, keys: 32, chunk: 8, turns: 1, values: 4 },
  'rows-16': { lanes: 128, rows: 16, keys: 64, chunk: 8, turns: 1, values: 8 },
  small: smallTile,
  // Written out further it takes a processor longer to compile, and no less to run.
  software: { lanes: 128, rows: 32, keys: 32, chunk: 8, turns: 1, values: 1 },
} satisfies Record<string, TileGeometry>;

type GeometryName = keyof typeof geometries;

/** Of steps of many tokens: among these the device's best is chosen. */
export function prefillCandidates(
  shape: AttentionShape,
  target: TileTarget,
): { kind: string; names: [GeometryName, ...GeometryName[]] } {
  return { kind: `attention-prefill ${shape.cache}`, names: candidateNames(shape, target) };
}

function candidateNames(
  { headDim }: AttentionShape,
  { variant, isSoftware }: TileTarget,
): [GeometryName, ...GeometryName[]] {
  if (variant.small) return ['small'];
  if (isSoftware) return ['software'];
  // Sums of 64 rows by more dimensions do not fit the registers.
  return headDim > 128 ? ['rows-16', 'rows-32', 'small'] : ['rows-32', 'rows-64', 'rows-16', 'small'];
}

function geometryOf(shape: AttentionShape, tokens: 'few' | 'many', target: TileTarget): TileGeometry {
  const { kind, names } = prefillCandidates(shape, target);
  if (tokens === 'many') return geometries[chosenCandidate(target.variant.choices, { kind }, names)];
  return target.variant.small || target.isSoftware ? geometries[names[0]] : geometries['rows-16'];
}

/** The forms for steps of few tokens and of many. */
export function attentionPrefillSpecs(
  shape: AttentionShape,
  target: TileTarget,
): [few: KernelSpec, many: KernelSpec] {
  const spec = (tokens: 'few' | 'many'): KernelSpec => ({
    kernel: 'attention-prefill',
    form: { ...cachedHeads(shape), tokens, window: shape.window ?? 0 },
    label: `attention-prefill ${shape.cache}, ${tokens} tokens`,
    code: composeTile(prefillShader, geometryOf(shape, tokens, target), shape.headDim, {
      cache: shape.cache,
    }),
    entryPoint: 'attention_prefill',
    constants: {
      HEADS: shape.heads,
      KV_HEADS: shape.kvHeads,
      HEAD_DIM: shape.headDim,
      PAGE: pagePositions,
      WINDOW: shape.window ?? 0,
    },
  });
  return [spec('few'), spec('many')];
}

/**
 * out [tokens, heads, headDim] = causal attention of the step's tokens over the cache, themselves included. Of the launches
 * only that for the step's number of tokens takes place.
 */
export async function createAttentionPrefill(
  device: EngineDevice,
  shape: AttentionShape,
  buffers: { q: Binding; out: DeviceBuffer; pages: DeviceBuffer },
  cache: LayerCache,
  state: DeviceBuffer,
): Promise<Dispatch[]> {
  const target = tileTarget(device);
  const { heads, kvHeads } = shape;
  const specs = attentionPrefillSpecs(shape, target);
  return Promise.all(
    (['few', 'many'] as const).map(async (tokens, i) => {
      const { rows } = geometryOf(shape, tokens, target);
      const made = await device.createDispatch(
        specs[i]!,
        { 1: buffers.q, 2: cache.keys, 3: cache.values, 4: buffers.pages, 5: buffers.out, 7: state },
        step =>
          step.tokens <= fewTokens === (tokens === 'few')
            ? [kvHeads, Math.ceil((step.tokens * (heads / kvHeads)) / rows)]
            : [0],
      );
      // The form for few tokens has no candidates.
      return tokens === 'many' ? inClass(made, { kind: prefillCandidates(shape, target).kind }) : made;
    }),
  );
}
