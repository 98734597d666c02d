/** The folder of a checkpoint on a server: which of the files that a conversion needs are there. */
import { templateFile } from '../../engine/convert/chat-template.ts';
import type { CheckpointFolder } from '../../engine/convert/checkpoint-folder.ts';
import type { CheckpointListing } from '../../engine/convert/checkpoint-listing.ts';
import { readWeightMap, weightForms } from '../../engine/convert/checkpoint-tensors.ts';
import { BedsideError } from '../../engine/errors.ts';
import { type ByteSource, bytesSource } from '../../engine/formats/byte-source.ts';
import { sentence } from '../../engine/sentence.ts';
import { mebibyte } from '../../storage/weight-manifest.ts';
import type { DownloadNotice } from './download-notice.ts';
import { noticeOfWaiting } from './download-notice.ts';
import { readPieces } from './fetch-chunk.ts';
import type { Network } from './network.ts';
import {
  FileChanged,
  type RangeAnswer,
  Refusal,
  requestRange,
  requestWhole,
  TemporaryFailure,
} from './range-request.ts';
import { RemoteReadAhead } from './remote-read-ahead.ts';
import { cannotSendParts, type RemoteCalls, RemoteSource } from './remote-source.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { tryPatiently } from './try-patiently.ts';

const settingsFile = 'config.json';
const tokenizerFiles = ['tokenizer.model', 'tokenizer_config.json', 'added_tokens.json', templateFile];

/** Settings, tokenizers and indices are far smaller. */
const largestSmallFile = 64 * mebibyte;

export interface RemoteAccess extends Pick<RemoteCalls, 'network' | 'signal' | 'retry'> {
  /** Why nothing comes, before it is tried again. */
  onNotice(notice: DownloadNotice): void;
}

type SmallCalls = Pick<RemoteCalls, 'network' | 'signal'> & { retry: Pick<RetryPolicy, 'silenceMs'> };

interface FoundFile {
  source: ByteSource;
  version: string | undefined;
}

/**
 * Looks up the files of a checkpoint. Small files are fetched whole and kept, of weights only length and version are asked.
 * @param url of the folder, with a slash at its end
 * @throws BedsideError `no-model`, `network`, `invalid-model`, `aborted`; later reads also FileChanged
 */
export async function openRemoteCheckpoint(
  url: string,
  { onNotice, ...access }: RemoteAccess,
): Promise<CheckpointListing> {
  const found = new Map<string, FoundFile>();
  const isKnown = () => found.size > 0;
  const onWait = () => onNotice(noticeOfWaiting(access.network, isKnown()));
  const calls: RemoteCalls = { ...access, isKnown, onWait };
  const ahead = new RemoteReadAhead(calls.signal);
  const folder: CheckpointFolder = { open: async name => found.get(name)?.source };

  const look = async (name: string, find: (address: string) => Promise<FoundFile>): Promise<boolean> => {
    const address = new URL(name, url).href;
    const file = await tryPatiently(() => find(address), calls).catch(noneIfAbsent);
    if (file) found.set(name, file);
    return file !== undefined;
  };
  const lookForSmall = (name: string) => look(name, address => fetchSmall(address, calls));
  const lookForWeights = (name: string) =>
    look(name, async address => {
      const { version, bytes } = await findWeights(address, calls);
      return { version, source: new RemoteSource(address, { version, bytes }, calls, ahead) };
    });

  if (!(await lookForSmall(settingsFile))) throw noCheckpoint(url);
  await Promise.all(tokenizerFiles.map(lookForSmall));
  // Far longer, and read only in the other's place.
  if (!found.has('tokenizer.model')) await lookForSmall('tokenizer.json');
  for (const form of weightForms) {
    if (await lookForWeights(form.whole)) break;
    if (!(await lookForSmall(form.index))) continue;
    const parts = new Set((await readWeightMap(folder, form))?.values());
    for (const part of parts) await lookForWeights(part);
    break;
  }
  return {
    ...folder,
    names: [...found.keys()],
    isRemote: true,
    versionOf: name => found.get(name)?.version,
    expect: reads => ahead.expect(reads),
  };
}

