import { descriptionSuffix, type PickedFile, recogniseDicom, recognisedBytes } from '../../client/index.ts';
import { type AttachmentsController, maxImages } from './drafts/attachments-controller.ts';
import type { OfferController } from './library/offer-controller.ts';
import type { UiStore } from './page/ui-store.ts';

/** Extensions of weight files; what is wrong with one that is no GGUF, its description tells best. */
const modelName = /\.(gguf|ggml|safetensors|bin|pth?|onnx)$/i;

interface Takers {
  attachments: AttachmentsController;
  offers: OfferController;
  ui: UiStore;
}

/**
 * Files that were dropped or pasted: models are shown for what they are, DICOM files are read as a study, and so are more pictures than a
 * question can have; whatever else it is goes beside the question as an image.
 */
export async function openFiles(files: readonly File[], { attachments, offers, ui }: Takers): Promise<void> {
  const kinds = await Promise.all(files.map(kindOf));
  const models = files.filter((_, index) => kinds[index] === 'model');
  const images = files.filter((_, index) => kinds[index] !== 'model');
  if (models.length > 0) offers.offerFiles(models);
  if (images.length === 0) return;
  const isStudy = kinds.includes('dicom') || images.length > maxImages;
  if (isStudy) ui.getState().openDialog({ kind: 'study', files: images.map(asPicked) });
  else attachments.add(images);
}

/** What lay in folders: a model where one is among it, else a study. */
export async function openFolder(files: readonly PickedFile[], takers: Takers): Promise<void> {
  const models = files
    .map(({ file }) => file)
    .filter(file => file instanceof File && modelName.test(file.name));
  if (models.length > 0) return openFiles(models as File[], takers);
  if (files.length > 0) takers.ui.getState().openDialog({ kind: 'study', files });
}

const asPicked = (file: File): PickedFile => ({ file, path: file.webkitRelativePath || file.name });

async function kindOf(file: File): Promise<'model' | 'dicom' | 'image'> {
  if (modelName.test(file.name) || file.name.endsWith(descriptionSuffix)) return 'model';
  if (file.type.startsWith('image/')) return 'image';
  try {
    const head = new Uint8Array(await file.slice(0, recognisedBytes).arrayBuffer());
    if (String.fromCharCode(...head.subarray(0, 4)) === 'GGUF') return 'model';
    return recogniseDicom(head) || file.name === 'DICOMDIR' ? 'dicom' : 'image';
  } catch {
    return 'image'; // A folder, or a file that is gone: inspecting it says so.
  }
}
