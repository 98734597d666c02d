import type { DeviceReport } from '../../client/index.ts';
import type { FactRow } from '../controls/fact-list.tsx';
import { roundingWords } from '../format/computed-on.ts';
import { formatBytes, formatParameters } from '../format/quantities.ts';
import type { BrowserFacts } from './browser-facts.ts';

/** What computes and what of it matters to a model, in plain words. */
export function deviceRows(report: DeviceReport): FactRow[] {
  return [
    ...(report.kind === 'processor' ? processorRows(report) : adapterRows(report)),
    ['Largest buffer', formatBytes(report.maxBufferBytes)],
    ['Largest piece of a model in one step', formatBytes(report.maxBindingBytes)],
    ...limitRows(report),
  ];
}

function adapterRows({ adapter, isSoftware, details, shaderF16, subgroups }: DeviceReport): FactRow[] {
  return [
    ['Graphics device', details?.description || adapter],
    ['Vendor', details?.vendor || 'not told by this browser'],
    ['Architecture', details?.architecture || 'not told by this browser'],
    ['Kind', isSoftware ? 'software: computes on the processor' : 'GPU'],
    ['16-bit arithmetic', shaderF16 ? 'offered; it is not needed' : 'not offered; it is not needed'],
    ['Subgroups', subgroupsInWords(subgroups, details?.subgroupSizes ?? null)],
  ];
}

function processorRows({ processor }: DeviceReport): FactRow[] {
  const kind: FactRow = ['Kind', 'this device’s processor, through WebAssembly'];
  if (!processor) return [kind];
  const { threads, hasRelaxedSimd, activationBits, rates } = processor;
  return [
    kind,
    ['Threads that compute', String(threads)],
    ['Arithmetic', roundingWords[activationBits]],
    [
      'Multiplies and adds',
      hasRelaxedSimd ? 'in one step (relaxed SIMD)' : 'in two steps: this browser offers plain SIMD',
    ],
    ['Weights a second, in an answer', rateInWords(rates.weightsPerSecond)],
    ['Products a second, in a prompt or image', rateInWords(rates.multiplyAddsPerSecond)],
  ];
}

const rateInWords = (rate: number) => (rate > 0 ? formatParameters(rate) : 'not measured');

function limitRows({ details }: DeviceReport): FactRow[] {
  if (!details) return [];
  const level: FactRow[] =
    details.level === 'compatibility'
      ? [['Level of WebGPU', 'compatibility: kernels in their small forms']]
      : [];
  return [
    ...level,
    ['Clock of the GPU', details.timestampQuery ? 'offered' : 'not offered: times are the browser’s'],
    ['Memory of a workgroup', formatBytes(details.maxSharedBytes)],
    ['Invocations of a workgroup', String(details.maxInvocations)],
  ];
}

function subgroupsInWords(hasThem: boolean, sizes: readonly [number, number] | null): string {
  if (!hasThem) return 'no: sums take a little longer';
  if (!sizes) return 'yes';
  const [least, most] = sizes;
  return `yes, of ${least === most ? least : `${least} to ${most}`}`;
}

export function browserRows(facts: BrowserFacts): FactRow[] {
  const { storage, isPersistent, isSecure, worksOffline, processors, userAgent } = facts;
  return [
    [
      'Storage',
      storage
        ? `${formatBytes(storage.usedBytes)} used of ${formatBytes(storage.quotaBytes)} that the browser allows`
        : 'not told by this browser',
    ],
    ['Kept for good', persistenceInWords(isPersistent)],
    ['Works without a network', worksOffline ? 'yes' : 'not yet: reload the page once'],
    ['Secure address', isSecure ? 'yes' : 'no: computing and storage need https:// or localhost'],
    [
      'Processor threads, by the browser’s word',
      processors > 0 ? String(processors) : 'not told by this browser',
    ],
    ['Browser', userAgent],
  ];
}

function persistenceInWords(isPersistent: boolean | null): string {
  if (isPersistent === null) return 'not told by this browser';
  return isPersistent ? 'yes' : 'no: the browser may clear it when the disk is full';
}
