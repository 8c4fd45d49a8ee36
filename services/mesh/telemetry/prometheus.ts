import { ValueType } from '@opentelemetry/api';
import type { metrics } from '@opentelemetry/sdk-node';

import { type CallMetrics, type CallSeries, latencyBounds } from './method-metrics.js';
import type { SpanCounts } from './span-queue.js';

/** What is rendered. */
export interface MetricSources {
  service: string;
  server: CallMetrics;
  client: CallMetrics;
  /** Null when traces are off. */
  spans: Readonly<SpanCounts> | null;
}

type Labels = Record<string, string>;
type Points<T> = { labels: Labels; value: T }[];

function labelsOf({ method, target }: CallSeries): Labels {
  return target === '' ? { method } : { method, target };
}

/** Loads the serializer; what it returns renders the sources as they are at each call. */
export async function createPrometheusRenderer(sources: MetricSources): Promise<() => string> {
  const [{ metrics: sdk, resources }, { PrometheusSerializer }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-prometheus'),
  ]);
  const serializer = new PrometheusSerializer('', false, undefined, false, true);
  const resource = resources.resourceFromAttributes({ 'service.name': `tenon-${sources.service}` });
  const startTime: [number, number] = [Math.floor(Date.now() / 1_000), 0];

  function described<T>(name: string, description: string, unit: string, points: Points<T>) {
    const endTime: [number, number] = [Math.floor(Date.now() / 1_000), 0];
    return {
      descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
      aggregationTemporality: sdk.AggregationTemporality.CUMULATIVE,
      dataPoints: points.map(({ labels, value }) => ({ startTime, endTime, attributes: labels, value })),
    };
  }

  // The serializer adds `_total` to the names of counters.
  function counter(name: string, description: string, points: Points<number>): metrics.SumMetricData {
    return {
      ...described(name, description, '', points),
      dataPointType: sdk.DataPointType.SUM,
      isMonotonic: true,
    };
  }

  function callMetrics(prefix: string, verb: string, calls: CallMetrics): metrics.MetricData[] {
    const all = [...calls.series()];
    const errors = all.flatMap((series) =>
      [...series.errors].map(([code, value]) => ({ labels: { ...labelsOf(series), code: `${code}` }, value })),
    );
    const durations = all.map((series) => ({
      labels: labelsOf(series),
      value: {
        buckets: { boundaries: [...latencyBounds], counts: [...series.buckets] },
        count: series.requests,
        sum: series.secondsSum,
      },
    }));
    const requests = all.map((series) => ({ labels: labelsOf(series), value: series.requests }));
    return [
      counter(`${prefix}_requests`, `Calls ${verb}, ended.`, requests),
      counter(`${prefix}_errors`, `Calls ${verb} that ended with a status other than OK.`, errors),
      {
        ...described(`${prefix}_duration_seconds`, `How long calls ${verb} took.`, 's', durations),
        dataPointType: sdk.DataPointType.HISTOGRAM,
      },
    ];
  }

  return () => {
    const { server, client, spans } = sources;
    const all = [
      ...callMetrics('tenon_rpc_server', 'answered', server),
      ...callMetrics('tenon_rpc_client', 'made', client),
    ];
    if (spans !== null) {
      const points = Object.entries(spans).map(([fate, value]) => ({ labels: { fate }, value }));
      all.push(counter('tenon_telemetry_spans', 'Recorded spans by what became of them.', points));
    }
    const filled = all.filter((metric) => metric.dataPoints.length > 0);
    return serializer.serialize({ resource, scopeMetrics: [{ scope: { name: 'tenon' }, metrics: filled }] });
  };
}
