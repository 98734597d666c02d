import { FactList } from '../controls/fact-list.tsx';
import { formatBytes } from '../format/quantities.ts';
import { useModel } from '../state/app-context.tsx';

/** What the browser tells of the GPU. */
export function HardwareReport() {
  const device = useModel(state => state.device);
  if (device.status === 'probing') return <p className="muted">Looking for the GPU…</p>;
  if (device.status === 'failed') return <p className="muted">{device.error.message}</p>;
  const { report } = device;
  const rows: [string, string][] = [
    ['Graphics device', report.adapter],
    ['Kind', report.isSoftware ? 'software: computes on the processor' : 'GPU'],
    ['16-bit numbers', report.shaderF16 ? 'yes' : 'no'],
    ['Subgroups', report.subgroups ? 'yes' : 'no'],
    ['Largest buffer', formatBytes(report.maxBufferBytes)],
    ['Largest piece of a model in one step', formatBytes(report.maxBindingBytes)],
  ];
  return <FactList rows={rows} />;
}
