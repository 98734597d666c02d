import { isInRange } from '../engine/sampling/validate-sampling.ts';
import {
  type ActivationBits,
  activationBits,
  type DeviceChoice,
  defaultDeviceWish,
  deviceChoices,
} from '../engine/types/device-choice.ts';
import { type Precision, precisions } from '../engine/types/precision.ts';
import { greedySampling, type SamplingSettings } from '../engine/types/sampling.ts';
import {
  defaultTiling,
  type TilingMode,
  type TilingPreset,
  type TilingSettings,
} from '../engine/types/tiling.ts';
import type { TuningUse } from '../engine/types/tuning.ts';
import { type AcceptedSlow, readAcceptedSlow } from './accepted-slow.ts';
import { type AcceptedTerms, readAcceptedTerms } from './accepted-terms.ts';
import { type AskedAsByFile, readAskedAs } from './asked-as.ts';
import { type Database, openDatabase } from './database.ts';
import { type Preset, readPresets } from './presets.ts';
import { isRawObject, type RawObject } from './raw-object.ts';
import { readOwnTemplates, type TaskTemplate } from './task-templates.ts';

export type Theme = 'system' | 'light' | 'dark';

export const tilingModes: readonly TilingMode[] = ['msac', 'dynamic', 'single'];

export const tilingPresets: readonly TilingPreset[] = [
  'demo',
  'default_eval',
  'ocrbench',
  'docvqa',
  'infovqa',
  'chartqa',
  'ccbench',
  'realworldqa',
  'mme',
];

/** In which form answers are copied. */
export const copyForms = ['markdown', 'text', 'rich'] as const;
export type CopyForm = (typeof copyForms)[number];

export interface Settings {
  v: 1;
  theme: Theme;
  /** The catalogue's id of the model used last; null until there was one. */
  modelId: string | null;
  /** How the reader wants words to be chosen; null leaves it to the model. */
  sampling: SamplingSettings | null;
  maxTokens: number;
  /** How long a model may think before it answers, in tokens; the answer comes on top. */
  thoughtTokens: number;
  precision: Precision;
  /** The default of `precision` when these were stored: an 'f32' of a time with another one may never have been chosen. */
  precisionDefault: 'f16';
  /** The longest conversation that a model is loaded for, in tokens; 0 leaves it to the catalogue. */
  contextTokens: number;
  /** What computes the answers. */
  device: DeviceChoice;
  /** Of products on a processor. */
  activationBits: ActivationBits;
  /** Which forms of the kernels compute: those found fastest on the device, or the standard ones. */
  kernelForms: TuningUse;
  /** What the note said that was closed: where no GPU answers, what does. It comes back where it says something else. */
  closedDeviceNote: string | null;
  /** How images are cut into tiles. */
  tiling: TilingSettings;
  /** Drop about half of the detailed image tokens: faster, with less detail. */
  compressImages: boolean;
  /** The browser checks the spelling of what is typed; some browsers send it away for that. */
  spellCheck: boolean;
  /** The form in which an answer was copied last. */
  copyForm: CopyForm;
  /** Answers are copied with model, hash, date and notice. */
  copyProvenance: boolean;
  /** A hidden page frees the model's memory after so many minutes without an answer; 0 is never. */
  restMinutes: number;
  /** How the reader wants single models to be asked. */
  askedAs: AskedAsByFile;
  /** Models that answer slowly on this device and are wanted all the same. */
  acceptedSlow: AcceptedSlow;
  /** Terms of use of models that the reader has accepted. */
  acceptedTerms: AcceptedTerms;
  /** Templates of questions that the reader made. */
  ownTemplates: readonly TaskTemplate[];
  /** Presets that the reader made. */
  ownPresets: readonly Preset[];
  /** The demonstration models that come with the site have been stored once, so that they work offline. */
  hasOfflineCopies: boolean;
  /** What the air gap was last switched to. The service worker decides; this outlives what it keeps. */
  airGap: boolean;
  /** Version of the notice that the reader has acknowledged; 0 for none. */
  acknowledgedNotice: number;
}

export const defaultSettings: Settings = {
  v: 1,
  theme: 'system',
  modelId: null,
  sampling: null,
  maxTokens: 400,
  thoughtTokens: 1024,
  precision: 'f16',
  precisionDefault: 'f16',
  contextTokens: 0,
  ...defaultDeviceWish,
  kernelForms: 'chosen',
  closedDeviceNote: null,
  tiling: defaultTiling,
  compressImages: false,
  spellCheck: false,
  copyForm: 'markdown',
  copyProvenance: false,
  restMinutes: 15,
  askedAs: {},
  acceptedSlow: [],
  acceptedTerms: [],
  ownTemplates: [],
  ownPresets: [],
  hasOfflineCopies: false,
  airGap: false,
  acknowledgedNotice: 0,
};

