import { deviceInWords } from '../format/device-in-words.ts';
import { formatBytes, formatCount, formatParameters, plural } from '../format/quantities.ts';
import { useApp, useModel } from '../state/app-context.tsx';
import { MemoryTable } from './describing/memory-table.tsx';

/** What the loaded file says of itself, and how it lies on the device. */
export function ModelFacts() {
  const { chatController, modelController } = useApp();
  const info = useModel(state => state.info);
  const fileName = useModel(state => state.fileName);
  if (!info) return null;
  const facts: [string, string][] = [
    ['Name in the file', info.name],
    ['Architecture', info.architecture],
    ['Parameters', formatParameters(info.parameterCount)],
    ['Context', `${formatCount(info.contextTokens)} tokens`],
    ['Number formats', info.tensorTypes.join(', ')],
    ['File', fileName ? `${fileName}, ${formatBytes(info.fileBytes)}` : formatBytes(info.fileBytes)],
    ['Computed on', `${deviceInWords(info.device)} (${info.variant})`],
  ];
  if (info.vision) {
    const { name, parameterCount, tileSize, tokensPerTile } = info.vision;
    const size = `${formatParameters(parameterCount)} parameters`;
    const tiles = `tiles of ${tileSize} pixels, ${plural(tokensPerTile, 'token')} each`;
    facts.push(['Sees images with', `${name}, ${size}, ${tiles}`]);
  }
  return (
    <section className="facts" aria-labelledby="facts-title">
      <h3 id="facts-title">Loaded now</h3>
      <dl>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <MemoryTable name={info.name} plan={info.plan} measuredBytes={info.deviceBytes} />
      <button
        type="button"
        className="text-button"
        onClick={() => {
          chatController.stop();
          void modelController.unload();
        }}
      >
        Unload and free the memory
      </button>
    </section>
  );
}
