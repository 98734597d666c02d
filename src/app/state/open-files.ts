import type { AttachmentsController } from './drafts/attachments-controller.ts';
import type { ModelController } from './model/model-controller.ts';
import { groupParts } from './model/picked-model.ts';
import type { UiStore } from './page/ui-store.ts';

/** Extensions of weight files; what is wrong with one that is no GGUF, loading it tells best. */
const modelName = /\.(gguf|ggml|safetensors|bin|pth?|onnx)$/i;

interface Takers {
  attachments: AttachmentsController;
  model: ModelController;
  ui: UiStore;
}

/** Files that were dropped or pasted: models are opened, whatever else it is goes beside the question as an image. */
export async function openFiles(files: readonly File[], { attachments, model, ui }: Takers): Promise<void> {
  const kinds = await Promise.all(files.map(isModel));
  const images = files.filter((_, index) => !kinds[index]);
  const [file, visionFile, ...more] = groupParts(files.filter((_, index) => kinds[index]));
  if (images.length > 0) attachments.add(images);
  if (!file) return;
  if (more.length > 0) {
    ui.getState().showToast(
      'One model at a time: one file, or two where one holds the image half, with all the parts of each.',
    );
  } else model.offerFile(file, visionFile);
}

async function isModel(file: File): Promise<boolean> {
  if (modelName.test(file.name)) return true;
  if (file.type.startsWith('image/')) return false;
  try {
    return (await file.slice(0, 4).text()) === 'GGUF';
  } catch {
    return false; // A folder, or a file that is gone: inspecting it says so.
  }
}
