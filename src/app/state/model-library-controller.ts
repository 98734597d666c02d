import {
  BedsideError,
  type CatalogueEntry,
  type ConvertRequest,
  descriptionSuffix,
  type ErrorData,
  estimateStorage,
  type LibraryCall,
  listInstalledEntries,
  type ModelDescription,
  type ModelFileRecord,
  type ModelRecord,
  newId,
  readDescription,
  toErrorData,
  writeDescription,
} from '../../client/index.ts';
import type { Services } from '../services.ts';
import type { AirGapStore } from './air-gap-controller.ts';
import { LibraryJobs } from './library-jobs.ts';
import {
  checkedHash,
  convertedFile,
  copiedFile,
  matchDescription,
  remoteFile,
  wrongCount,
} from './model-files.ts';
import {
  type LibraryJob,
  type LibraryModel,
  listLibraryModels,
  type ModelLibraryStore,
} from './model-library-store.ts';
import type { ModelStore } from './model-store.ts';
import type { UiStore } from './ui-store.ts';

/** What the reader says about a model that is to be fetched. */
export interface RemoteModel {
  name: string;
  entry: CatalogueEntry;
  url: string;
  /** Of the image half. */
  visionUrl?: string;
  /** Of the text half, where its publisher names it. */
  sha256?: string;
}

/** Models that are kept on this device: fetched, copied, verified, given out again. Nothing here throws: failures are shown. */
export class ModelLibraryController {
  readonly #services: Services;
  readonly #store: ModelLibraryStore;
  readonly #models: ModelStore;
  readonly #ui: UiStore;
  readonly #airGap: AirGapStore;
  readonly #jobs: LibraryJobs;
  /** Fetches of a model that were asked for and have not ended: one may begin while the one before it ends. */
  readonly #fetches = new Map<string, number>();
  #remembered: Promise<void> = Promise.resolve();

  constructor(
    services: Services,
    store: ModelLibraryStore,
    models: ModelStore,
    airGap: AirGapStore,
    ui: UiStore,
  ) {
    this.#services = services;
    this.#airGap = airGap;
    // A worker's policy is fixed when it starts: this one is replaced by one that the gap confines, or no longer.
    airGap.subscribe(({ status }, before) => {
      if (status === before.status || before.status === 'unavailable') return;
      if (status === 'on') this.#jobs.stopAll();
      services.library.restart();
    });
    this.#jobs = new LibraryJobs(store, ui, () => this.refresh());
    this.#store = store;
    this.#models = models;
    this.#ui = ui;
  }