/** Makes settings of whatever was stored: each field that is not valid takes its default. */
export function readSettings(record: unknown): Settings {
  const raw: RawObject = isRawObject(record) ? record : {};
  return {
    v: 1,
    theme: oneOf(raw.theme, ['system', 'light', 'dark'], defaultSettings.theme),
    modelId: typeof raw.modelId === 'string' && raw.modelId !== '' ? raw.modelId : null,
    sampling: readSampling(raw.sampling),
    maxTokens: wholeFrom(1, raw.maxTokens, defaultSettings.maxTokens),
    thoughtTokens: wholeFrom(1, raw.thoughtTokens, defaultSettings.thoughtTokens),
    precision: readPrecision(raw),
    precisionDefault: 'f16',
    contextTokens: wholeFrom(0, raw.contextTokens, defaultSettings.contextTokens),
    device: oneOf(raw.device, deviceChoices, defaultSettings.device),
    activationBits: oneOf(raw.activationBits, activationBits, defaultSettings.activationBits),
    kernelForms: oneOf(raw.kernelForms, ['chosen', 'defaults'], defaultSettings.kernelForms),
    closedDeviceNote: typeof raw.closedDeviceNote === 'string' ? raw.closedDeviceNote : null,
    tiling: readTiling(raw.tiling),
    compressImages: typeof raw.compressImages === 'boolean' && raw.compressImages,
    spellCheck: raw.spellCheck === true,
    copyForm: oneOf(raw.copyForm, copyForms, defaultSettings.copyForm),
    copyProvenance: raw.copyProvenance === true,
    restMinutes: wholeFrom(0, raw.restMinutes, defaultSettings.restMinutes),
    askedAs: readAskedAs(raw.askedAs),
    acceptedSlow: readAcceptedSlow(raw.acceptedSlow),
    acceptedTerms: readAcceptedTerms(raw.acceptedTerms),
    ownTemplates: readOwnTemplates(raw.ownTemplates),
    ownPresets: readPresets(raw.ownPresets),
    hasOfflineCopies: raw.hasOfflineCopies === true,
    airGap: raw.airGap === true,
    acknowledgedNotice: wholeFrom(0, raw.acknowledgedNotice, defaultSettings.acknowledgedNotice),
  };
}

/**
 * 32 bits were the default of earlier versions, which stored it with every other setting, whether the reader had chosen it or
 * not; what differs from it was chosen.
 */
function readPrecision({ precision, precisionDefault }: RawObject): Precision {
  const isOldDefault = precision === 'f32' && precisionDefault !== 'f16';
  return isOldDefault ? defaultSettings.precision : oneOf(precision, precisions, defaultSettings.precision);
}

function readTiling(stored: unknown): TilingSettings {
  const raw: RawObject = isRawObject(stored) ? stored : {};
  return {
    mode: oneOf(raw.mode, tilingModes, defaultTiling.mode),
    preset: oneOf(raw.preset, tilingPresets, defaultTiling.preset),
  };
}

const samplingFields = Object.keys(greedySampling) as (keyof SamplingSettings)[];

/** Field by field, by the engine's own rules: a stored value must not make every answer fail. */
function readSampling(stored: unknown): SamplingSettings | null {
  if (!isRawObject(stored)) return null;
  const sampling = { ...greedySampling };
  for (const name of samplingFields) {
    const value = stored[name];
    if (isInRange(name, value)) sampling[name] = value;
  }
  return isDefaultOfEarlierVersions(stored, sampling) ? null : sampling;
}

/** They stored their default with every other setting, whether the reader had chosen it or not, and knew no window. */
function isDefaultOfEarlierVersions(stored: RawObject, read: SamplingSettings): boolean {
  return (
    stored.repetitionWindow === undefined && samplingFields.every(name => read[name] === greedySampling[name])
  );
}

function wholeFrom(min: number, value: unknown, fallback: number): number {
  return Number.isSafeInteger(value) && (value as number) >= min ? (value as number) : fallback;
}

function oneOf<T extends string | number>(value: unknown, allowed: readonly T[], fallback: T): T {
  return allowed.find(option => option === value) ?? fallback;
}

export interface SettingsStore {
  /** Whatever was stored is made valid. Rejects with 'storage-unavailable' only. */
  loadSettings(): Promise<Settings>;
  /** Writes these alone: another tab may have changed others meanwhile. */
  saveSettings(changes: Partial<Settings>): Promise<void>;
}

const settingsKey = 'settings';
/** What is changed here while the settings are those of a later version, which are left as they are. */
const besideLaterKey = 'settings/beside-later';

export function createSettingsStore(database: Database = openDatabase('bedside-settings')): SettingsStore {
  return {
    async loadSettings() {
      const [stored, beside] = await database.getMany([settingsKey, besideLaterKey]);
      return isOfLaterVersion(stored)
        ? readSettings({ ...stored, ...asObject(beside) })
        : readSettings(stored);
    },
    saveSettings: changes =>
      database.update([settingsKey, besideLaterKey], ([stored, beside]) =>
        isOfLaterVersion(stored)
          ? [[besideLaterKey, { ...asObject(beside), ...changes }]]
          : [[settingsKey, { ...readSettings(stored), ...changes }]],
      ),
  };
}

const isOfLaterVersion = (record: unknown): record is RawObject =>
  isRawObject(record) && typeof record.v === 'number' && record.v > 1;

const asObject = (record: unknown): RawObject => (isRawObject(record) ? record : {});
