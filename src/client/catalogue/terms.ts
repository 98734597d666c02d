/** Terms of use that have to be accepted before a model is fetched or opened, and passed on with every copy of it. */
import type { ModelIdentity } from '../../engine/types/model-identity.ts';
import type { AcceptedTerms } from '../../storage/accepted-terms.ts';

export const termsIds = ['hai-def', 'gemma'] as const;
export type TermsId = (typeof termsIds)[number];

export interface TermsOfUse {
  id: TermsId;
  /** As the terms date themselves: another version has to be accepted anew. */
  version: string;
  name: string;
  /** The sentence that the terms want with every copy, in their words. */
  notice: string;
  address: string;
  /** Of the policy of prohibited uses, which is part of the terms. */
  policyAddress: string;
  /** What they bind the reader to, in plain words. */
  binds: readonly string[];
}

const shared = [
  'Nobody may use the model for what the policy of prohibited uses names.',
  'Whoever passes the model on, changed or not, passes these terms on with it, as binding ones, and marks files that were changed.',
];

const knownTerms: Readonly<Record<TermsId, TermsOfUse>> = {
  'hai-def': {
    id: 'hai-def',
    version: '15 November 2024',
    name: 'Health AI Developer Foundations Terms of Use',
    notice:
      'HAI-DEF is provided under and subject to the Health AI Developer Foundations Terms of Use found at https://developers.google.com/health-ai-developer-foundations/terms',
    address: 'https://developers.google.com/health-ai-developer-foundations/terms',
    policyAddress: 'https://developers.google.com/health-ai-developer-foundations/prohibited-use-policy',
    binds: [
      ...shared,
      'Where a use needs the leave of a health authority, whoever uses it so has to get it; nothing makes Google the maker of a medical device.',
    ],
  },
  gemma: {
    id: 'gemma',
    version: '1 April 2026',
    name: 'Gemma Terms of Use',
    notice:
      'Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms',
    address: 'https://ai.google.dev/gemma/terms',
    policyAddress: 'https://ai.google.dev/gemma/prohibited_use_policy',
    binds: shared,
  },
};

/** What a model is told by: an entry, or what a file says of itself. */
export interface TermsSubject {
  terms?: TermsId | undefined;
  name: string;
  identity?: Pick<ModelIdentity, 'architecture' | 'licence' | 'licenceAddress' | 'name'> | undefined;
}

/**
 * The terms that a model is under; undefined where there are none to accept here. Of a file by what it says: MedGemma by its name or
 * licence, and every other model of Gemma's architecture, which is made from Gemma.
 */
export function termsOf({ terms, name, identity }: TermsSubject): TermsOfUse | undefined {
  if (terms) return knownTerms[terms];
  if (!identity) return undefined;
  const words = [name, identity.name, identity.licence, identity.licenceAddress].join(' ').toLowerCase();
  if (/medgemma|health[- ]ai[- ]developer[- ]foundations|hai-def/.test(words)) return knownTerms['hai-def'];
  const isGemma = /^gemma/.test(identity.architecture) || /\bgemma\b/.test(identity.licence ?? '');
  return isGemma ? knownTerms.gemma : undefined;
}

/** What an answer says of the model that wrote it. */
export interface AnswerWriter {
  model?: string | undefined;
  identity?: { terms?: string | undefined; looksLike?: string | undefined } | undefined;
}

/** The terms of the model that wrote an answer; of answers that do not say them, by its names. */
export function termsOfAnswer({ model = '', identity = {} }: AnswerWriter): TermsOfUse | undefined {
  const id = termsIds.find(each => each === identity.terms);
  return id ? knownTerms[id] : termsOf(subjectOfNames(model, [identity.looksLike ?? '']));
}

/**
 * Files of which nothing is known but what they, their folder or their address are called: whoever names Gemma there is asked for
 * Gemma's terms.
 */
export function subjectOfNames(name: string, names: readonly string[]): TermsSubject {
  const words = names.join(' ');
  return {
    name,
    identity: { name: words, architecture: /gemma/i.test(`${name} ${words}`) ? 'gemma' : 'unknown' },
  };
}

/** When this version was accepted, in milliseconds since 1970; undefined where it was not. */
export function acceptedAt({ id, version }: TermsOfUse, accepted: AcceptedTerms): number | undefined {
  return accepted.find(each => each.id === id && each.version === version)?.at;
}

/** What goes with every copy of a model: the notice, the terms, and that its files are not as they were published. */
export function noticeFile(
  terms: TermsOfUse,
  { name, isConverted }: { name: string; isConverted: boolean },
): string {
  return [
    terms.notice,
    '',
    `Model: ${name}`,
    `Terms: ${terms.name}, ${terms.version}: ${terms.address}`,
    `Prohibited uses: ${terms.policyAddress}`,
    '',
    'These terms bind whoever receives this copy:',
    ...terms.binds.map(each => `- ${each}`),
    '',
    isConverted
      ? 'Modified files: Bedside converted them from the published checkpoint to GGUF, and rounded their numbers where the name of the file says so.'
      : 'Files as they were when they were added to Bedside. Files in the format GGUF were converted by whoever made them: they are modified files.',
    'Not validated for diagnosis or treatment.',
    '',
  ].join('\n');
}

/** The terms that are in the way of fetching or opening a model. */
export function lacksAcceptance(subject: TermsSubject, accepted: AcceptedTerms): TermsOfUse | undefined {
  const terms = termsOf(subject);
  return terms && acceptedAt(terms, accepted) === undefined ? terms : undefined;
}
