// @ts-check
// The page in the place of a run that is not here: offers to play it again, if this browser
// remembers it.

import { recall, replay } from "../core/kept.js";
import { part } from "../ui/dom.js";
import { bindTheme } from "../ui/theme.js";

bindTheme(part(document, "theme"));

const panel = part(document, "replay");
const kept = recall(panel.dataset.run ?? "");
if (kept) {
  const remembered = part(panel, "remembered");
  remembered.textContent = [remembered.dataset.none, remembered.dataset.one][kept.actions.length] ??
    (remembered.dataset.many ?? "").replace("#", String(kept.actions.length));
  panel.hidden = false;
  part(panel, "again").addEventListener("click", async () => {
    const { page, error } = await replay(kept);
    if (page) location.assign(page);
    else part(panel, "wrong").textContent = error ?? "";
  });
}
