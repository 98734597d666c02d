import type { KernelSpec } from '../../device/kernel-spec.ts';
import { readSpec } from '../bench-read.ts';
import type { KernelEntry, KernelTarget } from './kernel-entry.ts';
import { allNeeds } from './known-models.ts';
import { kernels } from './registry.ts';

/** Every kind of device for which kernels are compiled differently. */
export const targets: Readonly<Record<string, KernelTarget>> = {
  'GPU with subgroups': {
    variant: { subgroups: true, f16: true, gpu: true, subgroupMinSize: 32 },
    isSoftware: false,
  },
  'GPU with small subgroups': {
    variant: { subgroups: true, f16: true, gpu: true, subgroupMinSize: 8 },
    isSoftware: false,
  },
  'GPU without subgroups': { variant: { subgroups: false, f16: true, gpu: true }, isSoftware: false },
  'GPU with small forms': {
    variant: { subgroups: false, f16: true, gpu: true, small: true },
    isSoftware: false,
  },
  'GPU with small forms and subgroups': {
    variant: { subgroups: true, f16: true, gpu: true, subgroupMinSize: 32, small: true },
    isSoftware: false,
  },
  'processor, 4 lanes': { variant: { subgroups: true, f16: true, lanes: 4 }, isSoftware: true },
  'processor, 8 lanes': { variant: { subgroups: true, f16: true, lanes: 8 }, isSoftware: true },
  'processor without subgroups': { variant: { subgroups: false, f16: true }, isSoftware: true },
  'processor with small forms': { variant: { subgroups: false, f16: true, small: true }, isSoftware: true },
};

/** Those whose limits are below WebGPU's defaults. */
export const smallTargets = Object.fromEntries(
  Object.entries(targets).filter(([, { variant }]) => variant.small),
);

/** A pipeline by a name that no other has. */
export interface NamedPipeline {
  name: string;
  spec: KernelSpec;
}

/** Every distinct pipeline that the product can build on these devices, for whatever model, with whatever was chosen; and the tuner's. */
export function everyPipeline(
  entries: readonly KernelEntry[] = kernels,
  on: Readonly<Record<string, KernelTarget>> = targets,
): NamedPipeline[] {
  const needs = allNeeds();
  const distinct = new Map<string, { spec: KernelSpec; form: string; candidate: string; target: string }>();
  for (const [target, each] of Object.entries(on)) {
    const defaults = entries
      .flatMap(entry => entry.specs(needs, each))
      .map(one => ({ ...one, candidate: '' }));
    const chosen = entries.flatMap(entry => entry.candidateSpecs(needs, each));
    const timing = { form: '', candidate: '', spec: readSpec };
    for (const { form, candidate, spec } of [...defaults, ...chosen, timing]) {
      const key = `${spec.entryPoint} ${JSON.stringify(spec.constants)} ${spec.code}`;
      if (!distinct.has(key)) distinct.set(key, { spec, form, candidate, target });
    }
  }
  const groupOf = ({ spec, candidate }: { spec: KernelSpec; candidate: string }) =>
    `${spec.label} ${candidate}`;
  const forms = new Map<string, Set<string>>();
  const targetsOf = new Map<string, Set<string>>();
  for (const each of distinct.values()) {
    addTo(forms, groupOf(each), each.form);
    addTo(targetsOf, groupOf(each), each.target);
  }
  return Array.from(distinct.values(), ({ spec, form, candidate, target }) => {
    const group = groupOf({ spec, candidate });
    const words = [
      candidate,
      forms.get(group)!.size > 1 ? form : '',
      targetsOf.get(group)!.size > 1 ? target : '',
    ];
    return { name: [spec.label, ...words].filter(Boolean).join(', '), spec };
  });
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set.add(value));
}
