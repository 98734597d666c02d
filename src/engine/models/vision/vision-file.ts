import type { ByteSource } from '../../formats/byte-source.ts';
import { type GgufFile, type GgufTensor, parseGguf } from '../../formats/gguf.ts';
import { requireWhole } from '../../formats/shard.ts';
import type { GgmlTypeName } from '../../quant/block-formats.ts';
import { templateOf, templatesWithImages } from '../../templates/templates.ts';
import type { EncoderKind, VisionInfo } from '../../types/model.ts';
import { readEncoderKind } from '../encoder/encoder-config.ts';
import { positionTable } from '../encoder/encoder-tensors.ts';
import { type InternVitConfig, readInternVitConfig } from '../intern-vit/intern-vit-config.ts';
import { checkInternVitTensors } from '../intern-vit/intern-vit-tensors.ts';
import { readSiglipConfig, type SiglipConfig } from '../siglip/siglip-config.ts';
import { checkSiglipTensors } from '../siglip/siglip-tensors.ts';
import { typesBySize } from '../tensors/tensor-checks.ts';

/** Hyper-parameters of an encoder of any kind. */
export type VisionConfig = InternVitConfig | SiglipConfig;

/** An mmproj file whose header has proven sound. */
export interface VisionFile {
  config: VisionConfig;
  tensors: Map<string, GgufTensor>;
  /** The file as `tensors` says where they lie. */
  sourceOf(source: ByteSource): ByteSource;
  /** Types of its matrices. */
  matrixTypes: Set<GgmlTypeName>;
  info: VisionInfo;
}

/** Reads and checks an mmproj file's header. Throws FormatError, `part-missing`. */
export async function readVisionFile(source: ByteSource, signal?: AbortSignal): Promise<VisionFile> {
  const file = await parseGguf(source, { signal });
  requireWhole(file);
  const { config, tensors, sourceOf } = readEncoder(file);
  return {
    config,
    tensors,
    sourceOf,
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
      ...(config.showsWhole ? { showsWhole: true } : {}),
      ...(isAmongText(config.kind) ? { isAmongText: true } : {}),
      fileBytes: file.bytes,
      tensorTypes: typesBySize(file.tensors),
    },
  };
}

/** By the templates of models with such an encoder. */
function isAmongText(kind: EncoderKind): boolean {
  return templatesWithImages.some(id => {
    const { encoder, isAmongText } = templateOf(id).images!;
    return encoder === kind && isAmongText === true;
  });
}

function readEncoder(file: GgufFile): Pick<VisionFile, 'config' | 'tensors' | 'sourceOf'> {
  if (readEncoderKind(file) === 'siglip') {
    const config = readSiglipConfig(file);
    return { config, ...checkSiglipTensors(file, config) };
  }
  const config = readInternVitConfig(file);
  return { config, tensors: checkInternVitTensors(file, config), sourceOf: source => source };
}
