// @ts-check
// Pages that are documents: only the theme needs a script.

import { part } from "../ui/dom.js";
import { bindTheme } from "../ui/theme.js";

bindTheme(part(document, "theme"));
