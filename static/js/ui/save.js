// @ts-check
// Handing things to the viewer: files, and texts for the clipboard.

const KEPT = 60_000; // milliseconds that a browser may take to begin to save

/**
 * Lets the browser save a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT);
}

/**
 * Copies the text of a field, and leaves it selected.
 * @param {HTMLInputElement} field
 * @returns {Promise<boolean>} whether the browser let it
 */
export async function copy(field) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy"); // where the page's address is not a secure one
  }
}
