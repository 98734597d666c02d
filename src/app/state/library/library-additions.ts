import {
  BedsideError,
  type CatalogueEntry,
  type ConvertRequest,
  descriptionSuffix,
  type ErrorData,
  type HubFile,
  type HubRepository,
  hubFileUrl,
  type ModelDescription,
  type ModelFileRecord,
  type ModelRecord,
  modelRecordVersion,
  newId,
  readDescription,
  readShardName,
  sentence,
  toErrorData,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { ModelStore } from '../model/model-store.ts';
import type { UiStore } from '../page/ui-store.ts';
import { convertRequest } from './convert-request.ts';
import type { LibraryController } from './library-controller.ts';
import type { AdditionWay, LibraryStore } from './library-store.ts';
import {
  checkedHash,
  checkpointFolder,
  convertedFile,
  copiedFile,
  matchDescription,
  type PickedHalves,
  readHalves,
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

type Addition = Pick<ModelRecord, 'name' | 'entryId' | 'text' | 'vision' | 'checkpoint'>;

/** The ways in which a model comes into the library. Each returns what is wrong with the reader's choice, else null. */
export class LibraryAdditions {
  readonly #services: Services;
  readonly #library: LibraryController;
  readonly #store: LibraryStore;
  readonly #models: ModelStore;
  readonly #ui: UiStore;

  constructor(
    services: Services,
    library: LibraryController,
    store: LibraryStore,
    models: ModelStore,
    ui: UiStore,
  ) {
    this.#services = services;
    this.#library = library;
    this.#store = store;
    this.#models = models;
    this.#ui = ui;
  }

  /** Begins to fetch a model. */
  addByAddress({ entry, url, visionUrl, sha256 }: RemoteModel): Promise<ErrorData | null> {
    return this.#adding('address', async () => {
      const text = remoteFiles(url);
      if (sha256 !== undefined && text.length > 1) throw hashOfParts();
      if (sha256 !== undefined) text[0]!.sha256 = checkedHash(sha256);
      const record = this.#begunBefore({
        name: readShardName(text[0]!.name)?.stem ?? text[0]!.name,
        entryId: entry.id,
        text,
        ...(visionUrl ? { vision: remoteFiles(visionUrl) } : {}),
      });
      return { record, work: isNew => this.#library.fetch(record.id, isNew) };
    });
  }

  /** Begins to fetch files that a hub listed: each is compared with the hash that the hub gives for it. */
  addFromHub(
    repository: HubRepository,
    entry: CatalogueEntry,
    text: readonly HubFile[],
    vision: readonly HubFile[] | null,
  ): Promise<ErrorData | null> {
    return this.#adding('address', async () => {
      const record = this.#begunBefore({
        name: baseName(readShardName(text[0]!.path)?.stem ?? text[0]!.path),
        entryId: entry.id,
        text: text.map(file => hubFileRecord(repository, file)),
        ...(vision ? { vision: vision.map(file => hubFileRecord(repository, file)) } : {}),
      });
      return { record, work: isNew => this.#library.fetch(record.id, isNew) };
    });
  }

  /** Begins to fetch a publisher's checkpoint, which is converted while it arrives. */
  addCheckpointByAddress(
    address: string,
    entry: CatalogueEntry,
    type: ConvertRequest['type'],
  ): Promise<ErrorData | null> {
    return this.#adding('checkpoint', async () => {
      const checkpoint = { url: checkpointFolder(address), type };
      const record = this.#begunBefore({ ...convertedModel(entry, type), checkpoint });
      return { record, work: isNew => this.#library.fetch(record.id, isNew) };
    });
  }

  /**
   * Copies picked files into the library: one, or the two halves of a model that sees images, each whole or in parts, with the
   * description of an export among them or not.
   */
  addFromDisk(picked: readonly File[], chosen: CatalogueEntry | null): Promise<ErrorData | null> {
    return this.#adding('disk', async () => {
      const described = picked.find(({ name }) => name.endsWith(descriptionSuffix));
      const description = described && (await readDescription(described));
      const files = picked.filter(file => file !== described);
      const entry = this.#kindOf(description, chosen);
      const halves = description ? matchDescription(description, files) : readHalves(files, entry);
      const copied = (half: readonly File[]) => half.map(file => copiedFile(file, description));
      const record = this.#begunBefore({
        name: description?.name ?? nameWithoutPart(halves.text),
        entryId: entry.id,
        text: copied(halves.text),
        ...(halves.vision ? { vision: copied(halves.vision) } : {}),
      });
      return { record, work: isNew => this.#copy(record, halves, isNew) };
    });
  }

  /** Converts a picked checkpoint (safetensors or PyTorch) into the library. */
  addCheckpoint(
    files: readonly File[],
    entry: CatalogueEntry,
    type: ConvertRequest['type'],
  ): Promise<ErrorData | null> {
    return this.#adding('checkpoint', async () => {
      const record = this.#begunBefore(convertedModel(entry, type));
      return { record, work: isNew => this.#convert(record, [...files], type, isNew) };
    });
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

  #kindOf(description: ModelDescription | undefined, chosen: CatalogueEntry | null): CatalogueEntry {
    const { catalogue } = this.#models.getState();
    const entry = description ? catalogue.find(({ id }) => id === description.entryId) : chosen;
    if (entry) return entry;
    throw new BedsideError(
      'unsupported-model',
      sentence`unknown-kind-of-model: This copy of Bedside does not know this kind of model.`,
      'Use a copy of the same version as the one that exported it, or choose the kind of model and add the file alone.',
    );
  }
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function hubFileRecord(repository: HubRepository, { path, bytes, sha256 }: HubFile): ModelFileRecord {
  const name = baseName(path);
  const url = hubFileUrl(repository, path);
  return { id: `file-${newId()}`, url, name, bytes, ...(sha256 ? { sha256 } : {}) };
}

const isFromNetwork = ({ checkpoint, text }: Addition): boolean =>
  checkpoint !== undefined || text[0]?.url !== '';

/** What two additions of the same files have in common. */
const identityOf = ({ entryId, checkpoint, text, vision = [] }: Addition): string =>
  JSON.stringify([
    entryId,
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

/** What the reader knows the model by until there is another name: the file's, without its number among parts. */
function nameWithoutPart([file]: readonly { name: string }[]): string {
  const name = file?.name ?? 'model';
  return readShardName(name)?.stem ?? name.replace(/\.gguf$/i, '');
}

function convertedModel(entry: CatalogueEntry, type: ConvertRequest['type']): Addition {
  const name = entry.name.replace(/[^\w.]+/g, '-').toLowerCase();
  return {
    name: `${entry.name} (${type})`,
    entryId: entry.id,
    text: [convertedFile(name, '', type)],
    ...(entry.vision ? { vision: [convertedFile(name, '-mmproj', 'f16')] } : {}),
  };
}

function isBeingAdded({ name }: ModelRecord): BedsideError {
  return new BedsideError(
    'busy',
    sentence`model-is-being-added: ${{ model: name }} is being added already.`,
    'Wait until it is complete. To add other files in its place, delete it first.',
  );
}

function hashOfParts(): BedsideError {
  return new BedsideError(
    'invalid-request',
    sentence`hash-of-a-split-file: A file that was split has a SHA-256 for each part.`,
    'Leave the field empty: every part is checked when it arrives and when it is read back.',
  );
}
