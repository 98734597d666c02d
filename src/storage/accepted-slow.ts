/** Models that the reader wants although they answer slowly on this device, by the ids of their entries, the latest last. */
import { listOf, text } from './record-fields.ts';

export type AcceptedSlow = readonly string[];

/** Of models that are long gone nothing need be remembered. */
const mostModels = 200;

export function readAcceptedSlow(stored: unknown): AcceptedSlow {
  return listOf(text)(stored) ?? [];
}

export function withAcceptedSlow(accepted: AcceptedSlow, entryId: string): AcceptedSlow {
  return [...accepted.filter(id => id !== entryId), entryId].slice(-mostModels);
}
