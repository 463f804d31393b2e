/** One webhook on its way. */
export interface Delivery {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Real time: HubSpot and Xero both wait five seconds for an answer. */
const answerWithinMs = 5000;

/** Posts a webhook; the status, or null when nobody answered in time. */
export async function post(
  url: string,
  { body, headers }: Delivery,
  stop: AbortSignal,
): Promise<number | null> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(answerWithinMs)]);
    const all = { 'content-type': 'application/json', ...headers };
    const response = await fetch(url, { method: 'POST', body, headers: all, signal, redirect: 'manual' });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}
