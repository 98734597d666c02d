// The results of bench/gpu.mjs as a table in words and figures: what was measured, and what could not be.
export function formatSummary(results) {
  const lines = [];
  const probe = results.probe?.runs.probe;
  if (probe) {
    const { vendor, architecture, description } = probe.info;
    lines.push(`device: ${[description, vendor, architecture].filter(Boolean).join(', ')}`);
    lines.push(
      `round trip ${figure(probe.roundTripMs)} ms; a launch after another ${figure(probe.launchMicroseconds.sameBuffer)} us on one buffer, ${figure(probe.launchMicroseconds.twoBuffers)} us between two`,
    );
  }
  const test = results.test?.runs.test;
  if (test?.rows) {
    const count = outcome => test.rows.filter(row => row.outcome === outcome).length;
    lines.push(
      `kernels beside their twins: ${count('passed')} right, ${count('wrong')} wrong, ${count('not-compiled')} not compiled`,
    );
  }
  for (const [step, { runs }] of Object.entries(results)) {
    for (const [name, run] of Object.entries(runs)) lines.push(...rowsOf(step, name, run));
  }
  for (const [step, { error }] of Object.entries(results)) if (error) lines.push(`${step} FAILED: ${error}`);
  return lines.join('\n');
}

function rowsOf(step, name, run) {
  if (!run) return [];
  if (Array.isArray(run.kernels)) {
    return run.kernels.map(({ kernel, describe, ms, GBps, gflops, ofLimit }) =>
      [
        step,
        name,
        kernel,
        describe,
        `${figure(ms.median)} ms`,
        GBps && `${figure(GBps)} GB/s`,
        gflops && `${figure(gflops)} GFLOP/s`,
        ofLimit && `${figure(100 * ofLimit)} % of the limit`,
      ]
        .filter(Boolean)
        .join(' | '),
    );
  }
  if (Array.isArray(run.contexts)) {
    const rows = run.contexts.map(context => `${step} | ${name} | ${JSON.stringify(context)}`);
    return run.image ? [...rows, `${step} | ${name} | image ${JSON.stringify(run.image)}`] : rows;
  }
  if (run.decodeTokensPerSecond) {
    const how = `${run.stepsInFlight} steps in flight, chunks of ${run.chunkTokens}`;
    return [
      `${step} | ${name} | ${how} | prefill ${figure(run.prefillTokensPerSecond)} tokens/s | decode ${figure(run.decodeTokensPerSecond)} tokens/s`,
    ];
  }
  if (step === 'goldens' && typeof run.text === 'string')
    return [`${step} | ${name} | ${run.text.slice(0, 60)}`];
  if (step === 'subgroup-matrices') return [`${step} | ${JSON.stringify(run).slice(0, 300)}`];
  if (step === 'tune') return [`${step} | ${name} | ${JSON.stringify(run).slice(0, 1500)}`];
  return [];
}

function figure(number) {
  return typeof number === 'number' ? String(Number(number.toPrecision(3))) : '?';
}
