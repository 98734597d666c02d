import { descriptionSuffix, type PickedFile, recogniseDicom, recognisedBytes } from '../../client/index.ts';
import type { Services } from '../services/services.ts';
import type { ChatStore } from './conversation/chat-store.ts';
import { type AttachmentsController, maxImages } from './drafts/attachments-controller.ts';
import type { DraftStore } from './drafts/draft-store.ts';
import { FileListing } from './images/file-listing.ts';
import type { OfferController } from './library/offer-controller.ts';
import type { UiStore } from './page/ui-store.ts';

/** Extensions of weight files; what is wrong with one that is no GGUF, its description tells best. */
const modelName = /\.(gguf|ggml|safetensors|bin|pth?|onnx)$/i;

/** Texts, and what office programs write, of which is said what to do. */
const textName = /\.(pdf|txt|text|md|markdown|x?html?|docx?|rtf|odt|pages|epub|xlsx?|pptx?)$/i;

interface Takers {
  documents: Services['documents'];
  chat: ChatStore;
  drafts: DraftStore;
  attachments: AttachmentsController;
  offers: OfferController;
  ui: UiStore;
}

/**
 * Files that were dropped or pasted: models are shown for what they are, DICOM files are read as a study, and so are more pictures than a
 * question can have; texts go beside the question to be asked about, and whatever else it is as an image.
 */
export async function openFiles(files: readonly File[], takers: Takers): Promise<void> {
  const { attachments, offers, ui } = takers;
  // Where they were dropped, wherever the reader goes meanwhile.
  const conversationId = takers.chat.getState().tree.conversation.id;
  const kinds = await Promise.all(files.map(kindOf));
  const models = files.filter((_, index) => kinds[index] === 'model');
  const texts = files.filter((_, index) => kinds[index] === 'text');
  const images = files.filter((_, index) => kinds[index] === 'dicom' || kinds[index] === 'image');
  if (models.length > 0) offers.offerFiles(models);
  if (texts.length > 0) await attachTexts(texts, conversationId, takers);
  if (images.length === 0) return;
  const isStudy = kinds.includes('dicom') || images.length > maxImages;
  if (isStudy) ui.getState().openDialog({ kind: 'study', files: FileListing.of(images.map(asPicked)) });
  else attachments.add(images);
}

async function attachTexts(texts: readonly File[], conversationId: string, takers: Takers): Promise<void> {
  const { attachSources } = await import('./drafts/attach-sources.ts');
  await attachSources(texts, conversationId, takers);
}

/** What lay in folders: a model where one is among the first of it, else a study, which is read while the rest becomes known. */
export async function openFolder(listing: FileListing, takers: Takers): Promise<void> {
  while (listing.files.length === 0 && !listing.isWhole) await listing.change();
  if (modelsOf(listing).length > 0) {
    while (!listing.isWhole) await listing.change();
    return openFiles(modelsOf(listing), takers);
  }
  if (listing.files.length > 0) takers.ui.getState().openDialog({ kind: 'study', files: listing });
}

const modelsOf = ({ files }: FileListing): File[] =>
  files.flatMap(({ file }) => (file instanceof File && modelName.test(file.name) ? file : []));

const asPicked = (file: File): PickedFile => ({ file, path: file.webkitRelativePath || file.name });

async function kindOf(file: File): Promise<'model' | 'dicom' | 'image' | 'text'> {
  if (modelName.test(file.name) || file.name.endsWith(descriptionSuffix)) return 'model';
  if (file.type.startsWith('image/')) return 'image';
  if (textName.test(file.name) || file.type === 'application/pdf') return 'text';
  try {
    const head = new Uint8Array(await file.slice(0, recognisedBytes).arrayBuffer());
    const begun = String.fromCharCode(...head.subarray(0, 5));
    if (begun.startsWith('GGUF')) return 'model';
    if (begun === '%PDF-') return 'text';
    return recogniseDicom(head) || file.name === 'DICOMDIR' ? 'dicom' : 'image';
  } catch {
    return 'image'; // A folder, or a file that is gone: inspecting it says so.
  }
}
