import type { KernelChoices } from '../../device/kernel-choices.ts';
import { BedsideError } from '../../errors.ts';
import { sentence } from '../../sentence.ts';
import type { Kernel, KernelEntry, KernelProblem, KernelTarget, TimedCase } from './kernel-entry.ts';
import { TestBench } from './test-bench.ts';

/** The entry of a kernel; every file of `entries/` exports one as `kernel`. */
export function defineKernel<Form>(kernel: Kernel<Form>): KernelEntry {
  const { id, group, restsOn = [], timed, processor } = kernel;
  const problemOf = (form: Form): KernelProblem => ({
    group,
    ...kernel.words(form),
    candidates: target => kernel.candidates?.(form, target) ?? [],
    specs: target => kernel.specs(form, target),
    run: bench => kernel.problem(bench, form),
    timed: scale => (timed === 'small problem' ? undefined : timed([form], scale)[0]),
  });
  return {
    id,
    group,
    restsOn,
    processor,
    specs: (needs, target) =>
      kernel.usedBy(needs).flatMap(form => {
        const words = kernel.words(form);
        return kernel.specs(form, target).map(spec => ({ form: words.form, spec }));
      }),
    candidateSpecs: (needs, target) =>
      kernel.usedBy(needs).flatMap(form => {
        const words = kernel.words(form);
        const classes = kernel.candidates?.(form, target) ?? [];
        return classes.flatMap(({ kind, names: [, ...others] }) =>
          others.flatMap(name =>
            kernel
              .specs(form, choosing(target, { [kind]: name }))
              .map(spec => ({ form: words.form, candidate: `${kind}: ${name}`, spec })),
          ),
        );
      }),
    problems: needs => kernel.usedBy(needs).map(problemOf),
    cases(needs, scale) {
      const forms = kernel.usedBy(needs);
      if (forms.length === 0) return [];
      const cases =
        timed === 'small problem'
          ? forms.map(form => smallProblemCase(problemOf(form)))
          : timed(forms, scale);
      return cases.map(each => ({ kernel: id, ...each }));
    },
  };
}

/** A device like this one on which these were chosen. */
export function choosing(target: KernelTarget, choices: KernelChoices): KernelTarget {
  return { ...target, variant: { ...target.variant, choices } };
}

/** The launch of the small problem's check of the kernel's name, over and over. */
function smallProblemCase(problem: KernelProblem): TimedCase {
  const { kernel, form } = problem;
  return {
    shape: { problem: kernel, ...(form ? { form } : {}) },
    describe: `small problem: ${[kernel, form].filter(Boolean).join(', ')}`,
    async prepare(device) {
      const bench = new TestBench(device);
      await problem.run(bench);
      const { launch } = bench.checks.find(check => check.kernel === kernel) ?? {};
      if (!launch)
        throw new BedsideError(
          'internal',
          sentence`kernel-without-launch: ${{ kernel }} has no launch to time.`,
          'Report this.',
        );
      return { launches: { sets: [launch.dispatches], step: launch.step } };
    },
  };
}

/** The forms of a kernel that has one, where it is used. */
export function oneForm(isUsed: unknown): readonly null[] {
  return isUsed ? [null] : [];
}
