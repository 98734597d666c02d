import type { KernelSpec } from '../../device/kernel-spec.ts';
import type { KernelRow } from '../../types/device-test.ts';
import type {
  KernelCase,
  KernelEntry,
  KernelNeeds,
  KernelProblem,
  KernelTarget,
  TimingScale,
} from './kernel-entry.ts';

const groups: readonly KernelRow['group'][] = ['products', 'language', 'attention', 'vision'];

const found = import.meta.glob<KernelEntry | undefined>('./entries/*.ts', { eager: true, import: 'kernel' });

/** Every kernel of `entries/`, group by group, each after those that its problem rests on. */
export const kernels: readonly KernelEntry[] = inOrder(
  Object.entries(found).map(([path, entry]) => {
    if (!entry) throw new Error(`${path} exports no kernel`);
    return entry;
  }),
);

/** Exported for its test. */
export function inOrder(entries: readonly KernelEntry[]): KernelEntry[] {
  const byId = new Map(entries.map(entry => [entry.id, entry]));
  if (byId.size < entries.length) throw new Error('Two kernels have one id.');
  const ordered = new Set<KernelEntry>();
  const add = (entry: KernelEntry, below: readonly KernelEntry[]) => {
    if (below.includes(entry)) throw new Error(`The problem of ${entry.id} rests on itself.`);
    for (const id of entry.restsOn) {
      const other = byId.get(id);
      if (!other) throw new Error(`The problem of ${entry.id} rests on ${id}, which is no kernel.`);
      add(other, [...below, entry]);
    }
    ordered.add(entry);
  };
  for (const group of groups) for (const entry of entries) if (entry.group === group) add(entry, []);
  return [...ordered];
}

/** All that these models launch on such a device. */
export function kernelSpecs(needs: KernelNeeds, target: KernelTarget): KernelSpec[] {
  return kernels.flatMap(entry => entry.specs(needs, target).map(({ spec }) => spec));
}

/** The small problems of all that they launch. */
export function kernelProblems(needs: KernelNeeds): KernelProblem[] {
  return kernels.flatMap(entry => entry.problems(needs));
}

/** What the benchmark times. */
export function kernelCases(needs: KernelNeeds, scale: TimingScale): KernelCase[] {
  return kernels.flatMap(entry => entry.cases(needs, scale));
}