/**
 * The settings of a checkpoint alone, asked for once.
 * @throws BedsideError `no-model`, `network`, `invalid-model`
 */
export async function openRemoteSettings(
  url: string,
  network: Network,
  { silenceMs }: Pick<RetryPolicy, 'silenceMs'>,
): Promise<CheckpointFolder> {
  const address = new URL(settingsFile, url).href;
  const { signal } = new AbortController();
  const file = await fetchSmall(address, { network, signal, retry: { silenceMs } })
    .catch(noneIfAbsent)
    .catch(readerHears);
  if (!file) throw noCheckpoint(url);
  return { open: async name => (name === settingsFile ? file.source : undefined) };
}

function readerHears(thrown: unknown): never {
  throw thrown instanceof TemporaryFailure ? thrown.error : thrown;
}

async function fetchSmall(address: string, calls: SmallCalls): Promise<FoundFile> {
  const { network, signal, retry } = calls;
  const wholeFile = { from: 0, to: largestSmallFile };
  const answer = await requestRange(address, wholeFile, network, signal, retry.silenceMs);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const piece of readPieces(answer.body, retry.silenceMs, signal)) {
    // A copy: the next piece may come in the same memory.
    pieces.push(piece.slice());
    bytes += piece.length;
    if (bytes >= largestSmallFile) throw tooLarge(address);
  }
  if (answer.kind === 'range' && bytes < (answer.totalBytes ?? bytes))
    throw new TemporaryFailure(endedShort());
  const data = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return { source: bytesSource(data), version: answer.version };
}

async function findWeights(address: string, { network, signal, retry }: RemoteCalls) {
  const { kind, totalBytes, version } = drop(
    await requestRange(address, { from: 0, to: 8 }, network, signal, retry.silenceMs),
  );
  if (kind === 'whole') throw cannotSendParts();
  // Where the server does not show the whole length of what it sends a part of, it does of the whole.
  const bytes = totalBytes ?? drop(await requestWhole(address, network, signal, retry.silenceMs)).totalBytes;
  if (bytes === undefined) throw cannotSendParts();
  return { bytes, version };
}

function drop(answer: RangeAnswer): RangeAnswer {
  void answer.body.cancel().catch(() => undefined);
  return answer;
}

const absentStatuses = [403, 404, 410];

/** Publishers leave files out; some servers then send a page, or refuse instead of saying so. */
function noneIfAbsent(thrown: unknown): undefined {
  const isAbsent =
    thrown instanceof Refusal && (absentStatuses.includes(thrown.status) || thrown.status < 300);
  if (!isAbsent) throw thrown instanceof FileChanged ? emptyFile(thrown) : thrown;
}

function noCheckpoint(url: string): BedsideError {
  return new BedsideError(
    'no-model',
    sentence`no-settings-at-address: There is no ${{ file: settingsFile }} at this address.`,
    'Give the address of the folder that holds the model’s files, as they are sent and not as a page about them. Where its publisher asks for an account, fetch the files there by hand, then choose their folder.',
    url,
  );
}

function emptyFile(cause: Error): BedsideError {
  return new BedsideError(
    'invalid-model',
    sentence`empty-file-on-server: A file of the model is empty on the server.`,
    'The folder may be incomplete. Get the model from another place.',
    cause,
  );
}

function tooLarge(address: string): BedsideError {
  return new BedsideError(
    'invalid-model',
    sentence`settings-file-too-large: A file of settings is far larger than it can be.`,
    'Check the address: the folder is not that of a model that can be converted.',
    address,
  );
}

function endedShort(): BedsideError {
  return new BedsideError(
    'network',
    sentence`connection-breaks-again: The connection to the server breaks again and again.`,
    'Check the connection, then try again.',
  );
}
