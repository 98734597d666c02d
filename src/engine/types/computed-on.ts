import { type DeviceReport, unnamedAdapter } from './device.ts';
import type { ActivationBits, DeviceKind } from './device-choice.ts';

/** What computed an answer, as much of it as is kept with it. */
export interface ComputedOn {
  kind: DeviceKind;
  /** Of a GPU: its own name, where the browser tells it. */
  adapter?: string;
  /** Of a processor, as of here on. */
  threads?: number;
  activationBits?: ActivationBits;
}

export function computedOn({ kind, adapter, processor }: DeviceReport): ComputedOn {
  if (kind === 'gpu') return adapter === unnamedAdapter ? { kind } : { kind, adapter };
  if (!processor) return { kind };
  const { threads, activationBits } = processor;
  return { kind, threads, activationBits };
}

export function isSameComputer(one: ComputedOn, other: ComputedOn): boolean {
  return (
    one.kind === other.kind &&
    one.adapter === other.adapter &&
    one.threads === other.threads &&
    one.activationBits === other.activationBits
  );
}
