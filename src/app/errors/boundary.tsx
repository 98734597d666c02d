import { Component, type ReactNode } from 'react';

export interface Failure {
  error: unknown;
  /** Shows what failed once more. */
  tryAgain: () => void;
}

interface BoundaryProps {
  /** What is shown while it failed for this is tried again by itself when it is another. */
  shown?: unknown;
  fallback: (failure: Failure) => ReactNode;
  children: ReactNode;
}

interface BoundaryState {
  failed: { error: unknown; shown: unknown } | null;
}

/** What fails in here fails alone: the rest of the page goes on. React reports the error to the console. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failed: null };

  static getDerivedStateFromError(error: unknown): Partial<BoundaryState> {
    return { failed: { error, shown: unknown } };
  }

  static getDerivedStateFromProps({ shown }: BoundaryProps, { failed }: BoundaryState): BoundaryState | null {
    if (!failed) return null;
    if (failed.shown === unknown) return { failed: { ...failed, shown } };
    return failed.shown === shown ? null : { failed: null };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (!failed) return this.props.children;
    return this.props.fallback({ error: failed.error, tryAgain: () => this.setState({ failed: null }) });
  }
}

/** An error is caught before it is known for what. */
const unknown = Symbol('unknown');
