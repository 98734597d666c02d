import type { EngineDevice } from '../device/device.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import type { VisionEncoder } from '../models/vision/vision-encoder.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { type UploadEvents, uploadWeights } from './upload-weights.ts';

/** Reads an encoder's weights; once, before it is prepared. Allocates nothing. Rejects as `uploadWeights` does. */
export async function uploadEncoder(
  device: EngineDevice,
  encoder: VisionEncoder,
  source: ByteSource,
  { signal, onUpload }: UploadEvents = {},
): Promise<void> {
  const { positionTable: table, weights } = encoder;
  const file = encoder.sourceOf(source);
  encoder.writePositions(dequantizeTensor(table.type, await source.read(table.offset, table.bytes)));
  onUpload?.(table.bytes);
  await uploadWeights(device, weights, file, {
    signal,
    onUpload: done => onUpload?.(table.bytes + done),
  });
}
