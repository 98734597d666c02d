import { ctColours } from '../ct-colours.ts';
import type { DicomFile, DicomFrame } from '../dicom/dicom-file.ts';
import { type FrameValues, type ImageFrame, invert, type OpenedImage } from './opened-image.ts';

export function dicomImage(file: DicomFile, bytes: Uint8Array<ArrayBuffer>): OpenedImage {
  const { meta, identity } = file;
  return {
    bytes,
    format: 'dicom',
    size: { width: meta.columns, height: meta.rows },
    frames: meta.framesReadable,
    isAnimated: false,
    dicom: { meta, identity },
    async decodeFrame(index) {
      return dicomFrame(await file.decodeFrame(index), file);
    },
  };
}

function dicomFrame(frame: DicomFrame, { warnings, meta }: DicomFile): ImageFrame {
  const isGrey = frame.space === 'grey';
  return {
    bytes: frame.stored.byteLength,
    windows: isGrey ? frame.views : [],
    warnings: [...new Set([...warnings, ...frame.warnings])],
    isHounsfield: isGrey && meta.huPresets,
    render: (window, isInverted) => {
      if (window?.kind !== 'ct-colours') return frame.renderRgb(window, isInverted);
      const { width, height, values } = valuesOf(frame);
      const colours = { width, height, data: ctColours(values) };
      return isInverted ? invert(colours) : colours;
    },
    renderGrey: (window, isInverted) =>
      isGrey && window?.kind !== 'ct-colours' ? frame.render(window, isInverted) : null,
    values: () => (isGrey ? valuesOf(frame) : null),
  };
}

function valuesOf(frame: DicomFrame): FrameValues {
  const { rows, columns, stored, rescale } = frame;
  const values = new Float64Array(rows * columns);
  let isWhole = true;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const value = frame.modalityValue(row, column);
      values[at] = value;
      if (isWhole && (value | 0) !== value) isWhole = false;
    }
  }
  const [least, greatest] = frame.range;
  return {
    width: columns,
    height: rows,
    values: isWhole && stored.BYTES_PER_ELEMENT <= 4 ? Int32Array.from(values) : values,
    least,
    greatest,
    unit: rescale?.type ?? null,
  };
}
