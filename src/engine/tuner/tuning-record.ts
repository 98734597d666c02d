import type { EngineDevice } from '../device/device.ts';
import { classKey, type KernelChoices, type LaunchClass } from '../device/kernel-choices.ts';
import type { BadCandidate, TunedClass, TunedDevice, TuningRecord } from '../types/tuning.ts';

/** What the device, its browser and the variant that its self-test left tell. */
export function tunedDevice({ report, variant }: EngineDevice, browser: string): TunedDevice {
  const { details } = report;
  const features = Object.entries(variant).flatMap(([name, value]) => (value === true ? [name] : []));
  return {
    vendor: details?.vendor ?? '',
    architecture: details?.architecture ?? '',
    description: details?.description ?? '',
    subgroupSizes: [...(details?.subgroupSizes ?? [])],
    features: features.sort(),
    maxSharedBytes: details?.maxSharedBytes ?? 0,
    browser,
  };
}

/** The record where it is of this device; else one in which nothing stands. */
export function recordFor(device: TunedDevice, record: TuningRecord | undefined): TuningRecord {
  if (record && JSON.stringify(inOrder(record.device)) === JSON.stringify(inOrder(device))) return record;
  return { v: 1, device, classes: [], bad: [], finished: [], readGBps: null };
}

function inOrder(device: TunedDevice): unknown[] {
  const { vendor, architecture, description, subgroupSizes, features, maxSharedBytes, browser } = device;
  return [vendor, architecture, description, subgroupSizes, features, maxSharedBytes, browser];
}

/** Without what was found of kernels that are composed otherwise now. `codes`: by kind, of the kinds that are known. */
export function withoutOldCode(record: TuningRecord, codes: ReadonlyMap<string, string>): TuningRecord {
  const isCurrent = ({ kind, code }: { kind: string; code: string }) => (codes.get(kind) ?? code) === code;
  const classes = record.classes.filter(isCurrent);
  const isChanged = classes.length < record.classes.length;
  return {
    ...record,
    classes,
    bad: record.bad.filter(isCurrent),
    finished: isChanged ? [] : record.finished,
  };
}

export function withClass(record: TuningRecord, found: TunedClass): TuningRecord {
  const others = record.classes.filter(each => classKey(each) !== classKey(found));
  return { ...record, classes: [...others, found] };
}

/** A bad candidate is chosen nowhere any more: its classes are to be timed again, without it. */
export function withBad(record: TuningRecord, found: BadCandidate): TuningRecord {
  const { kind, name } = found;
  const others = record.bad.filter(each => each.kind !== kind || each.name !== name);
  const classes = record.classes.filter(each => each.kind !== kind || each.chosen !== name);
  const isChanged = classes.length < record.classes.length;
  return { ...record, classes, bad: [...others, found], finished: isChanged ? [] : record.finished };
}

export function classOf(record: TuningRecord, of: LaunchClass): TunedClass | undefined {
  return record.classes.find(each => classKey(each) === classKey(of));
}

export function isBad(record: TuningRecord, kind: string, name: string): boolean {
  return record.bad.some(each => each.kind === kind && each.name === name);
}

export function choicesOf(classes: readonly TunedClass[]): KernelChoices {
  return Object.fromEntries(classes.map(each => [classKey(each), each.chosen]));
}
