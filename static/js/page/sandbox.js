// @ts-check
// The sandbox: its form works without scripts; a file is read by the server, and opened as a run.

import { post } from "../core/post.js";
import { part } from "../ui/dom.js";
import { bindTheme } from "../ui/theme.js";

bindTheme(part(document, "theme"));
const form = part(document, "import");
const field = /** @type {HTMLInputElement} */ (part(form, "import-file"));
const drop = part(form, "import-drop");

/** @param {File | undefined} file */
async function take(file) {
  if (!file) return;
  part(form, "import-wrong").textContent = "";
  part(form, "import-said").textContent = drop.dataset.waits ?? "";
  const { page, error } = await post("/api/import", file, "application/octet-stream");
  part(form, "import-said").textContent = "";
  if (page) location.assign(page);
  else part(form, "import-wrong").textContent = `${file.name}: ${error}`;
  field.value = ""; // the same file, mended, is another
}

field.addEventListener("change", () => take(field.files?.[0]));
drop.addEventListener("click", () => field.click());
form.addEventListener("dragover", (e) => {
  e.preventDefault();
  drop.classList.add("over");
});
form.addEventListener("dragleave", () => drop.classList.remove("over"));
form.addEventListener("drop", (e) => {
  e.preventDefault();
  drop.classList.remove("over");
  take(e.dataTransfer?.files[0]);
});
