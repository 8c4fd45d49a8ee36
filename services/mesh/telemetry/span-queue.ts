import type { tracing } from '@opentelemetry/sdk-node';
import type { Logger } from 'pino';

// Turning a batch into bytes holds up the event loop; so many spans take well under a millisecond.
const maxBatch = 128;
const maxShutdownMs = 2_000;

/** What became of the spans. */
export interface SpanCounts {
  exported: number;
  /** The queue was full. */
  dropped: number;
  /** The collector refused them or took too long. */
  failed: number;
}

/** What the queue is made of. */
export interface SpanQueueParts {
  exporter: tracing.SpanExporter;
  log: Logger;
  /** Spans that may wait. */
  maxQueue: number;
  intervalMs: number;
  timeoutMs: number;
}

/** Ended spans on their way to the collector. */
export interface SpanQueue {
  readonly counts: Readonly<SpanCounts>;
  /** Whether a span begun now may be taken; if not, it counts as dropped and need not be begun. */
  hasRoom(): boolean;
  /** Takes a span, or drops it when the queue is full. */
  add(span: tracing.ReadableSpan): void;
  /** Sends what waits, for at most two seconds, and ends. */
  close(): Promise<void>;
}

/**
 * A bounded queue before an exporter: one batch is under way at a time, and a batch that is not taken in time is
 * given up, so a collector that is slow, down or hanging costs only the spans.
 */
export function createSpanQueue({ exporter, log, maxQueue, intervalMs, timeoutMs }: SpanQueueParts): SpanQueue {
  const counts: SpanCounts = { exported: 0, dropped: 0, failed: 0 };
  let waiting: tracing.ReadableSpan[] = [];
  let timer: NodeJS.Timeout | null = null;
  let underWay: Promise<void> | null = null;
  let healthy = true;
  let closed = false;

  function sendBatch(): Promise<void> {
    const batch = waiting.splice(0, maxBatch);
    return new Promise((resolve) => {
      let settled = false;
      const settle = (error: Error | null) => {
        if (settled) return;
        settled = true;
        clearTimeout(giveUp);
        if (error === null) counts.exported += batch.length;
        else counts.failed += batch.length;
        if (healthy !== (error === null)) {
          if (error === null) log.info({ ...counts }, 'spans reach the collector again');
          else log.warn({ ...counts, err: error }, 'spans do not reach the collector; they are dropped');
        }
        healthy = error === null;
        resolve();
      };
      const giveUp = setTimeout(() => settle(new Error(`not taken within ${timeoutMs} ms`)), timeoutMs);
      giveUp.unref();
      try {
        exporter.export(batch, (result) =>
          settle(result.code === 0 ? null : (result.error ?? new Error('the exporter failed'))),
        );
      } catch (error) {
        settle(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  async function drain(minBatch: number): Promise<void> {
    do await sendBatch();
    while (waiting.length >= minBatch);
  }

  function start(minBatch: number): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (underWay !== null || waiting.length === 0) return;
    underWay = drain(minBatch).finally(() => {
      underWay = null;
      if (!closed) schedule();
    });
  }

  function schedule(): void {
    if (waiting.length >= maxBatch) start(maxBatch);
    else if (waiting.length > 0 && timer === null && underWay === null) {
      timer = setTimeout(() => start(maxBatch), intervalMs);
      timer.unref();
    }
  }

  return {
    counts,
    hasRoom() {
      const room = !closed && waiting.length < maxQueue;
      if (!room) counts.dropped++;
      return room;
    },
    add(span) {
      if (closed || waiting.length >= maxQueue) {
        counts.dropped++;
        return;
      }
      waiting.push(span);
      if (underWay === null) schedule();
    },
    async close() {
      if (closed) return;
      closed = true;
      const flush = async () => {
        await underWay;
        start(1);
        await underWay;
      };
      let timeUp: NodeJS.Timeout | undefined;
      const bound = new Promise<void>((resolve) => {
        timeUp = setTimeout(resolve, maxShutdownMs);
      });
      await Promise.race([flush(), bound]);
      clearTimeout(timeUp);
      counts.dropped += waiting.length;
      waiting = [];
      // Its own shutdown waits for batches under way; they have had their time.
      void Promise.resolve(exporter.shutdown()).catch((error: unknown) => log.debug({ err: error }, 'exporter'));
    },
  };
}
