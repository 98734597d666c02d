import {
  BedsideError,
  type CatalogueEntry,
  type CheckpointReport,
  type ConvertRequest,
  type ErrorData,
  type ModelFileRecord,
  type ModelRecord,
  modelFolderName,
  modelRecordVersion,
  newId,
  readDescription,
  sentence,
  subjectOfNames,
  type TemplateChoice,
  toErrorData,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { ModelStore } from '../model/model-store.ts';
import {
  type DescribedOffer,
  type FileOffer,
  type Offer,
  type RemoteOffer,
  subjectOfUnseen,
} from '../model/offer.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { SettingsController } from '../settings/settings-controller.ts';
import { convertRequest } from './convert-request.ts';
import type { LibraryController } from './library-controller.ts';
import type { AdditionWay, LibraryStore } from './library-store.ts';
import {
  checkedHash,
  checkpointFolder,
  convertedFile,
  copiedFile,
  hashOfParts,
  inOrder,
  matchDescription,
  modelName,
  type PickedHalves,
  recordedAs,
  remoteFiles,
} from './model-files.ts';

/** What the reader says about a model that is to be fetched. */
export interface RemoteModel {
  entry: CatalogueEntry;
  /** Of a split file that of any part. */
  url: string;
  /** Of the image half. */
  visionUrl?: string;
  /** Of the text half, where its publisher names it. */
  sha256?: string;
}

type Addition = Omit<ModelRecord, 'v' | 'id' | 'addedAt' | 'isFetching' | 'condition'>;

/** The ways in which a model comes into the library. Each returns what is wrong with the reader's choice, else null. */
export class LibraryAdditions {
  readonly #services: Services;
  readonly #library: LibraryController;
  readonly #store: LibraryStore;
  readonly #models: ModelStore;
  readonly #ui: UiStore;
  readonly #settings: SettingsController;

  constructor(
    services: Services,
    library: LibraryController,
    store: LibraryStore,
    models: ModelStore,
    ui: UiStore,
    settings: SettingsController,
  ) {
    this.#settings = settings;
    this.#services = services;
    this.#library = library;
    this.#store = store;
    this.#models = models;
    this.#ui = ui;
  }

  /** Begins to fetch a model. */
  addByAddress({ entry, url, visionUrl, sha256 }: RemoteModel): Promise<ErrorData | null> {
    return this.#adding('address', async () => {
      this.#settings.requireTerms(entry);
      const text = remoteFiles(url);
      if (sha256 !== undefined && text.length > 1) throw hashOfParts();
      if (sha256 !== undefined) text[0]!.sha256 = checkedHash(sha256);
      const record = this.#begunBefore({
        name: modelName(text),
        entryId: entry.id,
        text,
        ...(visionUrl ? { vision: remoteFiles(visionUrl) } : {}),
      });
      return { record, work: isNew => this.#library.fetch(record.id, isNew) };
    });
  }

  /**
   * Keeps a model that was offered and described: its files are copied, or fetched from where they are. `template`: how the reader
   * wants it to be asked, where that is not what its file or the catalogue says.
   */
  keep(offer: Offer, described: DescribedOffer, template: TemplateChoice | null): Promise<ErrorData | null> {
    const said = recordedAs(described, template);
    const { isSwapped, entry } = described;
    if (offer.kind === 'remote') {
      const [text, other] = isSwapped ? [offer.vision!, offer.text] : [offer.text, offer.vision];
      return this.#adding('address', async () => {
        this.#settings.requireTerms(entry);
        const record = this.#begunBefore({ ...said, text, ...(other ? { vision: other } : {}) });
        return { record, work: isNew => this.#library.fetch(record.id, isNew) };
      });
    }
    return this.#adding('disk', async () => {
      this.#settings.requireTerms(entry);
      const description = offer.description && (await readDescription(offer.description));
      const picked = halvesOf(offer, isSwapped);
      const halves = description
        ? matchDescription(description, [...picked.text, ...(picked.vision ?? [])])
        : picked;
      const copied = (half: readonly File[]) => half.map(file => copiedFile(file, description));
      const record = this.#begunBefore({
        ...said,
        text: copied(halves.text),
        ...(halves.vision ? { vision: copied(halves.vision) } : {}),
      });
      return { record, work: isNew => this.#copy(record, halves, isNew) };
    });
  }

  /** Begins to fetch files that nobody has looked at. */
  addUnseen(offer: RemoteOffer): Promise<ErrorData | null> {
    const { name, text, vision } = offer;
    return this.#adding('address', async () => {
      this.#settings.requireTerms(subjectOfUnseen(offer));
      const record = this.#begunBefore({ name, text, ...(vision ? { vision } : {}) });
      return { record, work: isNew => this.#library.fetch(record.id, isNew) };
    });
  }

  /** Begins to fetch a publisher's checkpoint, which is converted while it arrives. */
  addCheckpointByAddress(address: string, type: ConvertRequest['type']): Promise<ErrorData | null> {
    return this.#adding('checkpoint', async () => {
      const url = checkpointFolder(address);
      const published = this.#models
        .getState()
        .catalogue.find(entry => entry.publisher?.checkpoint?.url === url);
      this.#settings.requireTerms(published ?? subjectOfNames(modelFolderName(url), [url]));
      if (!published) await this.#library.allow([url]);
      const addition = published
        ? publishedModel(published, type)
        : convertedModel(modelFolderName(url), await this.#inspect({ kind: 'address', url }, [url]), type);
      const record = this.#begunBefore({ ...addition, checkpoint: { url, type } });
      return { record, work: isNew => this.#library.fetch(record.id, isNew) };
    });
  }

  /**
   * Converts a picked checkpoint (safetensors or PyTorch) into the library.
   * @param takenFor the model of the catalogue whose checkpoint it is meant to be
   */
  addCheckpoint(
    files: readonly File[],
    type: ConvertRequest['type'],
    takenFor: CatalogueEntry | null = null,
  ): Promise<ErrorData | null> {
    return this.#adding('checkpoint', async () => {
      if (takenFor) this.#settings.requireTerms(takenFor);
      const folder = files[0]?.webkitRelativePath.split('/')[0] || 'model';
      const report = await this.#inspect({ kind: 'files', files: [...files] }, [folder]);
      const record = this.#begunBefore(convertedModel(folder, report, type));
      return { record, work: isNew => this.#convert(record, [...files], type, isNew) };
    });
  }

  /** @throws where its terms are not accepted: those of what it says that it is, or of what it is called */
  async #inspect(from: ConvertRequest['from'], names: readonly string[]): Promise<CheckpointReport> {
    const report = await this.#services.library.inspectCheckpoint(from);
    const [name = ''] = names;
    this.#settings.requireTerms(subjectOfNames(name, [...names, report.architecture]));
    return report;
  }

  async #adding(
    way: AdditionWay,
    prepare: () => Promise<{ record: ModelRecord; work: (isNew: boolean) => Promise<ErrorData | null> }>,
  ): Promise<ErrorData | null> {
    this.#store.setState({ failedAddition: null });
    try {
      const { record, work } = await prepare();
      const isNew = !this.#store.getState().records.some(({ id }) => id === record.id);
      await this.#services.records.saveRecord(record);
      await this.#library.refresh();
      this.#store.setState({ addedId: record.id });
      void this.#library.askForPersistence();
      void work(isNew).then(error => {
        if (error && isNew) void this.#giveBack(way, record, error);
      });
      return null;
    } catch (thrown) {
      return toErrorData(thrown);
    }
  }

  /** Of an addition that failed before anything of it was here nothing is kept: it is said where the reader can correct it. */
  async #giveBack(way: AdditionWay, { id, name }: ModelRecord, error: ErrorData): Promise<void> {
    if (await this.#library.keepFailed(id, error)) return;
    this.#store.setState({ failedAddition: { way, error } });
    this.#ui.getState().showToastOutside('models', `${name} was not added: ${error.message}`);
  }

  #recordOf(addition: Addition): ModelRecord {
    return { v: modelRecordVersion, id: `added-${newId()}`, addedAt: Date.now(), ...addition };
  }

  /** The entry that the same files have, or were begun under before they were interrupted: what is there is not stored twice. */
  #begunBefore(addition: Addition): ModelRecord {
    const { records, files, jobs } = this.#store.getState();
    const isStored = ({ id }: ModelFileRecord) => files.some(stored => stored.id === id && stored.complete);
    const before = records.find(
      record =>
        identityOf(record) === identityOf(addition) &&
        // Files of this device of the same name and size may be others, once the first ones are whole.
        (isFromNetwork(record) || !filesOf(record).every(isStored)),
    );
    if (!before) return this.#recordOf(addition);
    if (jobs[before.id] && !isFromNetwork(before)) throw isBeingAdded(before);
    const { text, vision } = addition;
    return {
      ...before,
      text: underOldIds(text, before.text),
      ...(vision && before.vision ? { vision: underOldIds(vision, before.vision) } : {}),
    };
  }

  #convert(record: ModelRecord, files: File[], type: ConvertRequest['type'], isNew: boolean) {
    return this.#library.run(
      record.id,
      'convert',
      async (model, call) => {
        // As the command line names it, so that both write the same bytes.
        const name = files[0]?.webkitRelativePath.split('/')[0] || model.name;
        const request = convertRequest(model, { kind: 'files', files }, type, name);
        const warnings = await this.#services.library.convert(request, call);
        this.#ui.getState().showToast([`${model.name} is in the library.`, ...warnings].join(' '));
      },
      isNew,
    );
  }

  #copy(record: ModelRecord, { text, vision = [] }: PickedHalves, isNew: boolean) {
    const files = [...text, ...vision];
    const total = files.reduce((sum, { size }) => sum + size, 0);
    return this.#library.run(
      record.id,
      'copy',
      async (model, call) => {
        let before = 0;
        for (const [index, file] of files.entries()) {
          const { id, name = file.name, chunkBytes, chunkSha256 } = model.files[index]!;
          await this.#services.library.copy(
            { id, name, file, ...(chunkSha256 && chunkBytes ? { chunkBytes, chunkSha256 } : {}) },
            { ...call, onProgress: (phase, done) => call.onProgress?.(phase, before + done, total) },
          );
          before += file.size;
        }
        this.#ui.getState().showToastOutside('models', `${model.name} is in the library.`);
      },
      isNew,
    );
  }
}

