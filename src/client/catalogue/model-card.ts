/** What is known of a model: what it is for, what not, what it learned from, how well it does, where it fails. */
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import { Fields } from './json-fields.ts';

export interface ModelCard {
  name: string;
  /** One sentence that comes before all others. */
  notice: string;
  developer: string;
  /** Absolute URL of what its publisher says. */
  source?: string;
  license: { name: string; attribution: string };
  purpose: { intendedUse: string; intendedUsers: string; outOfScope: string[] };
  training: { data: string };
  evaluationSetting?: string;
  evaluation: { what: string; result: string }[];
  limits: string[];
  /** Of the publisher; SHA-256 (hex) where it is known. */
  files: { name: string; format: string; sha256?: string }[];
}

/** Rejects with 'network' where a card cannot be fetched and with 'internal' where it is not as it should be. */
export async function loadModelCard(
  url: string,
  fetchFile: (url: string) => Promise<Response> = address => fetch(address),
): Promise<ModelCard> {
  let data: unknown;
  try {
    const response = await fetchFile(url);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    data = await response.json();
  } catch (thrown) {
    throw new BedsideError(
      'network',
      sentence`model-card-not-fetched: What is known of this model could not be fetched.`,
      'Check the connection and try again. After the first visit it is kept for use offline.',
      thrown,
    );
  }
  try {
    return readModelCard(data);
  } catch (thrown) {
    throw new BedsideError(
      'internal',
      sentence`model-card-is-damaged: The description of this model that belongs to this copy of Bedside is damaged.`,
      'Reload the page. If it happens again, tell whoever runs this site.',
      thrown,
    );
  }
}

/** Throws a TypeError that names the first field that is wrong. */
export function readModelCard(data: unknown): ModelCard {
  const root = new Fields(data, 'card');
  if (root.number('v') !== 1) throw new TypeError('card.v must be 1');
  const [license, purpose] = [root.object('license'), root.object('purpose')];
  return {
    name: root.string('name'),
    notice: root.string('notice'),
    developer: root.string('developer'),
    ...(root.has('source') ? { source: root.string('source') } : {}),
    license: { name: license.string('name'), attribution: license.string('attribution') },
    purpose: {
      intendedUse: purpose.string('intendedUse'),
      intendedUsers: purpose.string('intendedUsers'),
      outOfScope: purpose.strings('outOfScope'),
    },
    training: { data: root.object('training').string('data') },
    ...(root.has('evaluationSetting') ? { evaluationSetting: root.string('evaluationSetting') } : {}),
    evaluation: listOf(root, 'evaluation').map(row => ({
      what: row.string('what'),
      result: row.string('result'),
    })),
    limits: root.strings('limits'),
    files: listOf(root, 'files').map(file => ({
      name: file.string('name'),
      format: file.string('format'),
      ...(file.has('sha256') ? { sha256: file.string('sha256') } : {}),
    })),
  };
}

const listOf = (fields: Fields, name: string): Fields[] => (fields.has(name) ? fields.objects(name) : []);
