import type { NamedVoi, OfferedWindow, VoiChoice } from '../../../engine/types/dicom.ts';
import type { LookupTable } from '../header/lookup-table.ts';

/** The windows for CT that a viewer offers, in Hounsfield units. */
const ctPresets = [
  { name: 'ct-lung', centre: -600, width: 1500 },
  { name: 'ct-soft', centre: 40, width: 400 },
  { name: 'ct-bone', centre: 480, width: 2500 },
  { name: 'ct-brain', centre: 40, width: 80 },
];

function choiceOf({ centre, width, function: voiFunction }: OfferedWindow): VoiChoice {
  return { kind: 'level', centre, width, function: voiFunction };
}

/**
 * The ways in which a grey frame can be seen. The default first: a window, else a table, else the range. All have a name of their own
 * beside it, but for the first window.
 */
export function nameViews(
  windows: readonly OfferedWindow[],
  tables: readonly LookupTable[],
  isHounsfield: boolean,
): NamedVoi[] {
  const range: NamedVoi = { name: 'range', choice: { kind: 'range' }, explanation: null };
  const ofWindows = windows.map((window, i) => ({
    name: `window-${i}`,
    choice: choiceOf(window),
    explanation: window.explanation,
  }));
  const ofTables = tables.map(({ explanation }, index): NamedVoi => {
    return { name: `voi-lut-${index}`, choice: { kind: 'lut', index }, explanation };
  });
  const presets = ctPresets.map(({ name, centre, width }): NamedVoi => {
    return { name, choice: { kind: 'level', centre, width, function: 'LINEAR' }, explanation: null };
  });
  const first = ofWindows[0] ?? ofTables[0] ?? range;
  return [
    { ...first, name: 'default' },
    ...ofWindows.slice(1),
    ...ofTables,
    range,
    ...(isHounsfield ? presets : []),
  ];
}
