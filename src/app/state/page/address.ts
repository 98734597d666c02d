/**
 * Where a conversation is found: the part of the address behind "#", so that it works under every path of every static host
 * and is sent to none. `#/c/ID`; an empty new chat has none.
 */
const prefix = '#/c/';

export type Address =
  | { kind: 'none' }
  | { kind: 'conversation'; id: string }
  /** It looks like an address of this page and names nothing. */
  | { kind: 'malformed' }
  /** Of something else, as the link to the question's field. */
  | { kind: 'other' };

export function readAddress(hash: string): Address {
  if (hash === '' || hash === '#' || hash === '#/') return { kind: 'none' };
  if (!hash.startsWith('#/')) return { kind: 'other' };
  const id = hash.slice(prefix.length);
  const isId = hash.startsWith(prefix) && /^[\w-]{1,64}$/.test(id);
  return isId ? { kind: 'conversation', id } : { kind: 'malformed' };
}

export function addressOf(conversationId: string): string {
  return `${prefix}${conversationId}`;
}
