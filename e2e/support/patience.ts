/**
 * How long a step waits for what must come, in milliseconds. A ceiling for a starved machine, not a measure: a test that hangs ends at
 * a limit of its own.
 */
export const patienceMs = 180_000;
