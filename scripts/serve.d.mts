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
  headers?: boolean;
}): Promise<StaticSite>;
