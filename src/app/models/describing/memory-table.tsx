import type { ModelPlan } from '../../../client/index.ts';
import { memoryWords } from '../../format/device-in-words.ts';
import {
  contextBorderInWords,
  largestPieceInWords,
  memoryLimitInWords,
  memoryRows,
} from '../../format/memory-in-words.ts';
import { formatBytes } from '../../format/quantities.ts';
import { useModel } from '../../state/app-context.tsx';
import { reportIn } from '../../state/model/model-store.ts';

interface MemoryTableProps {
  /** Of the model. */
  name: string;
  plan: ModelPlan;
  /** What the loaded model holds. */
  measuredBytes?: number;
}

/** What a model takes of the device's memory, part by part. */
export function MemoryTable({ name, plan, measuredBytes }: MemoryTableProps) {
  const report = useModel(reportIn);
  const limit = memoryLimitInWords(plan);
  const border = contextBorderInWords(plan);
  const { total, upload, features } = plan.memory;
  return (
    <>
      <table className="memory-table">
        <caption>
          {memoryWords(report)} for {name}
        </caption>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {memoryRows(plan).map(([part, bytes]) => (
            <Row key={part} part={part} bytes={bytes} />
          ))}
        </tbody>
        <tfoot>
          <Row part="Total" bytes={total} />
          {measuredBytes === undefined ? (
            <Row part="While loading, in addition" bytes={upload} />
          ) : (
            <Row part="Measured, now that it is loaded" bytes={measuredBytes} />
          )}
          {features > 0 && <Row part="Images of a question, at most" bytes={features} />}
        </tfoot>
      </table>
      {limit ? (
        <p className="field-error" role="status">
          {limit}
        </p>
      ) : (
        <p className="muted">{largestPieceInWords(plan)}</p>
      )}
      {border && <p className="muted">{border}</p>}
    </>
  );
}

function Row({ part, bytes }: { part: string; bytes: number }) {
  return (
    <tr>
      <th scope="row">{part}</th>
      <td>{formatBytes(bytes)}</td>
    </tr>
  );
}
