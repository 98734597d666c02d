import type { VoiChoice, VoiFunction } from '../../../engine/types/dicom.ts';
import type { LookupTable } from '../header/lookup-table.ts';
import { lookUp } from '../header/lookup-table.ts';

/** From a value after the modality's scale to 0..255, not rounded. */
export type VoiTransform = (value: number) => number;

/**
 * A window (PS3.3, C.11.2.1.2 and C.11.2.1.3), in this order of operations. The width must be at least 1 (LINEAR), or more than 0.
 */
export function windowTransform(centre: number, width: number, voiFunction: VoiFunction): VoiTransform {
  switch (voiFunction) {
    case 'SIGMOID':
      return value => 255 / (1 + Math.exp((-4 * (value - centre)) / width));
    case 'LINEAR_EXACT':
      return value => {
        if (value <= centre - width / 2) return 0;
        if (value > centre + width / 2) return 255;
        return ((value - centre) / width + 0.5) * 255;
      };
    case 'LINEAR':
      return value => {
        if (value <= centre - 0.5 - (width - 1) / 2) return 0;
        if (value > centre - 0.5 + (width - 1) / 2) return 255;
        return ((value - (centre - 0.5)) / (width - 1) + 0.5) * 255;
      };
  }
}

export function tableTransform(table: LookupTable): VoiTransform {
  const greatest = 2 ** table.bits - 1;
  return value => Math.min((lookUp(table, value) / greatest) * 255, 255);
}

/** All 0 where nothing differs. */
export function rangeTransform(least: number, greatest: number): VoiTransform {
  if (!(greatest > least)) return () => 0;
  return value => Math.min(Math.max((value - least) / (greatest - least), 0), 1) * 255;
}

/** The transform of a choice; `range`: of the frame. Fails with a RangeError where the file has no such table. */
export function voiTransform(
  choice: VoiChoice,
  tables: readonly LookupTable[],
  [least, greatest]: readonly [number, number],
): VoiTransform {
  switch (choice.kind) {
    case 'level':
      return windowTransform(choice.centre, choice.width, choice.function);
    case 'range':
      return rangeTransform(least, greatest);
    case 'lut': {
      const table = tables[choice.index];
      if (!table) throw new RangeError('no such table');
      return tableTransform(table);
    }
  }
}
