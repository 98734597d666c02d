/** Terms of use of models that the reader has accepted: which, in which version, and when. */
import { isRawObject } from './raw-object.ts';
import { type FieldReaders, readFields, text, time } from './record-fields.ts';

export interface Acceptance {
  id: string;
  version: string;
  /** Milliseconds since 1970. */
  at: number;
}

export type AcceptedTerms = readonly Acceptance[];

const fields: FieldReaders<Acceptance> = { id: text, version: text, at: time };

/** What cannot be read was not accepted. */
export function readAcceptedTerms(stored: unknown): AcceptedTerms {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((each: unknown) => {
    if (!isRawObject(each)) return [];
    const { id, version, at } = readFields<Acceptance>(each, fields).fields;
    return id !== undefined && version !== undefined && at !== undefined ? [{ id, version, at }] : [];
  });
}

/** Every version that was ever accepted stays on record; the first time counts. */
export function withAcceptedTerms(accepted: AcceptedTerms, added: Acceptance): AcceptedTerms {
  const isThere = accepted.some(({ id, version }) => id === added.id && version === added.version);
  return isThere ? accepted : [...accepted, added];
}
