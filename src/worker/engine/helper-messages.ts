/**
 * How the engine's worker comes by helpers of the processor. It may start no worker itself, the page may: it is asked over a port
 * of its own, and hands the helper the other end of a channel. What a helper says then never passes the page.
 */
export type HelperRequest = { kind: 'start'; id: number; port: MessagePort } | { kind: 'end'; id: number };

export type HelperNews =
  /** By itself, or it could not be started. */
  | { kind: 'ended'; id: number; cause: string }
  /** Nobody looks at the page, or somebody does again. */
  | { kind: 'visibility'; isHidden: boolean };
