import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DicomWarning } from '../../src/engine/types/dicom.ts';
import { dataFile, fixture, readJson } from './data.ts';

interface GoldenView {
  sha256: string;
  alternativeSha256?: string;
  samples: (number | number[])[];
  mean: number;
}

export interface GoldenFrame {
  stored: { min: number; max: number; mean: number; sha256: string; of?: string };
  pixels: Record<
    string,
    { row: number; col: number; stored: number | number[]; modality?: number; rgb?: number[] }
  >;
  views: Record<string, GoldenView>;
}

export interface GoldenRecord {
  file: string;
  status: 'ok' | 'refuse' | 'skip';
  reason?: string;
  alsoAccept?: string[];
  mayWarn?: string;
  patientName?: string;
  at?: string;
  tier?: number;
  storedSpace?: 'as-stored' | 'rgb';
  tolerance?: { stored?: Tolerance; rgb?: Tolerance };
  expected?: string;
  meta?: Record<string, unknown>;
  frames?: GoldenFrame[];
  warnings?: DicomWarning[];
}

interface Tolerance {
  maxAbs: number;
  meanAbs?: number;
}

/** Read by no browser without WebAssembly. */
export const refusedSyntaxes = ['ts-htj2k-lossless-201.dcm'];

export interface DicomGoldens {
  name: string;
  records: GoldenRecord[];
  /** Where a file may lie. */
  folders: string[];
  expected: string;
  /** Whether it is recorded what is odd about files as files. */
  hasQuietWarnings: boolean;
}

const committed = fixture('dicom');
export const dicomGoldens: DicomGoldens[] = [
  {
    name: 'committed',
    records: readJson(join(committed, 'golden.json')),
    folders: [committed],
    expected: committed,
    hasQuietWarnings: true,
  },
];
const root = dataFile('testdata/dicom');
export const hasSharedGoldens = root !== undefined;
if (root) {
  for (const name of ['synthetic', 'real']) {
    dicomGoldens.push({
      name,
      records: readJson(join(root, 'golden', `golden-${name}.json`)),
      folders: [join(root, name), join(root, '..', 'images', 'dicom'), join(root, '..', 'images')],
      expected: join(root, 'expected'),
      hasQuietWarnings: name === 'synthetic',
    });
  }
}

/** Where the file of a record lies. */
export function goldenFile({ folders }: DicomGoldens, file: string): string {
  return folders.map(folder => join(folder, file)).find(path => existsSync(path))!;
}
