import type { DicomIdentity, DicomMeta, NamedVoi } from '../../client/index.ts';
import type { Study, StudyFile } from '../reading/study/image-facts.ts';

export const ctMeta: DicomMeta = {
  rows: 40,
  columns: 60,
  frames: 1,
  framesReadable: 1,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  planarConfiguration: null,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  signed: true,
  transferSyntax: '1.2.840.10008.1.2.1',
  transferSyntaxName: 'Explicit VR Little Endian',
  sopClass: null,
  modality: 'CT',
  spacing: [0.5, 0.5],
  spacingKind: 'patient',
  pixelAspect: 1,
  seriesNumber: 2,
  instanceNumber: 1,
  seriesDescription: 'Phantom',
  burnedIn: null,
  lossyFlag: null,
  windows: [{ centre: 40, width: 400, function: 'LINEAR', explanation: null }],
  voiLuts: [],
  rescale: { slope: 1, intercept: 0, type: 'HU' },
  modalityLut: false,
  padding: null,
  huPresets: true,
  presentationShape: null,
};

const level = (centre: number, width: number): NamedVoi['choice'] => ({
  kind: 'level',
  centre,
  width,
  function: 'LINEAR',
});

export const ctWindows: NamedVoi[] = [
  { name: 'default', choice: level(40, 400), explanation: null },
  { name: 'ct-lung', choice: level(-600, 1500), explanation: null },
  { name: 'ct-soft', choice: level(40, 400), explanation: null },
  { name: 'ct-bone', choice: level(480, 2500), explanation: null },
  { name: 'range', choice: { kind: 'range' }, explanation: null },
];

export const axialIdentity: DicomIdentity = {
  studyUid: '2.25.1',
  seriesUid: '2.25.1.2',
  instanceUid: null,
  frameOfReferenceUid: null,
  patientName: null,
  position: [0, 0, 0],
  orientation: [1, 0, 0, 0, 1, 0],
};

/** A file of a study that was never written: what its header would say. */
export function dicomFile(
  path: string,
  change: Partial<DicomMeta> = {},
  identity: Partial<DicomIdentity> = {},
): StudyFile {
  const meta = { ...ctMeta, ...change };
  return {
    file: new File([path], path),
    path,
    facts: {
      size: { width: meta.columns, height: meta.rows },
      frames: meta.framesReadable,
      dicom: { meta, identity: { ...axialIdentity, ...identity } },
    },
  };
}

export function pictureFile(path: string, width = 30, height = 20): StudyFile {
  return {
    file: new File([path], path),
    path,
    facts: { size: { width, height }, frames: 1, dicom: null },
  };
}

export function studyOf(...files: StudyFile[]): Study {
  return { files, passedOver: 0, refused: [], toCome: 0, isReading: false };
}

/** An axial series of slices that lie `gap` millimetres apart. */
export function sliceFiles(count: number, gap = 5, series = '2.25.1.2', study = '2.25.1'): StudyFile[] {
  return Array.from({ length: count }, (_, at) =>
    dicomFile(
      `${series}/IM${at}`,
      { instanceNumber: at + 1 },
      {
        studyUid: study,
        seriesUid: series,
        instanceUid: `${series}.${at}`,
        frameOfReferenceUid: `${study}.9`,
        position: [0, 0, at * gap],
      },
    ),
  );
}
