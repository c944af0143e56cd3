// @ts-check
// When panels draw: pictures in time with the screen, words less often while much is going on. At rest
// all show the same instant.

const LIVELY = 30; // milliseconds between two pictures while the run plays, at least
const SLOWEST = 100; // and at most
const CALM = 120; // milliseconds between two drawings of words, at least
// Drawing leaves time for all else: for one part of drawing, so many parts of rest.
const REST = { moving: 1, playing: 8, calm: 6 };

/** @typedef {{draw: () => void}} Panel */

/** Draws panels when something has changed. */
export class Pace {
  /**
   * @param {Panel[]} lively drawn at each frame
   * @param {Panel[]} calm drawn at once after a rest, else now and then
   * @param {() => boolean} playing whether changes come by themselves, all the time
   */
  constructor(lively, calm, playing) {
    this.lively = lively;
    this.calm = calm;
    this.playing = playing;
    this.asked = false;
    this.drawn = -CALM; // when pictures were drawn last
    this.told = -CALM; // when words were
    this.cost = { lively: 0, calm: 0 }; // milliseconds that it took then
    this.timer = 0;
  }

  /** Something has changed. */
  ask() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame((now) => this.frame(now));
  }

  /** @param {number} now */
  frame(now) {
    if (now - this.drawn < this.gap) {
      requestAnimationFrame((later) => this.frame(later));
      return;
    }
    this.asked = false;
    this.drawn = now;
    this.cost.lively = took(this.lively);
    const wait = this.told + Math.max(CALM, REST.calm * this.cost.calm) - now;
    if (wait <= 0) this.tell(now);
    else this.timer ||= window.setTimeout(() => this.tell(performance.now()), wait);
  }

  /** The milliseconds between two pictures. */
  get gap() {
    const { lively } = this.cost;
    if (this.playing()) return Math.min(SLOWEST, Math.max(LIVELY, REST.playing * lively));
    return Math.min(SLOWEST, (1 + REST.moving) * lively);
  }

  /** @param {number} now */
  tell(now) {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.told = now;
    this.cost.calm = took(this.calm);
  }
}

/**
 * Draws panels, and tells how many milliseconds that took.
 * @param {Panel[]} panels
 */
function took(panels) {
  const began = performance.now();
  for (const panel of panels) panel.draw();
  return performance.now() - began;
}
