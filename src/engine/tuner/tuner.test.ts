import { pretendedDevice } from '../../../test/support/pretended-device.ts';
import { describeTuner } from '../../../test/support/tuner-suite.ts';

describeTuner('a device that is pretended', async () => {
  const text = { code: (spec: { label: string; code: string }) => spec.code };
  const { device, lose } = pretendedDevice(text);
  return {
    device,
    lose,
    miscompile(rewrite) {
      text.code = rewrite;
    },
  };
});
