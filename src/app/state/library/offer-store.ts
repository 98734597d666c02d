import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Offer } from '../model/offer.ts';

export interface OfferState {
  /** What was dropped, picked or named last, and not used, kept or put away yet. */
  offer: Offer | null;
}

export type OfferStore = StoreApi<OfferState>;

export function createOfferStore(): OfferStore {
  return createStore<OfferState>(() => ({ offer: null }));
}
