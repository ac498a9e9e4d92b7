/** Every error that a caller can get: its HTTP status, a title, whether trying again later can help, and who can mend it. */
export const ERRORS = {
  bad_request: { status: 400, title: 'The request is not valid', retryable: false, mendedBy: 'caller' },
  unauthorized: { status: 401, title: 'A valid API key is needed', retryable: false, mendedBy: 'caller' },
  forbidden: { status: 403, title: 'This key may not do that', retryable: false, mendedBy: 'operator' },
  not_found: { status: 404, title: 'There is nothing at this address', retryable: false, mendedBy: 'caller' },
  session_not_found: { status: 404, title: 'Connection not found', retryable: false, mendedBy: 'caller' },
  message_not_found: { status: 404, title: 'Message not found', retryable: false, mendedBy: 'caller' },
  delivery_not_found: { status: 404, title: 'Delivery not found', retryable: false, mendedBy: 'caller' },
  key_not_found: { status: 404, title: 'API key not found', retryable: false, mendedBy: 'caller' },
  media_not_found: { status: 404, title: 'The file is not here', retryable: false, mendedBy: 'nobody' },
  link_invalid: { status: 403, title: 'This link was not given out here', retryable: false, mendedBy: 'caller' },
  link_expired: { status: 410, title: 'This link is too old', retryable: false, mendedBy: 'nobody' },
  no_qr: { status: 404, title: 'There is no QR code to scan now', retryable: true, mendedBy: 'caller' },
  method_not_allowed: {
    status: 405,
    title: 'This address does not take that method',
    retryable: false,
    mendedBy: 'caller',
  },
  not_acceptable: {
    status: 406,
    title: 'None of the accepted types can be given',
    retryable: false,
    mendedBy: 'caller',
  },
  request_timeout: { status: 408, title: 'The request took too long to arrive', retryable: true, mendedBy: 'caller' },
  session_exists: { status: 409, title: 'A session of this id exists already', retryable: false, mendedBy: 'caller' },
  idempotency_conflict: {
    status: 409,
    title: 'This idempotency key was used for another message',
    retryable: false,
    mendedBy: 'caller',
  },
  key_needed: { status: 409, title: 'This key cannot be revoked', retryable: false, mendedBy: 'operator' },
  no_webhook: { status: 409, title: 'No webhook is set', retryable: false, mendedBy: 'caller' },
  not_connected: { status: 409, title: 'No active WhatsApp connection', retryable: true, mendedBy: 'operator' },
  not_linked: { status: 409, title: 'A person must scan a QR code first', retryable: true, mendedBy: 'operator' },
  not_cancellable: {
    status: 409,
    title: 'The message is no longer queued',
    retryable: false,
    mendedBy: 'nobody',
  },
  not_waiting_for_scan: {
    status: 409,
    title: 'The session is not waiting to be linked',
    retryable: true,
    mendedBy: 'operator',
  },
  discard_failed: { status: 409, title: 'The login could not be discarded', retryable: true, mendedBy: 'operator' },
  fleet_full: { status: 409, title: 'No more sessions may be created', retryable: false, mendedBy: 'operator' },
  payload_too_large: { status: 413, title: 'The body is too large', retryable: false, mendedBy: 'caller' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON', retryable: false, mendedBy: 'caller' },
  too_many_requests: { status: 429, title: 'Too many requests', retryable: true, mendedBy: 'caller' },
  headers_too_large: { status: 431, title: 'Address and headers are too large', retryable: false, mendedBy: 'caller' },
  internal: { status: 500, title: 'Something went wrong on our side', retryable: true, mendedBy: 'developer' },
  client_failed: {
    status: 502,
    title: 'WhatsApp Web did not do what was asked',
    retryable: true,
    mendedBy: 'operator',
  },
  media_not_ready: { status: 503, title: 'The file has not come yet', retryable: true, mendedBy: 'nobody' },
  not_ready: { status: 503, title: 'Starting or shutting down', retryable: true, mendedBy: 'nobody' },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean; mendedBy: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An expected refusal that reaches the caller. Only the API layer turns it into HTTP. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly sessionId: string | null;
  /** @param detail says what was expected, what came and what to do. */
  constructor(code: ErrorCode, detail: string, options?: { sessionId?: string; cause?: unknown }) {
    super(detail, options);
    this.name = 'DomainError';
    this.code = code;
    this.sessionId = options?.sessionId ?? null;
  }
}
