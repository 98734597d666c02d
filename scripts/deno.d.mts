/** Resolves with the `path` of Deno's program, or with `why` there is none. */
export function findDeno(): Promise<{ path: string; why?: undefined } | { path?: undefined; why: string }>;
