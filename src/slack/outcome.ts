import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';

/** What became of a call to Slack that threw. */
export type Outcome =
  /** Slack asks to wait. */
  | { readonly kind: 'busy'; readonly seconds: number }
  /** It may have been carried out: look before doing it again. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** The channel does not take it, and will not until somebody does something. */
  | { readonly kind: 'unplaceable'; readonly reason: string }
  /** The message to edit is gone. */
  | { readonly kind: 'gone' }
  /** Slack does not take what was drawn. */
  | { readonly kind: 'badly_drawn'; readonly reason: string }
  /** Not carried out; may work later. */
  | { readonly kind: 'refused'; readonly reason: string };

const rooms = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'is_inactive',
  'restricted_action',
  'restricted_action_read_only_channel',
  'messages_tab_disabled',
  'cannot_dm_bot',
  'user_not_found',
]);
const drawing = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'block_mismatch',
  'invalid_metadata_format',
  'metadata_too_large',
  'no_text',
]);
const gone = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

export function outcomeOf(error: unknown): Outcome {
  if (error instanceof WebAPIRateLimitedError)
    return { kind: 'busy', seconds: Math.max(1, error.retryAfter) };
  if (error instanceof WebAPIPlatformError) return platformOutcome(error.data.error);
  // A 4xx was read and refused; a 5xx may have been carried out before it failed.
  if (error instanceof WebAPIHTTPError && error.statusCode < 500)
    return { kind: 'refused', reason: `HTTP ${error.statusCode}` };
  if (error instanceof WebAPIHTTPError) return { kind: 'unknown', reason: `HTTP ${error.statusCode}` };
  if (error instanceof WebAPIRequestError) return { kind: 'unknown', reason: error.message };
  return { kind: 'unknown', reason: error instanceof Error ? error.message : String(error) };
}

function platformOutcome(code: string): Outcome {
  if (rooms.has(code)) return { kind: 'unplaceable', reason: code };
  if (gone.has(code)) return { kind: 'gone' };
  if (drawing.has(code)) return { kind: 'badly_drawn', reason: code };
  // Slack's own faults: what it did before is not known.
  if (code === 'internal_error' || code === 'fatal_error' || code === 'request_timeout')
    return { kind: 'unknown', reason: code };
  return { kind: 'refused', reason: code };
}
