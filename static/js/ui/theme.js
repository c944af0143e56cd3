// @ts-check
// The switch between the light and the dark theme; the system's is the one without a choice.

const KEY = "zabscope.theme";

/**
 * Makes a button switch the theme.
 * @param {HTMLElement} button
 */
export function bindTheme(button) {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const current = () => root.dataset.theme ?? (dark.matches ? "dark" : "light");
  const show = () => {
    const other = current() === "dark" ? "light" : "dark";
    button.textContent = other === "dark" ? "◐ Dark" : "◑ Light";
    button.setAttribute("aria-label", `Switch to the ${other} theme`);
  };
  button.addEventListener("click", () => {
    const next = current() === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    localStorage.setItem(KEY, next);
    show();
  });
  dark.addEventListener("change", show);
  button.hidden = false;
  show();
}
