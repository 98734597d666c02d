import type { FileClaim } from '../../client/index.ts';

/**
 * Which model of the catalogue a file is or may be; null where nothing is known of that. `isHere`: false of a file that is still to be
 * fetched, and complete only with the hash that it is said to have.
 */
export function claimInWords(claim: FileClaim, isHere: boolean): string | null {
  if (claim.by === 'hash') {
    return isHere
      ? `This is ${claim.entry.name}: its SHA-256 is the one that is known of it.`
      : `This is ${claim.entry.name}, if it has the SHA-256 that it is said to have: without it, it does not become complete.`;
  }
  if (claim.by === 'none') return null;
  const names = claim.entries.map(({ name }) => name).join(' or ');
  return `It looks like ${names}: architecture, shape and vocabulary are the same. Other models made from the same one look so too; only its hash would prove it.`;
}
