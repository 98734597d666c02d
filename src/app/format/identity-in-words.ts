import type { ModelIdentity } from '../../client/index.ts';
import { formatBytes, formatCount, formatParameters } from './quantities.ts';

/** A fact of a model; `isQuoted`: in the words of whoever made the file, in whatever direction they are written. */
export interface IdentityFact {
  term: string;
  value: string;
  isQuoted?: boolean;
}

/** What a model file says of itself, without what it does not say. Its name is left to whoever shows it. */
export function identityFacts(identity: ModelIdentity): IdentityFact[] {
  const { publisher, bases, finetune, licence, languages, address, sha256 } = identity;
  const { architecture, parameterCount, sizeLabel, quantisation, fileBytes, contextTokens } = identity;
  const facts: IdentityFact[] = [];
  const add = (term: string, value: string | undefined, isQuoted = false) => {
    if (value) facts.push({ term, value, ...(isQuoted ? { isQuoted } : {}) });
  };
  add('Publisher', publisher, true);
  add('Made from', bases?.join(', '), true);
  add('Fine-tuned', finetune, true);
  const label = sizeLabel === undefined ? '' : ` (“${sizeLabel}”)`;
  add('Size', `${formatParameters(parameterCount)} parameters${label}, ${formatBytes(fileBytes)}`);
  add('Number format', quantisation);
  add('Architecture', architecture, true);
  add('Context', contextTokens === null ? 'not said' : `${formatCount(contextTokens)} tokens`);
  add('Languages', languages?.map(languageInWords).join(', '), true);
  add('Licence', licenceInWords(identity), licence !== undefined);
  add('Where from', address, true);
  add('SHA-256', sha256?.join(', '));
  return facts;
}

/** "apache-2.0, https://...", by the file's own word. */
export function licenceInWords({
  licence,
  licenceAddress,
}: Pick<ModelIdentity, 'licence' | 'licenceAddress'>) {
  return [licence ?? 'not said', licenceAddress].filter(Boolean).join(', ');
}

/** "en" as English; what is no code of a language stays as it is written. */
export function languageInWords(code: string): string {
  if (!code) return code;
  try {
    return new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' }).of(code) ?? code;
  } catch {
    return code;
  }
}
