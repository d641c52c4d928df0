/**
 * Lets what waits be heard: a cancel, a signal, a message. The wasm and cpu backends answer within the same task, so
 * awaiting them alone would not. Not by setTimeout, which browsers stretch to 4 ms.
 */
export function breathe(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
