import type { TilingMode } from '../../client/index.ts';

/** As the settings call them; whatever sends a reader there says the same. */
export const tilingModeLabels: Record<TilingMode, string> = {
  msac: 'Cut twice',
  dynamic: 'Cut once',
  single: 'Not cut',
};
