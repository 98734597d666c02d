/**
 * How a worker comes by threads of its own. It may start no worker itself, the page may: it is asked over a port of its own, and
 * hands the thread the other end of a channel. What is said over that never passes the page.
 */
export type HelperRequest = { kind: 'start'; id: number; port: MessagePort } | { kind: 'end'; id: number };

export type HelperNews =
  /** By itself, or it could not be started. */
  | { kind: 'ended'; id: number; cause: string }
  /** Nobody looks at the page, or somebody does again. */
  | { kind: 'visibility'; isHidden: boolean };
