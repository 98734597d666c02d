import { useEffect, useState } from 'react';
import { estimateStorage, type StorageEstimate } from '../../client/index.ts';

/** What the browser tells of itself; nothing of the reader. */
export interface BrowserFacts {
  userAgent: string;
  processors: number;
  isSecure: boolean;
  /** A service worker serves the page: it opens without a network. */
  worksOffline: boolean;
  storage: StorageEstimate | null;
  /** Whether the browser promised not to clear the storage by itself; null where it does not say. */
  isPersistent: boolean | null;
}

export async function readBrowserFacts(): Promise<BrowserFacts> {
  // Over plain http there is no `storage` and no `serviceWorker`, whatever the types promise.
  const { userAgent, hardwareConcurrency, storage, serviceWorker } = navigator as Partial<Navigator>;
  return {
    userAgent: userAgent ?? '',
    processors: hardwareConcurrency ?? 0,
    isSecure: globalThis.isSecureContext === true,
    worksOffline: Boolean(serviceWorker?.controller),
    storage: (await estimateStorage()) ?? null,
    isPersistent: (await storage?.persisted?.().catch(() => null)) ?? null,
  };
}

export function useBrowserFacts(): BrowserFacts | null {
  const [facts, setFacts] = useState<BrowserFacts | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void readBrowserFacts().then(read => {
      if (isCurrent) setFacts(read);
    });
    return () => {
      isCurrent = false;
    };
  }, []);
  return facts;
}
