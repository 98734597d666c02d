import { heldBytes, type PlannedBuffer } from '../device/memory.ts';
import { align } from './heap.ts';

/** Records of launches and parameters, for each buffer that they bind: some ten launches, two stretches each. */
const stretchesPerBuffer = 20;
const stretchBytes = 128;
/** Rows of weights that the launches of one group read of another, the norm of the next layer for example. */
const foreignRows = 16;

/** What one memory will hold of a plan. */
export interface BankLayout {
  buffers: PlannedBuffer[];
  packedBytes: number;
  /** Of the whole memory. */
  bytes: number;
}

export interface BankLimits {
  maxBankBytes: number;
  guardBytes: number;
  /** What each memory has for its threads. */
  ownBytes: number;
  /** Tokens that are packed at a time. */
  blockTokens: number;
}

/**
 * The memories that a plan takes, in one where that is large enough. Otherwise groups are dealt out in order, so that launches
 * seldom change from one memory to another, and each memory has room for its own copy of all that belongs to no group.
 * @returns undefined where a buffer is larger than a memory can be
 */
export function layOutBanks(
  buffers: readonly PlannedBuffer[],
  { maxBankBytes, guardBytes, ownBytes, blockTokens }: BankLimits,
): BankLayout[] | undefined {
  const room = (bytes: number) => align(bytes + guardBytes);
  const roomOf = (some: readonly PlannedBuffer[]) =>
    some.reduce((sum, { bytes }) => sum + room(heldBytes(bytes)), 0);
  // What the host alone reads and writes lies with the host.
  const stored = buffers.filter(({ kind }) => kind === 'storage');
  const packedBytes = Math.max(0, ...stored.map(buffer => packedBytesOf(buffer, blockTokens)));
  const launches = room(stretchBytes) * stretchesPerBuffer;
  const fixed = ownBytes + room(packedBytes);
  const whole = fixed + roomOf(stored) + launches * stored.length;
  if (whole <= maxBankBytes) return [{ buffers: stored, packedBytes, bytes: whole }];

  const working = stored.filter(({ group }) => group === undefined);
  const rowBytes = Math.max(0, ...stored.map(({ rowBytes = 0 }) => rowBytes));
  const inEach = fixed + roomOf(working) + launches * working.length + foreignRows * room(rowBytes);
  const capacity = maxBankBytes - inEach;
  const weightOf = (some: readonly PlannedBuffer[]) => roomOf(some) + launches * some.length;
  const banks: { buffers: PlannedBuffer[]; bytes: number }[] = [{ buffers: [...working], bytes: 0 }];
  const put = (some: readonly PlannedBuffer[]): boolean => {
    const bytes = weightOf(some);
    if (bytes > capacity) return some.length > 1 && some.every(each => put([each]));
    if (banks.at(-1)!.bytes + bytes > capacity) banks.push({ buffers: [], bytes: 0 });
    const bank = banks.at(-1)!;
    bank.buffers.push(...some);
    bank.bytes += bytes;
    return true;
  };
  const groups = new Map<string, PlannedBuffer[]>();
  for (const buffer of stored) {
    if (buffer.group === undefined) continue;
    const group = groups.get(buffer.group);
    if (group) group.push(buffer);
    else groups.set(buffer.group, [buffer]);
  }
  for (const group of groups.values()) if (!put(group)) return undefined;
  return banks.map(({ buffers, bytes }) => ({ buffers, packedBytes, bytes: inEach + bytes }));
}

/** Activations as products read them: eight tokens side by side. */
export function packedBytes(rowBytes: number, tokens: number, blockTokens: number): number {
  return rowBytes * 8 * Math.ceil(Math.min(tokens, blockTokens) / 8);
}

function packedBytesOf({ rowBytes, bytes }: PlannedBuffer, blockTokens: number): number {
  return rowBytes === undefined ? 0 : packedBytes(rowBytes, Math.ceil(bytes / rowBytes), blockTokens);
}
