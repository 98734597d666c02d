import { loadGroupSearch } from '../engine/quant/vector-search.ts';
import { serveQuantiser } from './library/serve-quantiser.ts';

// One message ever arrives here: the port of the library's worker. Where the search cannot be loaded nothing is said, and the library
// does without.
self.addEventListener(
  'message',
  async ({ ports: [library] }: MessageEvent) => serveQuantiser(library!, await loadGroupSearch()),
  { once: true },
);
