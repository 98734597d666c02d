import { familyOf } from '../families/families.ts';
import { sentence } from '../sentence.ts';
import type { TemplateId } from '../templates/template-ids.ts';
import { formWithImages, templateOf } from '../templates/templates.ts';
import { type EncoderConfig, readCheckpointConfig, type TextConfig } from './checkpoint-config.ts';
import { checkpointError } from './checkpoint-error.ts';
import type { CheckpointFolder } from './checkpoint-folder.ts';
import { readCheckpointTensors } from './checkpoint-tensors.ts';
import { readCheckpointVocabulary } from './checkpoint-vocabulary.ts';
import type { ConvertedType } from './choose-type.ts';
import { listTextProperties, listVisionProperties } from './gguf-properties.ts';
import { type GgufPlan, planGguf } from './gguf-stream.ts';
import { isDerivedTensor, planTextTensors } from './plan-text-tensors.ts';
import { isVisionTensor, planVisionTensors } from './plan-vision-tensors.ts';
import { type PlannedTensor, TensorPicker } from './planned-tensor.ts';
import { isSiglipTensor, planSiglipTensors } from './siglip-checkpoint.ts';

export interface ConversionPlan {
  text: GgufPlan;
  /** The mmproj file, where it was asked for. */
  vision?: GgufPlan;
  /** Of the language half, as the file names it. */
  architecture: string;
  /** How conversations with this model are likely written. */
  templateHint: TemplateId;
  /** Sentences for the reader; the conversion is sound nevertheless. */
  warnings: string[];
}

/**
 * Reads a checkpoint's settings, tokenizer and headers, and checks that everything is there and fits together; no
 * weight is read yet. `streamGguf` makes the files.
 * @throws BedsideError `no-model`, `invalid-model`, `truncated-model` `unsupported-model` or `unsafe-model`; `no-vision-model` where
 *   an image encoder is asked of a text model
 */
export async function planConversion(
  folder: CheckpointFolder,
  options: { name: string; type: ConvertedType; withVision: boolean },
): Promise<ConversionPlan> {
  const { name, type, withVision } = options;
  const config = await readCheckpointConfig(folder);
  const { text, textPrefix, readEncoder } = config;
  if (withVision && readEncoder === undefined) {
    throw checkpointError(
      'no-vision-model',
      sentence`text-model-without-encoder: This is a text model: it has no image encoder`,
    );
  }
  const encoder = withVision ? readEncoder?.() : undefined;
  const tensors = await readCheckpointTensors(folder);
  const chat = readEncoder && formWithImages(familyOf(text.architecture).template);
  const vocabulary = await readCheckpointVocabulary(
    folder,
    text.vocabulary,
    chat ? templateOf(chat).images!.pieces : [],
  );

  const picker = new TensorPicker(tensors);
  const textTensors = planTextTensors(picker, text, textPrefix, type);
  const visionType = type === 'keep' ? storedType(textTensors) : 'F16';
  const visionTensors = encoder && planEncoder(picker, encoder, text.hidden, visionType);
  picker.refuseLeftOver(
    tensor =>
      isDerivedTensor(tensor, text, textPrefix) ||
      (!withVision && readEncoder !== undefined && (isVisionTensor(tensor) || isSiglipTensor(tensor))),
  );
  return {
    text: planGguf(
      [...listTextProperties(text, name, type, storedType(textTensors)), ...vocabulary.properties],
      textTensors,
    ),
    vision:
      encoder &&
      visionTensors &&
      planGguf(
        listVisionProperties(encoder, text.hidden, name, encoder.kind === 'siglip' ? visionType : 'F16'),
        visionTensors,
      ),
    architecture: text.architecture,
    templateHint: chat ?? vocabulary.templateHint,
    warnings: [...vocabulary.warnings, ...warningsOf(text)],
  };
}

function warningsOf({ rope, contextTokens }: TextConfig): string[] {
  if (!rope.long || rope.long.originalTokens >= contextTokens) return [];
  return [
    `Of its ${contextTokens} tokens of context Bedside uses ${rope.long.originalTokens}: past them every token would have to be read anew.`,
  ];
}

function planEncoder(
  picker: TensorPicker,
  encoder: EncoderConfig,
  projected: number,
  type: 'F32' | 'F16' | 'BF16',
): PlannedTensor[] {
  return encoder.kind === 'siglip'
    ? planSiglipTensors(picker, encoder, projected, type)
    : planVisionTensors(picker, encoder, projected);
}

/** Of most of its matrices' weights, by the first: the embedding. */
function storedType([embedding]: readonly PlannedTensor[]): 'F32' | 'F16' | 'BF16' {
  const { dtype } = embedding!.source;
  return dtype === 'F16' || dtype === 'BF16' ? dtype : 'F32';
}
