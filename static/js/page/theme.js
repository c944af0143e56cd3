// @ts-check
// Runs before the first paint, so that the viewer's theme is there from the start.
(function () {
  const chosen = localStorage.getItem("zabscope.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
