// @ts-check
// Asking the server for a run.

/**
 * Posts something that a run is made of.
 * @param {string} address
 * @param {BodyInit} body
 * @param {string} type media type of the body
 * @param {typeof fetch} [ask]
 * @returns {Promise<{page?: string, error?: string}>} the address of the run's page, or what is wrong
 */
export async function post(address, body, type, ask = fetch) {
  try {
    const response = await ask(address, { method: "POST", headers: { "Content-Type": type }, body });
    const answer = await response.json();
    return response.ok ? { page: answer.page } : { error: wordsOf(answer.error) };
  } catch (e) {
    return { error: String(e) };
  }
}

/**
 * All that an answer says is wrong.
 * @param {{message: string, fields?: {field: string, message: string}[]}} error
 */
export function wordsOf({ message, fields = [] }) {
  return [message, ...fields.map((f) => `${f.field}: ${f.message}`)].join("\n");
}
