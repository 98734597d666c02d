/**
 * The model files of a repository on a hub, by the interface that huggingface.co documents (GET /api/models/ID/tree/REVISION) and
 * its mirrors answer as well. Pages are named by the header `Link`.
 */
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { Network } from '../remote/network.ts';
import { unreachable } from '../remote/range-request.ts';
import type { HubFile, HubRepository } from './library-messages.ts';

/** Of a repository with more pages than a person would choose from, these. */
const mostPages = 20;

/** Rejects with 'network'. */
export async function listHubFiles(repository: HubRepository, network: Network): Promise<HubFile[]> {
  const files: HubFile[] = [];
  let url: string | undefined = treeUrl(repository);
  for (let page = 0; url !== undefined && page < mostPages; page++) {
    const response: Response = await ask(url, network);
    files.push(...readFiles(await response.json().catch(() => undefined)));
    url = nextPage(response.headers.get('Link'), repository.origin);
  }
  return files;
}

function treeUrl({ origin, id, revision }: HubRepository): string {
  return `${origin}/api/models/${id}/tree/${encodeURIComponent(revision)}?recursive=true`;
}

async function ask(url: string, network: Network): Promise<Response> {
  let response: Response;
  try {
    response = await network.fetch(url, { cache: 'no-store', credentials: 'omit' });
  } catch (thrown) {
    throw unreachable(thrown);
  }
  if (response.ok) return response;
  await response.body?.cancel().catch(() => undefined);
  throw refusal(response.status);
}

/** Only on the same server: another one was not named by the reader. */
function nextPage(link: string | null, origin: string): string | undefined {
  const [, url = ''] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  return url.startsWith(`${origin}/`) ? url : undefined;
}

function readFiles(body: unknown): HubFile[] {
  if (!Array.isArray(body)) throw notAHub();
  return body.flatMap(entry => {
    const { type, path, size, lfs } = Object(entry) as Record<string, unknown>;
    if (type !== 'file' || typeof path !== 'string' || !/\.gguf$/i.test(path)) return [];
    if (!Number.isSafeInteger(size) || (size as number) < 1) return [];
    const { oid } = Object(lfs) as Record<string, unknown>;
    const isHash = typeof oid === 'string' && /^[0-9a-f]{64}$/.test(oid);
    return [{ path, bytes: size as number, ...(isHash ? { sha256: oid } : {}) }];
  });
}

function refusal(status: number): BedsideError {
  if (status === 401 || status === 403) {
    return new BedsideError(
      'network',
      sentence`repository-needs-account: This repository cannot be read without an account: it is private, does not exist, or asks for an agreement first.`,
      'Check the name. Otherwise fetch the file at its publisher by hand, then add it from the drive.',
    );
  }
  if (status === 404) {
    return new BedsideError(
      'network',
      sentence`no-such-repository: There is no such repository, or not this version of it.`,
      'Check the address, and try again.',
    );
  }
  return new BedsideError(
    'network',
    sentence`server-did-not-list-files: The server did not list its files: it answered ${{ status: String(status) }}.`,
    'Try again later, or enter the address of the file itself.',
  );
}

function notAHub(): BedsideError {
  return new BedsideError(
    'network',
    sentence`server-sent-no-list: The server did not send a list of files.`,
    'Enter the address of the file itself.',
  );
}
