/** What the page can ask of the library's worker: several operations at a time. */
import { BedsideError } from '../../engine/errors.ts';
import { parseGguf } from '../../engine/formats/gguf.ts';
import { sentence } from '../../engine/sentence.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import type { Network } from '../remote/network.ts';
import type { RetryPolicy } from '../remote/retry-policy.ts';
import { type OperationRun, serveVerbs } from '../verbs/serve-verbs.ts';
import { BorrowedQuantisers } from './borrowed-quantisers.ts';
import { downloadFile } from './download-file.ts';
import type { FileLocks } from './file-locks.ts';
import { fileSource } from './file-source.ts';
import { listHubFiles } from './hub-listing.ts';
import { inspectCheckpoint } from './inspect-checkpoint.ts';
import type { ConvertRequest, CopyRequest, RemoteFile, VerifyRequest } from './library-messages.ts';
import { reportLibrary } from './library-reports.ts';
import { type LibraryApi, type LibraryReports, libraryVerbs } from './library-verbs.ts';
import { readHead } from './read-head.ts';
import { storeConversion } from './store-conversion.ts';

export interface LibraryDependencies {
  weights: WeightStore;
  network: Network;
  locks: FileLocks;
  retry?: RetryPolicy;
}

type LibraryRun = OperationRun<LibraryReports>;

export function createLibraryApi({ weights, network, locks, retry }: LibraryDependencies): LibraryApi {
  let quantisers: BorrowedQuantisers | undefined;

  async function download(file: RemoteFile, { signal, report }: LibraryRun): Promise<void> {
    const reporter = reportLibrary(report);
    const isStored = async () => (await weights.openFile(file.id, file.chunkSha256)) !== undefined;
    // Most starts find everything in place, and need no lock.
    if (await isStored()) return;
    if (file.url === '') throw onlyOnDisk();
    await locks.hold(file.id, signal, reporter.noticeOf('other-tab'), async () => {
      if (await isStored()) return;
      await downloadFile(file, weights, network, {
        signal,
        onProgress: reporter.progressOf('download'),
        onVerify: reporter.progressOf('verify'),
        onNotice: notice => reporter.notice(notice),
        ...(retry ? { retry } : {}),
      });
    });
  }

  async function copy(request: CopyRequest, { signal, report }: LibraryRun): Promise<void> {
    const reporter = reportLibrary(report);
    const { id, name, file, chunkBytes, chunkSha256 } = request;
    // What is no model, or not all of one, is not worth copying gigabytes of.
    await parseGguf(fileSource(file));
    await locks.hold(id, signal, reporter.noticeOf('other-tab'), () =>
      weights.saveFile(id, readThrough(file), {
        url: '',
        bytes: file.size,
        name,
        signal,
        onProgress: reporter.progressOf('copy'),
        ...(chunkBytes === undefined ? {} : { chunkBytes }),
        ...(chunkSha256 ? { expectedSha256: chunkSha256 } : {}),
      }),
    );
  }

  async function convert(request: ConvertRequest, { signal, report }: LibraryRun): Promise<string[]> {
    const reporter = reportLibrary(report);
    const { textId, visionId } = request;
    const onWait = reporter.noticeOf('other-tab');
    let warnings: string[] = [];
    const quantiser = quantisers?.borrow();
    const run = async () => {
      warnings = await storeConversion(request, weights, network, {
        signal,
        onProgress: reporter.progressOf('convert'),
        onNotice: notice => reporter.notice(notice),
        encoder: quantiser?.encode,
        ...(retry ? { retry } : {}),
      });
    };
    try {
      await locks.hold(textId, signal, onWait, () =>
        visionId === undefined ? run() : locks.hold(visionId, signal, onWait, run),
      );
    } finally {
      quantiser?.end();
    }
    return warnings;
  }

  async function verify({ id, sha256 }: VerifyRequest, { signal, report }: LibraryRun): Promise<number> {
    const reporter = reportLibrary(report);
    const find = async () => (await weights.listFiles()).find(file => file.id === id);
    let damagedBytes = 0;
    // What it finds no longer counts: another tab may be writing just that anew.
    await locks.hold(id, signal, reporter.noticeOf('other-tab'), async () => {
      const before = await find();
      if (!before) throw notStored();
      await weights.verifyFile(id, {
        signal,
        onProgress: reporter.progressOf('verify'),
        ...(sha256 === undefined ? {} : { sha256 }),
      });
      damagedBytes = before.storedBytes - ((await find())?.storedBytes ?? 0);
    });
    return damagedBytes;
  }

  const api = serveVerbs(libraryVerbs, {
    listFiles: async () =>
      (await weights.listFiles()).map(
        ({ id, url, name, bytes, storedBytes, keptBytes, complete, savedAt }) => ({
          id,
          url,
          bytes,
          storedBytes,
          keptBytes,
          complete,
          savedAt,
          ...(name === undefined ? {} : { name }),
        }),
      ),

    download,
    copy,
    convert,
    verify,

    inspectCheckpoint: from => inspectCheckpoint(from, network, retry),

    readHead: file => readHead(file, network),

    listRepository: repository => listHubFiles(repository, network),

    async exportFile(id) {
      const [blob, chunkSha256] = [await weights.fileBlob(id), await weights.chunkHashes(id)];
      const stored = (await weights.listFiles()).find(file => file.id === id);
      if (!blob || !chunkSha256 || !stored) throw notStored();
      return { blob, chunkBytes: stored.chunkBytes, chunkSha256 };
    },

    deleteFile: id => weights.deleteFile(id),
  });

  return {
    ...api,
    async lendQuantisers(page) {
      quantisers = new BorrowedQuantisers(page);
    },
  };
}

/** A picked file piece by piece; one that goes away says so. */
async function* readThrough(file: File): AsyncGenerator<Uint8Array> {
  const pieceBytes = 4 * 1024 * 1024;
  const source = fileSource(file);
  for (let at = 0; at < source.bytes; at += pieceBytes) {
    yield await source.read(at, Math.min(pieceBytes, source.bytes - at));
  }
}

function onlyOnDisk(): BedsideError {
  return new BedsideError(
    'invalid-model',
    sentence`damaged-copy-of-converted-model: The copy of this model on this device is damaged, and it was not fetched as it is.`,
    'Open the list of models: fetch the rest there, or add its files again. Only what is damaged is made anew.',
  );
}

function notStored(): BedsideError {
  return new BedsideError(
    'no-model',
    sentence`model-not-complete: This model is not complete on this device.`,
    'Fetch it, or the rest of it, first.',
  );
}