const isFromNetwork = ({ checkpoint, text }: Addition): boolean =>
  checkpoint !== undefined || text[0]?.url !== '';

/** What two additions of the same files have in common. */
const identityOf = ({ checkpoint, text, vision = [] }: Addition): string =>
  JSON.stringify([
    [checkpoint?.url, checkpoint?.type],
    ...[text, vision].map(half => half.map(({ url, name, bytes }) => [url, name, bytes])),
  ]);

const filesOf = ({ text, vision = [] }: Addition): ModelFileRecord[] => [...text, ...vision];

/** What a description says now holds, also where the files were begun without one. */
function underOldIds(
  files: readonly ModelFileRecord[],
  before: readonly ModelFileRecord[],
): ModelFileRecord[] {
  return files.map((file, index) => ({ ...before[index]!, ...file, id: before[index]!.id }));
}

/** Of a file that was split, in the order of its parts. */
function halvesOf({ files: { file, visionFile } }: FileOffer, isSwapped: boolean): PickedHalves {
  const [text, vision] = isSwapped ? [visionFile!, file] : [file, visionFile];
  return { text: inOrder(text), ...(vision ? { vision: inOrder(vision) } : {}) };
}

/** What its publisher gives out as a model of the catalogue. */
function publishedModel(entry: CatalogueEntry, type: ConvertRequest['type']): Addition {
  const { name, id, vision } = entry;
  return { ...convertedModel(name, { seesImages: vision !== undefined }, type), entryId: id };
}

function convertedModel(
  called: string,
  { seesImages }: Pick<CheckpointReport, 'seesImages'>,
  type: ConvertRequest['type'],
): Addition {
  const name = called.replace(/[^\w.]+/g, '-').toLowerCase();
  return {
    name: `${called} (${type})`,
    text: [convertedFile(name, '', type)],
    ...(seesImages ? { vision: [convertedFile(name, '-mmproj', 'f16')] } : {}),
  };
}

function isBeingAdded({ name }: ModelRecord): BedsideError {
  return new BedsideError(
    'busy',
    sentence`model-is-being-added: ${{ model: name }} is being added already.`,
    'Wait until it is complete. To add other files in its place, delete it first.',
  );
}
