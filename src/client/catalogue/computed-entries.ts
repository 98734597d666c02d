import { type Architecture, architectures } from '../../engine/families/architectures.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';

/** Whether the engine knows the architecture of an entry: one that it does not know is not offered. */
export function isComputed({ expects }: Pick<CatalogueEntry, 'expects'>): boolean {
  return expects === undefined || architectures.includes(expects.architecture as Architecture);
}

/** The list may be ahead of the engine: an entry appears with the family that computes it. */
export function computedEntries(catalogue: Catalogue): Catalogue {
  return catalogue.filter(isComputed);
}