  /** What is stored, and with it what can be chosen. */
  async refresh(): Promise<void> {
    const { library, records } = this.#services;
    try {
      const [files, added] = await Promise.all([library.listFiles(), records.listRecords()]);
      this.#store.setState({ files, records: added });
    } catch {
      // Without storage there is nothing stored; what fails because of it says so itself.
      this.#store.setState({ files: [], records: [] });
    }
    const { catalogue } = this.#models.getState();
    const known = catalogue.filter(({ kind }) => kind !== 'installed');
    const { records: listed, files: stored } = this.#store.getState();
    const installed = listInstalledEntries(known, listed, stored);
    this.#models.setState({ catalogue: [...known, ...installed] });
    this.#store.setState({
      estimate: (await estimateStorage()) ?? null,
      isPersistent: await this.#services.isStoragePersistent(),
    });
  }

  /** On the reader's gesture: a browser may ask, or decide by how the site is used. */
  async askForPersistence(): Promise<void> {
    const isPersistent = await this.#services.persistStorage();
    this.#store.setState({ isPersistent });
  }

  /** Adds a model to the library and begins to fetch it. Returns what is wrong with what was entered, else null. */
  addByAddress({ name, entry, url, visionUrl, sha256 }: RemoteModel): Promise<ErrorData | null> {
    return this.#adding(async () => {
      const text = remoteFile(url);
      const record: ModelRecord = {
        v: 1,
        id: `added-${newId()}`,
        name: name.trim() || text.name,
        entryId: entry.id,
        text: { ...text, ...(sha256 ? { sha256: checkedHash(sha256) } : {}) },
        ...(visionUrl ? { vision: remoteFile(visionUrl) } : {}),
        addedAt: Date.now(),
      };
      return { record, work: () => this.fetch(record.id) };
    });
  }

  /** What is there; what was being fetched when the page was closed, reloaded or killed goes on. */
  async start(): Promise<void> {
    await this.refresh();
    for (const { id, isFetching } of this.#store.getState().records) if (isFetching) void this.fetch(id);
  }

  /** Fetches what is missing of a model: the beginning, the rest, or what proved damaged. */
  async fetch(id: string): Promise<void> {
    await this.#noteFetch(id, 1);
    await this.#run(id, 'download', async (model, call) => {
      const origins = new Set(
        model.files
          .map(({ url }) => url)
          .filter(Boolean)
          .map(url => new URL(url).origin),
      );
      await this.#allow(origins);
      let before = 0;
      for (const file of model.files) {
        await this.#services.library.download(file, {
          ...call,
          onProgress: (phase, done, total) =>
            call.onProgress?.(
              phase,
              phase === 'download' ? before + done : done,
              model.bytes ?? before + total,
            ),
        });
        before +=
          file.bytes ?? this.#store.getState().files.find(({ id: stored }) => stored === file.id)?.bytes ?? 0;
        await this.refresh();
      }
    });
    await this.#noteFetch(id, -1);
  }

  /** One after the other, and as it is by then: a pause that is written down late must not hide that it went on. */
  #noteFetch(id: string, change: 1 | -1): Promise<void> {
    this.#fetches.set(id, (this.#fetches.get(id) ?? 0) + change);
    this.#remembered = this.#remembered.then(() => this.#remember(id));
    return this.#remembered;
  }

  async #remember(id: string): Promise<void> {
    const { records } = this.#services;
    const isFetching = (this.#fetches.get(id) ?? 0) > 0;
    try {
      const record = (await records.listRecords()).find(each => each.id === id);
      if (!record || Boolean(record.isFetching) === isFetching) return;
      await records.saveRecord({ ...record, isFetching });
      this.#store.setState({ records: await records.listRecords() });
    } catch {
      // Storage that is full or gone: the download itself says so, with the model.
    }
  }

  pause(id: string): void {
    this.#jobs.stop(id);
  }

  verify(id: string): Promise<void> {
    return this.#run(id, 'verify', async (model, call) => {
      let damaged = 0;
      for (const { id: file, sha256 } of model.files) {
        damaged += await this.#services.library.verify(file, sha256, call);
      }
      if (damaged > 0) throw damagedCopy(model, damaged);
      this.#ui.getState().showToast(`${model.name} is exactly as it was stored.`);
    });
  }

  async remove(id: string): Promise<void> {
    const model = this.#find(id);
    if (!model) return;
    this.pause(id);
    try {
      for (const file of model.files) await this.#services.engine.deleteStoredModel(file.id);
      if (!model.isDemonstration) await this.#services.records.deleteRecord(id);
      this.#jobs.setError(id, null);
    } catch (thrown) {
      this.#ui.getState().showToast(toErrorData(thrown).message);
    }
    await this.refresh();
  }

  /** Saves the files of a model, and the description that another Bedside checks them by. */
  async exportFiles(id: string): Promise<void> {
    const model = this.#find(id);
    if (!model) return;
    const { library } = this.#services;
    try {
      const description: ModelDescription = { name: model.name, entryId: model.entryId, files: [] };
      for (const [index, file] of model.files.entries()) {
        const { blob, chunkBytes, chunkSha256 } = await library.exportFile(file.id);
        const name = file.name ?? `${file.id}.gguf`;
        const role = index === 0 ? 'text' : 'vision';
        description.files.push({ name, role, bytes: blob.size, chunkBytes, chunkSha256 });
        this.#services.saveFile(blob, name);
      }
      this.#services.saveFile(writeDescription(description), `${model.name}${descriptionSuffix}`);
    } catch (thrown) {
      this.#jobs.setError(id, toErrorData(thrown));
    }
  }

  /**
   * Copies picked files into the library: one, or the two halves of a model that sees images, with the description of an export
   * among them or not. Returns what is wrong with the choice, else null.
   */
  addFromDisk(picked: readonly File[], chosen: CatalogueEntry | null): Promise<ErrorData | null> {
    return this.#adding(async () => {
      const described = picked.find(({ name }) => name.endsWith(descriptionSuffix));
      const description = described && (await readDescription(described));
      const files = picked.filter(file => file !== described);
      const entry = this.#kindOf(description, chosen);
      const [text, vision] = description ? matchDescription(description, files) : files;
      if (!text || files.length > (entry.vision ? 2 : 1) || (entry.vision && !vision))
        throw wrongCount(entry);
      const record = this.#begunBefore({
        v: 1,
        id: `added-${newId()}`,
        name: description?.name ?? text.name.replace(/\.gguf$/i, ''),
        entryId: entry.id,
        text: copiedFile(text, description),
        ...(vision ? { vision: copiedFile(vision, description) } : {}),
        addedAt: Date.now(),
      });
      return { record, work: () => this.#copy(record, vision ? [text, vision] : [text]) };
    });
  }

  /** Converts a picked checkpoint (safetensors or PyTorch) into the library. Returns what is wrong with the choice, else null. */
  addCheckpoint(
    files: readonly File[],
    entry: CatalogueEntry,
    type: ConvertRequest['type'],
  ): Promise<ErrorData | null> {
    return this.#adding(async () => {
      const name = entry.name.replace(/[^\w.]+/g, '-').toLowerCase();
      const record = this.#begunBefore({
        v: 1,
        id: `added-${newId()}`,
        name: `${entry.name} (${type})`,
        entryId: entry.id,
        text: convertedFile(name, '', type),
        ...(entry.vision ? { vision: convertedFile(name, '-mmproj', 'f16') } : {}),
        addedAt: Date.now(),
      });
      return { record, work: () => this.#convert(record, [...files], type) };
    });
  }

  async #adding(
    prepare: () => Promise<{ record: ModelRecord; work: () => Promise<void> }>,
  ): Promise<ErrorData | null> {
    try {
      const { record, work } = await prepare();
      await this.#services.records.saveRecord(record);
      await this.refresh();
      void this.askForPersistence();
      void work();
      return null;
    } catch (thrown) {
      return toErrorData(thrown);
    }
  }

  /** The entry that the same files were begun under before they were interrupted: what is there is not written again. */
  #begunBefore(record: ModelRecord): ModelRecord {
    const { records, files } = this.#store.getState();
    const isSame = (a?: ModelFileRecord, b?: ModelFileRecord) => a?.name === b?.name && a?.bytes === b?.bytes;
    const before = records.find(
      each =>
        each.entryId === record.entryId &&
        each.text.url === '' &&
        isSame(each.text, record.text) &&
        isSame(each.vision, record.vision) &&
        [each.text, each.vision].some(
          file => file && !files.some(({ id, complete }) => id === file.id && complete),
        ),
    );
    return before ?? record;
  }

  #convert(record: ModelRecord, files: File[], type: ConvertRequest['type']): Promise<void> {
    const { text, vision } = record;
    return this.#run(record.id, 'convert', async (model, call) => {
      const request: ConvertRequest = {
        textId: text.id,
        textName: text.name,
        ...(vision ? { visionId: vision.id, visionName: vision.name } : {}),
        // As the command line names it, so that both write the same bytes.
        name: files[0]?.webkitRelativePath.split('/')[0] || model.name,
        type,
        from: { kind: 'files', files },
      };
      const warnings = await this.#services.library.convert(request, call);
      this.#ui.getState().showToast([`${model.name} is in the library.`, ...warnings].join(' '));
    });
  }

  #copy(record: ModelRecord, files: File[]): Promise<void> {
    const total = files.reduce((sum, { size }) => sum + size, 0);
    return this.#run(record.id, 'copy', async (model, call) => {
      let before = 0;
      for (const [index, file] of files.entries()) {
        const { id, name = file.name, chunkBytes, chunkSha256 } = model.files[index]!;
        await this.#services.library.copy(
          { id, name, file, ...(chunkSha256 && chunkBytes ? { chunkBytes, chunkSha256 } : {}) },
          { ...call, onProgress: (phase, done) => call.onProgress?.(phase, before + done, total) },
        );
        before += file.size;
      }
      this.#ui.getState().showToast(`${model.name} is in the library.`);
    });
  }

  #kindOf(description: ModelDescription | undefined, chosen: CatalogueEntry | null): CatalogueEntry {
    const { catalogue } = this.#models.getState();
    const entry = description ? catalogue.find(({ id }) => id === description.entryId) : chosen;
    if (entry) return entry;
    throw new BedsideError(
      'unsupported-model',
      'This copy of Bedside does not know this kind of model.',
      'Use a copy of the same version as the one that exported it, or choose the kind of model and add the file alone.',
    );
  }

  async #allow(origins: ReadonlySet<string>): Promise<void> {
    if (this.#airGap.getState().status === 'on') throw airGapIsOn();
    const elsewhere = [...origins].filter(origin => origin !== location.origin);
    if (elsewhere.length > 0) await this.#services.allowSources(elsewhere);
  }

  async #run(
    id: string,
    phase: LibraryJob['phase'],
    work: (model: LibraryModel, call: LibraryCall) => Promise<void>,
  ): Promise<void> {
    const model = this.#find(id);
    if (model) await this.#jobs.run(model, phase, call => work(model, call));
  }

  #find(id: string): LibraryModel | undefined {
    const { catalogue } = this.#models.getState();
    return listLibraryModels(catalogue, this.#store.getState()).find(model => model.id === id);
  }
}

function airGapIsOn(): BedsideError {
  return new BedsideError(
    'network',
    'The air gap is on: nothing is fetched.',
    'Switch it off in the settings to fetch the model, or add the model from a drive.',
  );
}

function damagedCopy({ name, files }: LibraryModel, bytes: number): BedsideError {
  const isFetched = files.every(({ url }) => url !== '');
  return new BedsideError(
    'wrong-hash',
    `${name} is damaged on this device: ${bytes.toLocaleString('en')} bytes are not as they were stored.`,
    isFetched
      ? 'Fetch the rest: only the damaged parts are fetched again.'
      : 'Add its file again: the damaged copy is not used.',
  );
}
