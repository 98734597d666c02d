import { useAirGap } from '../state/app-context.tsx';

/** In the header, while nothing is asked of any server. */
export function AirGapMark() {
  const isOn = useAirGap(state => state.status === 'on');
  if (!isOn) return null;
  return (
    <span className="air-gap-mark" title="Nothing is asked of any server. Settings, This device.">
      Air gap
    </span>
  );
}
