import { paceOn } from '../../engine/loading/estimate-pace.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { workOfEntry } from './work-of-entry.ts';

/** Of a model that is too slow for a device. */
export interface TooSlow {
  tokenSeconds: number;
  seesImages: boolean;
}

export interface QuickerEntry {
  entry: CatalogueEntry;
  tokenSeconds: number;
}

/**
 * What to take in its place: of the models of the list that answer at a comfortable pace on this device, by their stated sizes, the
 * largest; if possible one that sees images where that one did, and none where it did not. Null where there is none, or nothing
 * was measured.
 */
export function quickerEntry(
  { tokenSeconds, seesImages }: TooSlow,
  report: DeviceReport,
  catalogue: readonly CatalogueEntry[],
): QuickerEntry | null {
  const quicker = catalogue
    .flatMap(entry => {
      const pace = paceOn(report, workOfEntry(entry));
      return pace?.tempo === 'comfortable' && pace.tokenSeconds < tokenSeconds
        ? [{ entry, tokenSeconds: pace.tokenSeconds }]
        : [];
    })
    .sort((a, b) => b.tokenSeconds - a.tokenSeconds);
  return quicker.find(({ entry }) => Boolean(entry.vision) === seesImages) ?? quicker[0] ?? null;
}
