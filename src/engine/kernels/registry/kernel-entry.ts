import type { EngineDevice, Variant } from '../../device/device.ts';
import type { CandidateClass } from '../../device/kernel-choices.ts';
import type { KernelName, KernelSpec } from '../../device/kernel-spec.ts';
import type { GgmlTypeName } from '../../quant/block-formats.ts';
import type { Launches } from '../../timing/clock.ts';
import type { Work } from '../../timing/work.ts';
import type { KernelRow } from '../../types/device-test.ts';
import type { EncoderKind } from '../../types/model.ts';
import type { AttentionShape } from '../attention.ts';
import type { EncoderAttentionShape } from '../encoder-attention.ts';
import type { TestBench } from './test-bench.ts';

/** Parts of decoders that have kernels of their own. */
export interface DecoderNeeds {
  qkvBias?: boolean;
  headNorms?: boolean;
  gelu?: boolean;
}

/** What of one model, or of several, decides which kernels are needed and how they are compiled. */
export interface KernelNeeds {
  /** Of models that write text. */
  text?: {
    /** Types of the matrices. */
    types: readonly GgmlTypeName[];
    /** Types of the embeddings, the matrices that rows are gathered from. */
    embeddings: readonly GgmlTypeName[];
    attention: readonly AttentionShape[];
    /** What the decoders have beside LLaMA's. */
    parts?: DecoderNeeds;
  };
  /** Of image encoders. */
  vision?: {
    kinds: readonly EncoderKind[];
    types: readonly GgmlTypeName[];
    encoders: readonly EncoderAttentionShape[];
    /** Attention of the language models whose visual tokens may be compressed. */
    scored: readonly AttentionShape[];
  };
}

/**
 * How a kernel computes on a device that is a processor: `own`: written for it; `plain`: as plain loops; `empty`: nothing is left
 * to do, because the kernel before it has done it.
 */
export type ProcessorForm = 'own' | 'plain' | 'empty';

export type ProcessorForms = Readonly<Partial<Record<KernelName, ProcessorForm>>>;

/** What of a device decides how a kernel is compiled. */
export interface KernelTarget {
  variant: Variant;
  isSoftware: boolean;
}

export function targetOf({ variant, report }: EngineDevice): KernelTarget {
  return { variant, isSoftware: report.isSoftware };
}

/** On which sizes kernels are timed. */
export interface TimingScale {
  /** Of matrices. */
  shapes: readonly MatrixShape[];
  /** Of products: 1 is a matrix-vector product. */
  tokens: readonly number[];
  /** Keys that one new token attends to. */
  contexts: readonly number[];
  /** Positions of an image tile, where not the encoder's own. */
  positions?: number | undefined;
}

/** W [rows, columns]; x has `columns` numbers, y has `rows`. */
export interface MatrixShape {
  rows: number;
  columns: number;
}

/** What is launched, and what it cannot avoid doing. */
export interface TimedCase {
  /** What tells it from the other cases of its kernel. */
  shape: Record<string, string | number>;
  /** In words, for a table. */
  describe: string;
  prepare(device: EngineDevice, coldBytes: number): Promise<Prepared>;
}

export interface Prepared {
  launches: Launches;
  /** Absent where only the time is of interest. */
  work?: Work | undefined;
}

/**
 * One kernel, for everything that goes through all of them: what is compiled ahead, the compile test, the self-test, the test
 * of a device, the benchmark, `bedside kernels`. `Form`: what its variants for different models differ in, null where nothing.
 */
export interface Kernel<Form> {
  /** As the benchmark names it. */
  id: string;
  group: KernelRow['group'];
  /** The forms in which these models use it; none where they do not. */
  usedBy(needs: KernelNeeds): readonly Form[];
  /** A form in words: the kernel as in the report of a device, and what else tells the form from others. */
  words(form: Form): { kernel: string; form: string };
  /** All that is compiled for a form, each with a label that no other spec of the same form and target has. */
  specs(form: Form, target: KernelTarget): KernelSpec[];
  /**
   * Of kernels whose launches have candidates: the kinds of class (see LaunchClass) that a form has, with the names of their
   * candidates on such a device, the default first. `specs` and `problem` follow `variant.choices`.
   */
  candidates?(form: Form, target: KernelTarget): readonly CandidateClass[];
  /** How each kernel that this entry has specs of computes on a processor. */
  processor: ProcessorForms;
  /** Runs a small problem and compares the answer with the scalar twin's, within a bound that the comparison derives. */
  problem(bench: TestBench, form: Form): Promise<void>;
  /** Cases for the benchmark, of all forms at once; `small problem`: there is no better than the launch that was checked. */
  timed: ((forms: readonly Form[], scale: TimingScale) => TimedCase[]) | 'small problem';
  /** Kernels that the problem launches first, whose faults would show in it. */
  restsOn?: readonly string[];
}

/** A small problem of one form of a kernel. */
export interface KernelProblem {
  group: KernelRow['group'];
  kernel: string;
  form: string;
  /** Classes whose choice changes what is run. */
  candidates(target: KernelTarget): readonly CandidateClass[];
  /** All that is compiled for the form. */
  specs(target: KernelTarget): KernelSpec[];
  run(bench: TestBench): Promise<void>;
  /** What the check of the same name as `kernel` is timed on, instead of the small problem. */
  timed(scale: TimingScale): TimedCase | undefined;
}

/** A case with its kernel. */
export interface KernelCase {
  kernel: string;
  shape: TimedCase['shape'];
  describe: string;
  prepare: TimedCase['prepare'];
}

/** A kernel whatever its forms are. */
export interface KernelEntry {
  readonly id: string;
  readonly group: KernelRow['group'];
  readonly restsOn: readonly string[];
  readonly processor: ProcessorForms;
  specs(needs: KernelNeeds, target: KernelTarget): { form: string; spec: KernelSpec }[];
  /** The same where another candidate than the default was chosen, one class at a time. */
  candidateSpecs(
    needs: KernelNeeds,
    target: KernelTarget,
  ): { form: string; candidate: string; spec: KernelSpec }[];
  problems(needs: KernelNeeds): KernelProblem[];
  cases(needs: KernelNeeds, scale: TimingScale): KernelCase[];
}
