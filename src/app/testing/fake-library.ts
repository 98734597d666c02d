import type {
  CheckpointReport,
  ConvertRequest,
  CopyRequest,
  ErrorCode,
  ExportedFile,
  HubFile,
  HubRepository,
  LibraryCall,
  LibraryClient,
  ModelRecord,
  ModelRecordStore,
  RemoteFile,
  StoredFile,
} from '../../client/index.ts';
import { errorOf } from './fixtures.ts';

/** A job of the library that a test moves on and ends. */
export class ScriptedJob {
  readonly file: RemoteFile | CopyRequest;
  readonly call: LibraryCall;
  readonly done: Promise<void>;
  finish!: () => void;
  fail!: (code: ErrorCode) => void;

  constructor(file: RemoteFile | CopyRequest, call: LibraryCall) {
    this.file = file;
    this.call = call;
    this.done = new Promise((resolve, reject) => {
      this.finish = resolve;
      this.fail = code => reject(errorOf(code));
      call.signal?.addEventListener('abort', () => this.fail('aborted'));
    });
  }
}

/** The library, in memory, as far as tests script it: jobs wait for the test. */
export class FakeLibrary implements Partial<LibraryClient> {
  files: StoredFile[] = [];
  readonly jobs: ScriptedJob[] = [];
  readonly converted: ConvertRequest[] = [];
  damagedBytes = 0;

  listFiles = async (): Promise<StoredFile[]> => this.files;

  download = (file: RemoteFile, call: LibraryCall = {}): Promise<void> => this.#run(file, call);

  copy = (request: CopyRequest, call: LibraryCall = {}): Promise<void> => this.#run(request, call);

  async convert(request: ConvertRequest, call: LibraryCall = {}): Promise<string[]> {
    this.converted.push(request);
    await this.#run({ id: request.textId, url: '' }, call);
    return [];
  }

  /** What the next checkpoints show to be, or why they cannot be looked at. */
  checkpoint: CheckpointReport | ErrorCode = { architecture: 'llama', seesImages: false };

  async inspectCheckpoint(): Promise<CheckpointReport> {
    if (typeof this.checkpoint === 'string') throw errorOf(this.checkpoint);
    return this.checkpoint;
  }

  verify = async (): Promise<number> => this.damagedBytes;

  /** By repository. */
  hub: Record<string, HubFile[]> = {};

  async listRepository({ id }: HubRepository): Promise<HubFile[]> {
    const files = this.hub[id];
    if (!files) throw errorOf('network');
    return files;
  }

  readHead = async () => ({ bytes: 1, head: new Blob([]) });

  exportFile = async (): Promise<ExportedFile> => ({
    blob: new Blob(['GGUF']),
    chunkBytes: 16_777_216,
    chunkSha256: ['0'.repeat(64)],
  });

  async deleteFile(id: string): Promise<void> {
    this.files = this.files.filter(file => file.id !== id);
  }

  restart(): void {
    // Its jobs go on.
  }

  dispose(): void {
    this.files = [];
  }

  /** What a job would have stored by now. */
  store(id: string, bytes: number, storedBytes = bytes): void {
    this.files = this.files.filter(file => file.id !== id);
    this.files.push({
      id,
      url: '',
      bytes,
      storedBytes,
      keptBytes: 0,
      complete: storedBytes === bytes,
      savedAt: 0,
    });
  }

  #run(file: RemoteFile | CopyRequest, call: LibraryCall): Promise<void> {
    const job = new ScriptedJob(file, call);
    this.jobs.push(job);
    return job.done;
  }
}

export class FakeRecords implements ModelRecordStore {
  records: ModelRecord[] = [];

  listRecords = async (): Promise<ModelRecord[]> => this.records;

  async saveRecord(record: ModelRecord): Promise<void> {
    const before = this.records.findIndex(({ id }) => id === record.id);
    this.records = before < 0 ? [...this.records, record] : this.records.with(before, record);
  }

  async noteFetching(id: string, isFetching: boolean): Promise<void> {
    this.records = this.records.map(record => (record.id === id ? { ...record, isFetching } : record));
  }

  async deleteRecord(id: string): Promise<void> {
    this.records = this.records.filter(record => record.id !== id);
  }
}
