export interface DeviceReport {
  /** E.g. "nvidia ada-lovelace" or "SwiftShader"; browsers may hide it. */
  adapter: string;
  isSoftware: boolean;
  shaderF16: boolean;
  subgroups: boolean;
  maxBufferBytes: number;
  maxBindingBytes: number;
  /** What else the browser tells of it. */
  details?: AdapterDetails;
}

/** Empty strings where the browser keeps it to itself. */
export interface AdapterDetails {
  vendor: string;
  architecture: string;
  description: string;
  /** Invocations of a subgroup, from and to; null where there are none or the browser does not say. */
  subgroupSizes: readonly [number, number] | null;
  timestampQuery: boolean;
  /** Of one workgroup. */
  maxSharedBytes: number;
  maxInvocations: number;
}
