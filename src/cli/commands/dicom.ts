import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { DicomFrame } from '../../imaging/dicom/dicom-file.ts';
import { writePng } from '../../imaging/write-png.ts';
import { badArgument, parseArguments } from '../input/arguments.ts';
import { type DicomRecord, describeDicom, refusedRecord } from '../output/dicom-record.ts';

/** What DICOM files hold, by the numbers: a record a file. --out writes the views as PNG. */
export async function dicom(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, { frame: 'value', out: 'value' });
  const only = args.integer('frame');
  if (args.words.length === 0) throw badArgument(sentence`dicom-file-is-missing: The DICOM file is missing.`);
  if (only !== undefined && only < 0)
    throw badArgument(sentence`frame-option: --frame counts from 0, and must not be negative.`);
  const out = args.text('out');
  if (out !== undefined) await mkdir(out, { recursive: true });
  const files: DicomRecord[] = [];
  for (const path of args.words) files.push(await readOne(path, only, out));
  return { files };
}

async function readOne(
  path: string,
  only: number | undefined,
  out: string | undefined,
): Promise<DicomRecord> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new BedsideError(
      'invalid-request',
      sentence`dicom-file-cannot-be-read: The file "${{ path }}" cannot be read.`,
      'Check the path and its permissions.',
      cause,
    );
  });
  const { openDicom } = await import('../../imaging/dicom/open-dicom.ts');
  try {
    const file = await openDicom(bytes);
    const { framesReadable } = file.meta;
    if (only !== undefined && only >= framesReadable)
      throw badArgument(
        sentence`no-such-frame: "${{ path }}" has ${{ frames: framesReadable }} frames, counted from 0, and no frame ${{ frame: only }}.`,
      );
    return await describeDicom(path, file, only, async (frame, { name, choice }) => {
      if (out === undefined) return;
      await writeFile(join(out, viewName(path, frame, name)), await writePng(frame.renderRgb(choice)));
    });
  } catch (error) {
    if (!(error instanceof BedsideError) || error.code === 'invalid-request') throw error;
    return refusedRecord(path, error);
  }
}

/** FILE.frame-0.default.png */
function viewName(path: string, { index }: DicomFrame, view: string): string {
  return `${basename(path)}.frame-${index}.${view}.png`;
}
