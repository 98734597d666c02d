import {
  BedsideError,
  type CheckpointRecord,
  descriptionSuffix,
  type ErrorData,
  estimateStorage,
  type HubFile,
  type HubRepository,
  type LibraryCall,
  listInstalledEntries,
  type ModelDescription,
  type ModelFileRecord,
  type ModelRecord,
  modelFolderName,
  noticeFile,
  sentence,
  termsOf,
  toErrorData,
  writeDescription,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import { describeFiles } from '../model/describe-files.ts';
import type { ModelStore } from '../model/model-store.ts';
import type { UiStore } from '../page/ui-store.ts';
import type { AirGapStore } from '../settings/air-gap-controller.ts';
import { convertRequest } from './convert-request.ts';
import { LibraryJobs } from './library-jobs.ts';
import { type LibraryJob, type LibraryModel, type LibraryStore, listLibraryModels } from './library-store.ts';
import { recordedAs, sourceOfRecords } from './model-files.ts';

/** Models that are kept on this device: fetched, copied, verified, given out again. Nothing here throws: failures are shown. */
export class LibraryController {
  readonly #services: Services;
  readonly #store: LibraryStore;
  readonly #models: ModelStore;
  readonly #ui: UiStore;
  readonly #airGap: AirGapStore;
  readonly #jobs: LibraryJobs;
  /** Fetches of a model that were asked for and have not ended: one may begin while the one before it ends. */
  readonly #fetches = new Map<string, number>();
  /** Fetches that the network ended when something had arrived: they go on when it is back, or after a reload. */
  readonly #interrupted = new Set<string>();
  #remembered: Promise<void> = Promise.resolve();
  /** Models of which it was asked what they are. */
  readonly #lookedAt = new Set<string>();

  constructor(services: Services, store: LibraryStore, models: ModelStore, airGap: AirGapStore, ui: UiStore) {
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
      // What cannot be read is not gone: what is known of it stays. What fails because of it says so itself.
    }
    const { catalogue } = this.#models.getState();
    const known = catalogue.filter(({ kind }) => kind !== 'installed');
    const { records: listed, files: stored } = this.#store.getState();
    const installed = listInstalledEntries(known, listed, stored);
    this.#models.setState({ catalogue: [...known, ...installed] });
    const isHere = ({ id }: ModelFileRecord) => stored.some(file => file.id === id && file.complete);
    for (const record of listed) {
      const isUnknown = !record.condition && record.identity === undefined && record.entryId === undefined;
      const isLooked = this.#lookedAt.has(record.id);
      if (isUnknown && !isLooked && [...record.text, ...(record.vision ?? [])].every(isHere))
        void this.#identify(record);
    }
    this.#store.setState({
      estimate: (await estimateStorage()) ?? null,
      isPersistent: await this.#services.isStoragePersistent(),
      // What cannot be read is not shown.
      imageFeatures: await this.#services.imageFeatures.summarize().catch(() => null),
    });
  }

  /** Deletes what was computed of images; they are encoded again when they are asked about. */
  async clearImageFeatures(): Promise<void> {
    try {
      await this.#services.imageFeatures.clear();
      this.#ui.getState().showToastOutside('models', 'What was computed of images was deleted.');
    } catch (thrown) {
      this.#ui.getState().showToast(`Nothing was deleted. ${toErrorData(thrown).message}`);
    }
    await this.refresh();
  }

  /** Of what nobody could look at before it was here: what it is, by its own files. Each is looked at once. */
  async #identify(record: ModelRecord): Promise<void> {
    const { id, text, vision } = record;
    const { engine, records } = this.#services;
    this.#lookedAt.add(id);
    try {
      const halves = {
        source: sourceOfRecords(text),
        ...(vision ? { vision: sourceOfRecords(vision) } : {}),
      };
      const { catalogue } = this.#models.getState();
      const described = await describeFiles({ ...halves, precision: 'f32' }, () => id, engine, catalogue);
      const [first, second] = described.isSwapped ? [vision!, text] : [text, vision];
      const now = (await records.listRecords()).find(each => each.id === id);
      if (!now) return;
      await records.saveRecord({
        ...now,
        ...recordedAs(described, null),
        text: first,
        ...(second ? { vision: second } : {}),
      });
      await this.refresh();
    } catch (thrown) {
      this.#jobs.setError(id, toErrorData(thrown));
    }
  }

  /** On the reader's gesture: a browser may ask, or decide by how the site is used. */
  async askForPersistence(): Promise<void> {
    const isPersistent = await this.#services.persistStorage();
    this.#store.setState({ isPersistent });
  }

  /** What is there; what was being fetched when the page was closed, reloaded or killed goes on. */
  async start(): Promise<void> {
    await this.refresh();
    addEventListener('online', () => {
      for (const id of this.#interrupted) void this.fetch(id);
    });
    for (const { id, isFetching } of this.#store.getState().records) if (isFetching) void this.fetch(id);
  }

  /** Fetches what is missing of a model: the beginning, the rest, or what proved damaged. */
  async fetch(id: string, isNew = false): Promise<ErrorData | null> {
    this.#interrupted.delete(id);
    await this.#noteFetch(id, 1);
    const isConverted = this.#find(id)?.checkpoint !== undefined;
    const error = await this.run(
      id,
      isConverted ? 'convert' : 'download',
      async (model, call) => {
        const addresses = model.checkpoint ? [model.checkpoint.url] : model.files.map(({ url }) => url);
        await this.allow(addresses);
        if (model.checkpoint) await this.#convert(model, model.checkpoint, call);
        else await this.#download(model, call);
        this.#ui.getState().showToastOutside('models', `${model.name} is in the library.`);
      },
      isNew,
    );
    if (error?.code === 'network' && (this.#find(id)?.storedBytes ?? 0) > 0) this.#interrupted.add(id);
    await this.#noteFetch(id, -1);
    return error;
  }

  /** What failed of an addition that has begun: shown with the model where something of it is here; else nothing of it is kept, and false. */
  async keepFailed(id: string, error: ErrorData): Promise<boolean> {
    const model = this.#find(id);
    if (!model) return false;
    if (model.storedBytes > 0) {
      this.#jobs.report(model, error);
      return true;
    }
    this.#interrupted.delete(id);
    await this.remove(id);
    return false;
  }

  async #download(model: LibraryModel, call: LibraryCall): Promise<void> {
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
  }

  async #convert(model: LibraryModel, { url, type }: CheckpointRecord, call: LibraryCall): Promise<void> {
    const request = convertRequest(model, { kind: 'address', url }, type, modelFolderName(url));
    const warnings = await this.#services.library.convert(request, call);
    for (const warning of warnings) this.#ui.getState().showToast(warning);
  }

  /** One after the other, and as it is by then: a pause that is written down late must not hide that it went on. */
  #noteFetch(id: string, change: 1 | -1): Promise<void> {
    this.#fetches.set(id, (this.#fetches.get(id) ?? 0) + change);
    this.#remembered = this.#remembered.then(() => this.#remember(id));
    return this.#remembered;
  }

  async #remember(id: string): Promise<void> {
    const { records } = this.#services;
    const isFetching = (this.#fetches.get(id) ?? 0) > 0 || this.#interrupted.has(id);
    try {
      const record = (await records.listRecords()).find(each => each.id === id);
      if (!record || Boolean(record.isFetching) === isFetching) return;
      // It may have been deleted by now, here or in another tab.
      await records.noteFetching(id, isFetching);
      this.#store.setState({ records: await records.listRecords() });
    } catch {
      // Storage that is full or gone: the download itself says so, with the model.
    }
  }

  pause(id: string): void {
    this.#interrupted.delete(id);
    this.#jobs.stop(id);
  }

  async verify(id: string): Promise<void> {
    await this.run(id, 'verify', async (model, call) => {
      let damaged = 0;
      for (const { id: file, sha256 } of model.files) {
        damaged += await this.#services.library.verify({ id: file, sha256 }, call);
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
      const description: ModelDescription = {
        name: model.name,
        ...(model.entryId === undefined ? {} : { entryId: model.entryId }),
        files: [],
      };
      for (const file of model.files) {
        const { blob, chunkBytes, chunkSha256 } = await library.exportFile(file.id);
        const name = file.name ?? `${file.id}.gguf`;
        description.files.push({ name, role: file.role, bytes: blob.size, chunkBytes, chunkSha256 });
        this.#services.saveFile(blob, name);
      }
      const entry = this.#models.getState().catalogue.find(each => each.id === id);
      const terms = termsOf(entry ?? model);
      if (terms) {
        description.notice = terms.notice;
        const notice = noticeFile(terms, { name: model.name, isConverted: model.checkpoint !== undefined });
        this.#services.saveFile(new Blob([notice], { type: 'text/plain' }), `${model.name}.NOTICE.txt`);
      }
      this.#services.saveFile(writeDescription(description), `${model.name}${descriptionSuffix}`);
    } catch (thrown) {
      this.#jobs.setError(id, toErrorData(thrown));
    }
  }

  /** One job of a model at a time, with its progress and its end. */
  async run(
    id: string,
    phase: LibraryJob['phase'],
    work: (model: LibraryModel, call: LibraryCall) => Promise<void>,
    isNew = false,
  ): Promise<ErrorData | null> {
    const model = this.#find(id);
    return model ? this.#jobs.run(model, phase, call => work(model, call), isNew) : null;
  }

  /** The model files of a repository on a hub. Rejects with 'network'. */
  async listRepository(repository: HubRepository): Promise<HubFile[]> {
    await this.allow([repository.origin]);
    return this.#services.library.listRepository(repository);
  }

  /** Before anything is asked of these addresses. Rejects with 'network' while the air gap is on. */
  async allow(addresses: readonly string[]): Promise<void> {
    if (this.#airGap.getState().status === 'on') throw airGapIsOn();
    const origins = new Set(addresses.filter(Boolean).map(url => new URL(url).origin));
    origins.delete(location.origin);
    if (origins.size > 0) await this.#services.allowSources([...origins]);
  }

  #find(id: string): LibraryModel | undefined {
    const { catalogue } = this.#models.getState();
    return listLibraryModels(catalogue, this.#store.getState()).find(model => model.id === id);
  }
}

function airGapIsOn(): BedsideError {
  return new BedsideError(
    'network',
    sentence`air-gap-is-on: The air gap is on: nothing is fetched.`,
    'Switch it off in the settings to fetch the model, or add the model from a drive.',
  );
}

function damagedCopy({ name, isFetchable }: LibraryModel, bytes: number): BedsideError {
  return new BedsideError(
    'wrong-hash',
    sentence`bytes-are-damaged: ${{ model: name }} is damaged on this device: ${{ damagedBytes: bytes }} bytes are not as they were stored.`,
    isFetchable
      ? 'Fetch the rest: only the damaged parts are fetched again.'
      : 'Add its files again: the damaged parts alone are written again.',
  );
}
