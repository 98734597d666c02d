/** What the library and a quantiser say to each other. */
import type { WrittenType } from '../../engine/convert/choose-type.ts';
import type { Result } from '../verbs/result.ts';

export interface QuantiserRequest {
  id: number;
  type: WrittenType;
  weights: Float32Array<ArrayBuffer>;
}

export type QuantiserWord =
  /** It has what it needs; asked before, it would only be later. */
  'ready' | { id: number; result: Result<Uint8Array> };
