import type { DeviceReport } from '../../client/index.ts';
import type { FactRow } from '../controls/fact-list.tsx';
import { formatBytes } from '../format/quantities.ts';
import type { BrowserFacts } from './browser-facts.ts';

/** What the adapter is and what of it matters to a model, in plain words. */
export function deviceRows({ adapter, isSoftware, details, ...report }: DeviceReport): FactRow[] {
  const rows: FactRow[] = [
    ['Graphics device', details?.description || adapter],
    ['Vendor', details?.vendor || 'not told by this browser'],
    ['Architecture', details?.architecture || 'not told by this browser'],
    ['Kind', isSoftware ? 'software: computes on the processor' : 'GPU'],
    [
      '16-bit numbers',
      report.shaderF16 ? 'yes: the conversation’s memory can be halved' : 'no: 32 or 8 bits are used',
    ],
    ['Subgroups', subgroupsInWords(report.subgroups, details?.subgroupSizes ?? null)],
    ['Largest buffer', formatBytes(report.maxBufferBytes)],
    ['Largest piece of a model in one step', formatBytes(report.maxBindingBytes)],
  ];
  if (!details) return rows;
  return [
    ...rows,
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
    ['Secure address', isSecure ? 'yes' : 'no: the GPU and storage need https:// or localhost'],
    ['Processor threads', processors > 0 ? String(processors) : 'not told by this browser'],
    ['Browser', userAgent],
  ];
}

function persistenceInWords(isPersistent: boolean | null): string {
  if (isPersistent === null) return 'not told by this browser';
  return isPersistent ? 'yes' : 'no: the browser may clear it when the disk is full';
}
