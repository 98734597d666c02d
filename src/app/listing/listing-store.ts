import { createContext, useContext } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface ListingState {
  /** The row that Tab reaches. */
  activeId: string | null;
  /** Those that something will be done with; null while none are being chosen. */
  chosen: ReadonlySet<string> | null;
}

export type ListingStore = StoreApi<ListingState>;

export const createListingStore = (): ListingStore =>
  createStore<ListingState>(() => ({ activeId: null, chosen: null }));

export const ListingContext = createContext<ListingStore>(createListingStore());

export const useListing = (): ListingStore => useContext(ListingContext);
