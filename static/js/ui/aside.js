// @ts-check
// Panels that stand in the inspector's place for a while, one at a time: beside the picture, not over it.

/** @type {Aside | undefined} the one that is shown */
let shown;

/** One such panel, and the button that shows it. */
export class Aside {
  /**
   * @param {{panel: HTMLElement, instead: HTMLElement, button: HTMLElement}} elements instead is what
   *   the panel stands in for
   * @param {() => void} reveal makes sure that the place is in view
   */
  constructor(elements, reveal) {
    this.elements = elements;
    this.reveal = reveal;
    elements.button.addEventListener("click", () => this.toggle());
  }

  /**
   * Shows or hides the panel.
   * @param {boolean} [show] the other way if not said
   * @returns {boolean} whether that changed anything
   */
  toggle(show = this.elements.panel.hidden !== false) {
    const { panel, button } = this.elements;
    if (panel.hidden !== show) return false;
    if (show) shown?.set(false);
    this.set(show);
    if (show) {
      this.reveal();
      panel.focus({ preventScroll: true });
      panel.scrollIntoView({ block: "start" });
    } else button.focus();
    return true;
  }

  /** @param {boolean} show */
  set(show) {
    const { panel, instead, button } = this.elements;
    panel.hidden = !show;
    instead.hidden = show;
    button.setAttribute("aria-expanded", String(show));
    shown = show ? this : undefined;
  }
}
