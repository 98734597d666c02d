/** What was found fastest on a device, read from wherever it was kept. */
import type { BadCandidate, TunedClass, TunedDevice, TuningRecord } from '../engine/types/tuning.ts';
import {
  amount,
  count,
  type FieldReader,
  listOf,
  objectOf,
  oneOf,
  orNull,
  text,
  time,
} from './record-fields.ts';

/** No list or word of a record is nearly as long. */
const most = { items: 1000, characters: 500 };

const word: FieldReader<string> = value => {
  const found = text(value);
  return found !== undefined && found.length <= most.characters ? found : undefined;
};

const few =
  <T>(read: FieldReader<T>): FieldReader<T[]> =>
  value =>
    Array.isArray(value) && value.length <= most.items ? listOf(read)(value) : undefined;

const device = objectOf<TunedDevice>(
  {
    vendor: word,
    architecture: word,
    description: word,
    subgroupSizes: few(count),
    features: few(word),
    maxSharedBytes: count,
    browser: word,
  },
  ['vendor', 'architecture', 'description', 'subgroupSizes', 'features', 'maxSharedBytes', 'browser'],
);

const tunedClass = objectOf<TunedClass>(
  {
    kind: word,
    size: word,
    chosen: word,
    default: word,
    why: oneOf(['timed', 'at-limit', 'too-small', 'lost-device']),
    chosenUs: amount,
    defaultUs: amount,
    code: word,
    at: time,
  },
  ['kind', 'chosen', 'default', 'why', 'chosenUs', 'defaultUs', 'code', 'at'],
);

const badCandidate = objectOf<BadCandidate>(
  {
    kind: word,
    name: word,
    why: oneOf(['not-compiled', 'slow-to-compile', 'wrong', 'unsteady', 'lost-device']),
    code: word,
  },
  ['kind', 'name', 'why', 'code'],
);

/** Whole or not at all: what is not there is measured again. */
export const readTuningRecord: FieldReader<TuningRecord> = objectOf<TuningRecord>(
  {
    v: oneOf([1]),
    device,
    classes: few(tunedClass),
    bad: few(badCandidate),
    finished: few(word),
    readGBps: orNull(amount),
  },
  ['v', 'device', 'classes', 'bad', 'finished', 'readGBps'],
);
