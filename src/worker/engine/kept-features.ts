import { floatsToHalves, halvesToFloats } from '../../engine/quant/half.ts';
import type { FeatureName, KeptFeatures } from '../../imaging/kept-features.ts';
import type { FeatureStore } from '../../storage/image-features.ts';

/** Of how images are cut, resampled and encoded: another number where that changes what comes out. */
const preparation = 1;
/** From here on 16 bits mean infinity, or no number. */
const firstNotFinite = 0x7c00;

/** The features of one encoder in the store. Where that refuses, images are encoded again after a restart. */
export function keptFeatures(store: FeatureStore, encoder: string): KeptFeatures {
  const keyOf = ({ imageId, presentation, tiling, size: { width, height } }: FeatureName) => ({
    imageId,
    encoder: `${encoder}-${preparation}`,
    tiling: `${tiling} ${width}x${height}${presentation && `; ${presentation}`}`,
  });
  return {
    async find(name, values) {
      const halves = await store.find(keyOf(name)).catch(() => undefined);
      return halves?.length === values ? halvesToFloats(halves) : undefined;
    },
    keep(name, values) {
      const halves = floatsToHalves(values);
      if (halves.some(half => (half & 0x7fff) >= firstNotFinite)) return undefined;
      void store.keep(keyOf(name), halves).catch(() => undefined);
      return halvesToFloats(halves);
    },
  };
}
