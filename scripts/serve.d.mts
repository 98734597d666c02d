export interface StaticSite {
  /** Address of the served folder, with a trailing slash. */
  url: string;
  port: number;
  close(): Promise<void>;
}

export function serveStatic(options: {
  root: string;
  port?: number;
  host?: string;
  basePath?: string;
  /** Those of `headersFor`, none, or the same ones with every file. */
  headers?: boolean | Readonly<Record<string, string>>;
}): Promise<StaticSite>;

/** The security headers of what is served at `path`, by name. */
export function headersFor(path: string): Readonly<Record<string, string>>;
