import { access } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { CheckpointFolder } from '../../engine/convert/checkpoint-folder.ts';
import { requireWholeCheckpoint } from '../../engine/convert/checkpoint-listing.ts';
import { type GgufPlan, listReads } from '../../engine/convert/gguf-stream.ts';
import { modelFolderName } from '../../engine/convert/model-folder-name.ts';
import { BedsideError } from '../../engine/errors.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import { sentence } from '../../engine/sentence.ts';
import { openRemoteCheckpoint } from '../../worker/remote/remote-checkpoint.ts';
import { defaultRetryPolicy } from '../../worker/remote/retry-policy.ts';
import { fileSource } from './file-source.ts';

/** A checkpoint's folder, on this machine or on a server. */
export interface OpenedCheckpoint {
  /** What the GGUF files will say that the model is called. */
  name: string;
  folder: CheckpointFolder;
  /** To be called before a file is written. */
  expect(plan: GgufPlan): void;
  close(): Promise<void>;
}

/**
 * @param place a path, or an address that begins with http:// or https://
 * @throws BedsideError `no-model`, of an address also `network` and `aborted`
 */
export function openCheckpoint(place: string, signal: AbortSignal): Promise<OpenedCheckpoint> {
  return /^https?:\/\//.test(place) && URL.canParse(place) ? openAddress(place, signal) : openFolder(place);
}

export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function openAddress(place: string, signal: AbortSignal): Promise<OpenedCheckpoint> {
  const url = place.endsWith('/') ? place : `${place}/`;
  const folder = await openRemoteCheckpoint(url, {
    network: { fetch: (address, init) => fetch(address, init), isOnline: () => true },
    signal,
    retry: defaultRetryPolicy,
    onNotice: () => process.stderr.write('Nothing comes from the server; trying again.\n'),
  });
  await requireWholeCheckpoint(folder);
  return {
    name: modelFolderName(url),
    folder,
    expect: plan => folder.expect?.(listReads(plan, 0, plan.bytes)),
    close: async () => undefined,
  };
}

/** Each file is opened once and stays open until `close`. */
async function openFolder(path: string): Promise<OpenedCheckpoint> {
  const directory = resolve(path);
  if (!(await isThere(directory))) {
    throw new BedsideError(
      'no-model',
      sentence`no-such-folder: There is no folder ${{ path: directory }}.`,
      'Check the path.',
    );
  }
  const opened = new Map<string, ByteSource & { close(): Promise<void> }>();
  return {
    name: basename(directory),
    folder: {
      async open(name) {
        const known = opened.get(name);
        if (known !== undefined) return known;
        const file = join(directory, name);
        if (!(await isThere(file))) return undefined;
        const source = await fileSource(file);
        opened.set(name, source);
        return source;
      },
    },
    expect: () => undefined,
    async close() {
      for (const source of opened.values()) await source.close();
    },
  };
}
