import { descriptionSuffix } from '../../client/index.ts';
import type { AttachmentsController } from './drafts/attachments-controller.ts';
import type { OfferController } from './library/offer-controller.ts';

/** Extensions of weight files; what is wrong with one that is no GGUF, its description tells best. */
const modelName = /\.(gguf|ggml|safetensors|bin|pth?|onnx)$/i;

interface Takers {
  attachments: AttachmentsController;
  offers: OfferController;
}

/** Files that were dropped or pasted: models are shown for what they are, whatever else it is goes beside the question as an image. */
export async function openFiles(files: readonly File[], { attachments, offers }: Takers): Promise<void> {
  const kinds = await Promise.all(files.map(isModel));
  const images = files.filter((_, index) => !kinds[index]);
  const models = files.filter((_, index) => kinds[index]);
  if (images.length > 0) attachments.add(images);
  if (models.length > 0) offers.offerFiles(models);
}

async function isModel(file: File): Promise<boolean> {
  if (modelName.test(file.name) || file.name.endsWith(descriptionSuffix)) return true;
  if (file.type.startsWith('image/')) return false;
  try {
    return (await file.slice(0, 4).text()) === 'GGUF';
  } catch {
    return false; // A folder, or a file that is gone: inspecting it says so.
  }
}
