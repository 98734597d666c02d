import { damaged, unsupported } from '../codec.ts';
import { BitReader } from './bit-reader.ts';
import type { FrameHeader, Scan } from './jpeg-stream.ts';

/**
 * A scan of the lossless process (ITU-T T.81, annex H), into `out`: row by row, a pixel's samples beside one another. Returns where
 * its data end.
 */
export function decodeLosslessScan(
  bytes: Uint8Array,
  { columns, rows, precision, components }: FrameHeader,
  scan: Scan,
  out: Uint16Array,
): number {
  const isSubsampled = components.some(each => each.horizontal !== 1 || each.vertical !== 1);
  if (isSubsampled && components.length > 1)
    throw unsupported('lossless JPEG with fewer samples of some colours');
  const { spectralStart: predictor, low: shift, restartInterval } = scan;
  if (predictor < 1 || predictor > 7 || shift >= precision) throw damaged('scan header');
  const reader = new BitReader(bytes, scan.start);
  const samples = components.length;
  const line = columns * samples;
  const first = 1 << (precision - shift - 1);
  let untilRestart = restartInterval;
  let restarts = 0;
  // Where the last restart was: what lies before predicts nothing.
  let beginningRow = 0;
  let beginningColumn = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (restartInterval > 0 && untilRestart === 0) {
        reader.restart(restarts++ & 7);
        untilRestart = restartInterval;
        beginningRow = row;
        beginningColumn = column;
      }
      untilRestart--;
      const isFirstRow = row === beginningRow || (row === beginningRow + 1 && column < beginningColumn);
      for (const { index, dc } of scan.components) {
        if (!dc) throw damaged('no Huffman table');
        const at = row * line + column * samples + index;
        let predicted: number;
        if (row === beginningRow && column === beginningColumn) predicted = first;
        else if (row === beginningRow) predicted = out[at - samples]!;
        else if (column === 0) predicted = out[at - line]!;
        else if (isFirstRow) predicted = out[at - samples]!;
        else predicted = predict(predictor, out[at - samples]!, out[at - line]!, out[at - line - samples]!);
        const bits = dc.next(reader);
        if (bits > 16) throw damaged('difference');
        const difference = bits === 16 ? 32_768 : reader.takeSigned(bits);
        out[at] = predicted + difference;
      }
    }
  }
  if (shift > 0 && scan.components.some(({ index }) => index === samples - 1))
    for (let i = 0; i < out.length; i++) out[i] = out[i]! << shift;
  return reader.end();
}

/** Table H.1: from the sample to the left, the one above, and the one above that to the left. */
function predict(predictor: number, left: number, above: number, aboveLeft: number): number {
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return aboveLeft;
    case 4:
      return left + above - aboveLeft;
    case 5:
      return left + ((above - aboveLeft) >> 1);
    case 6:
      return above + ((left - aboveLeft) >> 1);
    default:
      return (left + above) >> 1;
  }
}
