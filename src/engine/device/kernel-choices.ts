/**
 * By class of launches the candidate that is to compute them: `matvec q4_0 gated 27648x5120`, or for every size of the class
 * `matvec q4_0 gated`. Found by timing on the device (tuner/); a class that is not here takes its default.
 */
export type KernelChoices = Readonly<Record<string, string>>;

/** Launches among whose candidates is chosen together. */
export interface LaunchClass {
  /** Kernel, format or cache, and what else tells its forms apart: the small problem of a candidate is of this. */
  kind: string;
  /** What of the model's sizes the best candidate depends on. */
  size?: string;
}

/** The candidates of one kind of class, the default first. */
export interface CandidateClass {
  kind: string;
  names: readonly [string, ...string[]];
}

/** How the choice of a class is named in KernelChoices. */
export function classKey({ kind, size }: LaunchClass): string {
  return size === undefined ? kind : `${kind} ${size}`;
}

/** The candidate of this class; the first, where none was chosen or what was chosen is no candidate any more. */
export function chosenCandidate<Name extends string>(
  choices: KernelChoices | undefined,
  of: LaunchClass,
  candidates: readonly [Name, ...Name[]],
): Name {
  const isCandidate = (name: string | undefined): name is Name => candidates.some(each => each === name);
  return [choices?.[classKey(of)], choices?.[of.kind]].find(isCandidate) ?? candidates[0];
}
