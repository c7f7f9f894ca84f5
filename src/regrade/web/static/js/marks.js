// How long it takes from a key or a click to the next image on the screen: kept among the browser's own performance entries.

export const NEXT_IMAGE = "regrade:next-image";

// `since` is when the key or button was pressed (an event's time stamp); the image is measured once it is decoded and painted.
export async function measureNextImage(since, image) {
  performance.mark("regrade:press", { startTime: since });
  await image?.decode().catch(() => null);
  requestAnimationFrame(() => {
    // After this frame has been painted.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => performance.measure(NEXT_IMAGE, { start: since, end: performance.now() });
    port2.postMessage(null);
  });
}
