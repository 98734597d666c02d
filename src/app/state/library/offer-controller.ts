import {
  type CatalogueEntry,
  contradictionInWords,
  descriptionSuffix,
  type ErrorData,
  type FileIdentities,
  type HubFile,
  type HubRepository,
  lacksAcceptance,
  type ModelSource,
  paceOn,
  type TemplateChoice,
  toErrorData,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import { describeFiles } from '../model/describe-files.ts';
import type { ModelController } from '../model/model-controller.ts';
import { keyOfFiles, keyOfSources } from '../model/model-identity.ts';
import type { ModelStore } from '../model/model-store.ts';
import type { DescribedOffer, Offer } from '../model/offer.ts';
import { groupParts, sourceOf } from '../model/picked-model.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { SettingsController } from '../settings/settings-controller.ts';
import type { LibraryAdditions } from './library-additions.ts';
import type { LibraryController } from './library-controller.ts';
import {
  checkedHash,
  hashOfParts,
  hubFileRecord,
  modelName,
  remoteFiles,
  sourceOfRecords,
} from './model-files.ts';
import type { OfferStore } from './offer-store.ts';

/** What the reader says of a model on a server. */
export interface NamedAddress {
  /** Of a split file that of any part. */
  url: string;
  /** Of the image half. */
  visionUrl?: string;
  /** Of the language half, where its publisher names it. */
  sha256?: string;
}

interface Dependencies {
  services: Services;
  store: OfferStore;
  models: ModelStore;
  model: ModelController;
  library: LibraryController;
  additions: LibraryAdditions;
  settings: SettingsController;
  ui: UiStore;
}

/** A model that was dropped, picked or named by its address: shown for what it is, then used or kept. */
export class OfferController {
  readonly #use: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#use = dependencies;
  }

  /** Takes the place of the one that is shown. */
  offer(offer: Offer): void {
    this.#use.store.setState({ offer });
    this.#use.ui.getState().openDialog({ kind: 'models' });
  }

  /** Files that were picked or dropped for a model: one, or its two halves, each whole or in parts, with a description or not. */
  offerFiles(files: readonly File[], openedAs?: CatalogueEntry): void {
    const description = files.find(({ name }) => name.endsWith(descriptionSuffix));
    const [file, visionFile, ...more] = groupParts(files.filter(each => each !== description));
    if (!file || more.length > 0) {
      this.#use.ui.getState().showToast(file ? oneModelOnly : descriptionAlone);
      return;
    }
    this.offer({
      kind: 'files',
      files: { file, ...(visionFile ? { visionFile } : {}) },
      ...(description ? { description } : {}),
      ...(openedAs ? { openedAs } : {}),
    });
  }

  dismiss(): void {
    this.#use.store.setState({ offer: null });
  }

  /** Returns what is wrong with the address or the hash, as they were typed. */
  offerAddress({ url, visionUrl, sha256 }: NamedAddress): ErrorData | null {
    try {
      const text = remoteFiles(url);
      if (sha256 !== undefined && text.length > 1) throw hashOfParts();
      if (sha256 !== undefined) text[0]!.sha256 = checkedHash(sha256);
      const vision = visionUrl === undefined ? undefined : remoteFiles(visionUrl);
      this.offer({ kind: 'remote', name: modelName(text), text, ...(vision ? { vision } : {}) });
      return null;
    } catch (thrown) {
      return toErrorData(thrown);
    }
  }

  /** Each file is compared with the hash that the hub gives for it. */
  offerFromHub(
    repository: HubRepository,
    textFiles: readonly HubFile[],
    visionFiles: readonly HubFile[] | null,
  ): void {
    const text = textFiles.map(file => hubFileRecord(repository, file));
    const vision = visionFiles?.map(file => hubFileRecord(repository, file));
    this.offer({ kind: 'remote', name: modelName(text), text, ...(vision ? { vision } : {}) });
  }

  /** What it is, by its files' headers. Rejects with what is wrong with them, 'part-missing', 'network', 'worker-died'. */
  async describe(offer: Offer): Promise<DescribedOffer> {
    const { services, models, library, settings } = this.#use;
    if (offer.kind === 'remote') {
      await library.allow([...offer.text, ...(offer.vision ?? [])].map(({ url }) => url));
    }
    const { precision, contextTokens } = settings.current;
    const described = await describeFiles(
      { ...sourcesOf(offer), precision, ...(contextTokens > 0 ? { contextTokens } : {}) },
      halves => keyOfOffer(offer, halves),
      services.engine,
      models.getState().catalogue,
      expectedHashes(offer),
    );
    const openedAs = offer.kind === 'files' ? offer.openedAs : undefined;
    const contradiction = openedAs && contradictionInWords(described.identity, openedAs);
    return { ...described, contradiction: contradiction?.text ?? null };
  }

  /** Reads it where it lies, from now on, however slow it was said to be. Settles; what fails is in the store. It stays on offer until it is there. */
  async use({ entry, plan }: DescribedOffer, template: TemplateChoice | null): Promise<void> {
    const { store, model, models, settings } = this.#use;
    const { offer } = store.getState();
    if (offer?.kind !== 'files') return;
    const terms = lacksAcceptance(entry, settings.current.acceptedTerms);
    if (terms) {
      this.#use.ui.getState().showToast(`Accept the ${terms.name} first.`);
      return;
    }
    if (template !== null && template !== entry.template) await settings.askAs(entry.id, { template });
    const { device } = models.getState();
    const pace = plan && device.status === 'ready' ? paceOn(device.report, plan.work) : null;
    if (pace?.tempo === 'slow') await settings.acceptSlow(entry.id);
    await model.choose({ entry, files: offer.files });
    const { phase, files } = models.getState();
    if (phase === 'ready' && files === offer.files && store.getState().offer === offer) this.dismiss();
  }

  /** Fetches what could not be looked at: what it is shows once it is here. Settles; what fails is shown where it was offered. */
  async keepUnseen(): Promise<ErrorData | null> {
    const { store, additions } = this.#use;
    const { offer } = store.getState();
    if (offer?.kind !== 'remote') return null;
    const error = await additions.addUnseen(offer);
    if (!error && store.getState().offer === offer) this.dismiss();
    return error;
  }

  /** Copies or fetches it into the library. Settles; what fails is shown where it was offered. */
  async keep(described: DescribedOffer, template: TemplateChoice | null): Promise<ErrorData | null> {
    const { store, additions } = this.#use;
    const { offer } = store.getState();
    if (!offer) return null;
    const error = await additions.keep(offer, described, template);
    if (!error && store.getState().offer === offer) this.dismiss();
    return error;
  }
}

const oneModelOnly =
  'One model at a time: one file, or two where one holds the image half, with all the parts of each.';

const descriptionAlone =
  'This is the description of a model that another Bedside exported: choose it together with the files of the model.';

function sourcesOf(offer: Offer): { source: ModelSource; vision?: ModelSource } {
  if (offer.kind === 'files') {
    const { file, visionFile } = offer.files;
    return { source: sourceOf(file), ...(visionFile ? { vision: sourceOf(visionFile) } : {}) };
  }
  const { text, vision } = offer;
  return { source: sourceOfRecords(text), ...(vision ? { vision: sourceOfRecords(vision) } : {}) };
}

/** Of files on a server, where whoever names them names their hashes too. */
function expectedHashes(offer: Offer): string[] | undefined {
  if (offer.kind === 'files') return undefined;
  const hashes = offer.text.map(({ sha256 }) => sha256);
  return hashes.every(hash => hash !== undefined) ? hashes : undefined;
}

function keyOfOffer(offer: Offer, described: FileIdentities): string {
  if (offer.kind === 'files') return keyOfFiles(offer.files, described);
  return keyOfSources([...offer.text, ...(offer.vision ?? [])]);
}
