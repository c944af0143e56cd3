// @ts-check
// Drawing once for each frame of the screen.

/**
 * Makes many calls in one frame of the screen into one.
 * @param {() => void} draw
 */
export function onceAFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}
