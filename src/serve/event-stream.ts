/**
 * Server-sent events out of a running answer: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

/** Writes data until it is closed. Writing after the client has gone does nothing. */
export type EventStream = Readonly<{ write(data: unknown): void; close(): void; body: ReadableStream<Uint8Array> }>;

export function eventStream(): EventStream {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(opened) {
      controller = opened;
    },
    cancel() {
      controller = undefined;
    },
  });
  return {
    body,
    write(data) {
      controller?.enqueue(encoder.encode(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`));
    },
    close() {
      controller?.close();
      controller = undefined;
    },
  };
}
