import type { ByteSource } from '../../formats/byte-source.ts';
import { type GgufTensor, parseGguf } from '../../formats/gguf.ts';
import { requireWhole } from '../../formats/shard.ts';
import type { GgmlTypeName } from '../../quant/block-formats.ts';
import type { VisionInfo } from '../../types/model.ts';
import { typesBySize } from '../tensors/tensor-checks.ts';
import { checkVisionTensors, positionTable } from './intern-vit-tensors.ts';
import { readVisionConfig, type VisionConfig } from './vision-config.ts';

/** An mmproj file whose header has proven sound. */
export interface VisionFile {
  config: VisionConfig;
  tensors: Map<string, GgufTensor>;
  /** Types of its matrices. */
  matrixTypes: Set<GgmlTypeName>;
  info: VisionInfo;
}

/** Reads and checks an mmproj file's header. Throws FormatError, `part-missing`. */
export async function readVisionFile(source: ByteSource, signal?: AbortSignal): Promise<VisionFile> {
  const file = await parseGguf(source, { signal });
  requireWhole(file);
  const config = readVisionConfig(file);
  const tensors = checkVisionTensors(file, config);
  return {
    config,
    tensors,
    matrixTypes: new Set(
      [...tensors.values()]
        .filter(({ name, shape }) => shape.length > 1 && name !== positionTable)
        .map(({ typeName }) => typeName),
    ),
    info: {
      name: config.name,
      parameterCount: file.tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
      tileSize: config.tileSize,
      tokensPerTile: config.tokensPerTile,
      fileBytes: file.bytes,
      tensorTypes: typesBySize(tensors.values()),
    },
  };
}
