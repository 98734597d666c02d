/** Addresses of a hub that answers as huggingface.co does, as people type and copy them. */
import type { HubRepository } from '../../worker/library/library-messages.ts';

export interface HubAddress {
  repository: HubRepository;
  /** Of a file of it, from its root. */
  path?: string;
}

const hub = 'https://huggingface.co';
const hubHosts = new Set(['huggingface.co', 'www.huggingface.co', 'hf.co', 'www.hf.co']);
/** Not organisations, but rooms of the hub. */
const otherRooms = new Set(['api', 'datasets', 'spaces', 'docs', 'collections', 'papers', 'models']);
const namePattern = /^[A-Za-z0-9][\w.-]*$/;

/**
 * Reads `ORG/NAME`, an address of a repository, or of a folder (/tree/) or a file (/blob/, /resolve/) of it. Other servers than
 * the hub are known as its mirrors by /tree/ or /blob/ alone: what else lies there may be anything. Undefined for all else.
 */
export function readHubAddress(text: string): HubAddress | undefined {
  const typed = text.trim();
  const address = typed.replace(/^(?=(?:www\.)?(?:huggingface\.co|hf\.co)\/)/, 'https://');
  if (!address.includes(':')) return repositoryOf(hub, address.split('/'), true);
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  const isLocal = url.hostname === 'localhost' || url.hostname === '127.0.0.1';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) return undefined;
  const isHub = hubHosts.has(url.hostname);
  return repositoryOf(isHub ? hub : url.origin, url.pathname.split('/').slice(1), isHub);
}

function repositoryOf(origin: string, encoded: string[], isHub: boolean): HubAddress | undefined {
  const parts = decoded(encoded).filter(part => part !== '');
  const [owner = '', name = '', room, revision = 'main', ...path] = parts;
  if (!namePattern.test(owner) || !namePattern.test(name) || otherRooms.has(owner)) return undefined;
  // A file beside the page is no repository: "models/nano.gguf".
  if (room === undefined) {
    const isRepository = isHub && !/\.gguf$/i.test(name);
    return isRepository ? { repository: { origin, id: `${owner}/${name}`, revision } } : undefined;
  }
  const repository = { origin, id: `${owner}/${name}`, revision };
  if (room === 'tree') return { repository };
  if (path.length === 0 || (room !== 'blob' && !(isHub && room === 'resolve'))) return undefined;
  return { repository, path: path.join('/') };
}

function decoded(parts: readonly string[]): string[] {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return [];
  }
}

/** Where a file of a repository is fetched from. */
export function hubFileUrl({ origin, id, revision }: HubRepository, path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `${origin}/${id}/resolve/${encodeURIComponent(revision)}/${encoded}`;
}
