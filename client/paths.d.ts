// Written by "npm run docs" out of openapi.json, which is made from the schemas that the service checks with.
export interface paths {
  '/health': { get: operations['getHealth'] };
  '/ready': { get: operations['getReadiness'] };
  '/api/me': { get: operations['getMe'] };
  '/api/sessions': { get: operations['listSessions']; post: operations['createSession'] };
  '/api/sessions/{id}': {
    get: operations['getSession'];
    patch: operations['changeSession'];
    delete: operations['removeSession'];
  };
  '/api/sessions/{id}/events': { get: operations['listEvents'] };
  '/api/sessions/{id}/uptime': { get: operations['getUptime'] };
  '/api/sessions/{id}/memory': { get: operations['listMemory'] };
  '/api/stats': { get: operations['getStats'] };
  '/api/sessions/{id}/connect': { post: operations['connectSession'] };
  '/api/sessions/{id}/disconnect': { post: operations['disconnectSession'] };
  '/api/sessions/{id}/force-reconnect': { post: operations['forceReconnectSession'] };
  '/api/whatsapp-web/force-reconnect/{sessionId}': { post: operations['forceReconnectSessionAtOldPath'] };
  '/api/sessions/{id}/logout': { post: operations['logoutSession'] };
  '/api/sessions/{id}/pairing-code': { post: operations['requestPairingCode'] };
  '/api/sessions/{id}/qr': { get: operations['getQr'] };
  '/api/sessions/{id}/screenshot': { get: operations['getScreenshot'] };
  '/api/sessions/{id}/chats': { get: operations['listChats'] };
  '/api/sessions/{id}/contacts/{number}': { get: operations['getContact'] };
  '/api/sessions/{id}/messages': { post: operations['sendMessage']; get: operations['listMessages'] };
  '/api/sessions/{id}/messages/{messageId}': { delete: operations['cancelMessage']; get: operations['getMessage'] };
  '/api/sessions/{id}/inbox': { get: operations['listInbox'] };
  '/media/{mediaId}': { get: operations['getMedia'] };
  '/api/incidents': { get: operations['listIncidents'] };
  '/api/webhooks': { get: operations['listWebhooks'] };
  '/api/webhooks/{endpoint}/pause': { post: operations['pauseWebhook'] };
  '/api/webhooks/{endpoint}/resume': { post: operations['resumeWebhook'] };
  '/api/webhooks/deliveries': { get: operations['listDeliveries'] };
  '/api/webhooks/deliveries/{id}/redeliver': { post: operations['redeliver'] };
  '/api/webhooks/test': { post: operations['testWebhook'] };
  '/api/keys': { get: operations['listKeys']; post: operations['createKey'] };
  '/api/keys/{id}': { delete: operations['revokeKey'] };
  '/api/audit': { get: operations['listAudit'] };
  '/metrics': { get: operations['getMetrics'] };
  '/openapi.json': { get: operations['getOpenApi'] };
}
export interface operations {
  /** The process is alive */
  getHealth: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody?: never;
    responses: {
      /** Alive */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            status: 'ok';
            version: string;
            uptimeSeconds: number;
          };
        };
      };
      400: components['responses']['bad_request'];
      default: components['responses']['Problem'];
    };
  };
  /** The fleet is restored and takes commands */
  getReadiness: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody?: never;
    responses: {
      /** Ready */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            status: 'ready';
          };
        };
      };
      400: components['responses']['bad_request'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Name and role of the key that is used */
  getMe: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody?: never;
    responses: {
      /** The key */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            name: string;
            role: 'viewer' | 'operator' | 'admin';
            /** The only sessions that the key may see; null: all */
            sessionIds: string[] | null;
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** All sessions */
  listSessions: {
    parameters: {
      query?: {
        /** `next` of the page before */
        after?: string;
        /** Absent: the whole list */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The sessions */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            items: components['schemas']['Session'][];
            /** For `?after=`; absent on the last page */
            next?: string;
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Create a session and, unless told otherwise, connect it */
  createSession: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody: {
      content: {
        'application/json': {
          /** Id of the session */
          id: string;
          /** A name for people */
          label?: string | null;
          webhook?: {
            url: string;
            /** Sent as `Authorization: Bearer …`; never shown again */
            token?: string | null;
            /** Key of X-Webhook-Hmac; never shown again */
            hmacKey?: string | null;
            /** Events to report; null reports all but `session.qr`, which must be named */
            events?:
              | (
                  | 'session.status'
                  | 'session.qr'
                  | 'message'
                  | 'message.ack'
                  | 'message.sent'
                  | 'message.failed'
                  | 'message.edited'
                  | 'message.revoked'
                  | 'message.reaction'
                  | 'incident.opened'
                  | 'incident.closed'
                )[]
              | null;
          } | null;
          /** Proxy of the browser */
          proxy?: string | null;
          /** Connect at once */
          start?: boolean;
        };
      };
    };
    responses: {
      /** The new session */
      201: {
        headers: { 'X-Request-Id'?: string; Location?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Session'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      409: components['responses']['fleet_full_or_session_exists'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** One session */
  getSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The session */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Session'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      404: components['responses']['session_not_found'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Change label, webhook or proxy; what is left out stays, null removes */
  changeSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** A name for people */
          label?: string | null;
          webhook?: {
            url: string;
            /** Sent as `Authorization: Bearer …`; never shown again */
            token?: string | null;
            /** Key of X-Webhook-Hmac; never shown again */
            hmacKey?: string | null;
            /** Events to report; null reports all but `session.qr`, which must be named */
            events?:
              | (
                  | 'session.status'
                  | 'session.qr'
                  | 'message'
                  | 'message.ack'
                  | 'message.sent'
                  | 'message.failed'
                  | 'message.edited'
                  | 'message.revoked'
                  | 'message.reaction'
                  | 'incident.opened'
                  | 'incident.closed'
                )[]
              | null;
          } | null;
          /** Proxy of the browser */
          proxy?: string | null;
        };
      };
    };
    responses: {
      /** The session */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Session'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['session_not_found'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Stop the session, forget it and discard its credentials */
  removeSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The session is gone */
      204: { headers: { 'X-Request-Id'?: string; [name: string]: unknown }; content?: never };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['session_not_found'];
      409: components['responses']['discard_failed'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Timeline of the session, oldest first */
  listEvents: {
    parameters: {
      query?: {
        /** `next` of the page before */
        after?: string;
        limit?: number;
      };
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** Entries of the timeline */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            items: components['schemas']['Event'][];
            /** For `?after=`; absent on the last page */
            next?: string;
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      404: components['responses']['session_not_found'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** How long it was connected and how fast it came back, during the last hours */
  getUptime: {
    parameters: {
      query?: {
        /** How far to look back */
        hours?: number;
      };
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** As far back as its timeline goes */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            from: string;
            to: string;
            /** Of the time when it should have been connected, 0 to 1; null when there was no such time */
            upShare: number | null;
            upMs: number;
            /** Wanted and not connected, also because the service did not run */
            downMs: number;
            /** Not wanted, asleep, or waiting for a scan */
            offMs: number;
            /** Before it was first seen up, down or off */
            unknownMs: number;
            /** How often it was down, for whatever reason, a planned change of the browser included */
            timesDown: number;
            /** From a loss to the return: half of the faults, and 95 of 100, were healed within so much */
            timeToRecoverMs: {
              p50: number | null;
              p95: number | null;
              count: number;
            };
            segments: {
              kind: 'up' | 'down' | 'off' | 'unknown';
              from: string;
              to: string;
            }[];
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      404: components['responses']['session_not_found'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Memory of its browser during the last day, oldest first */
  listMemory: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** One value a minute, since the service started at most */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            items: {
              at: string;
              /** The browser with all its processes; null from here on while none ran */
              bytes: number | null;
            }[];
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      404: components['responses']['session_not_found'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Figures of the whole fleet */
  getStats: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody?: never;
    responses: {
      /** The figures */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Stats'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Want the session running; does nothing when it is */
  connectSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: { content: { 'application/json': Record<string, never> } };
    responses: {
      /** The session */
      202: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Session'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['session_not_found'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Stop the session; its credentials stay unless `force` is set */
  disconnectSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': {
          /** Also delete the credentials and reset the counters */
          force?: boolean;
        };
      };
    };
    responses: {
      /** The session */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Session'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['session_not_found'];
      409: components['responses']['discard_failed'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Reset counters and circuit breaker and start afresh */
  forceReconnectSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: { content: { 'application/json': Record<string, never> } };
    responses: {
      /** The session */
      202: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Session'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['session_not_found'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Reset counters and circuit breaker and start afresh */
  forceReconnectSessionAtOldPath: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        sessionId: string;
      };
      cookie?: never;
    };
    requestBody?: { content: { 'application/json': Record<string, never> } };
    responses: {
      /** The session */
      202: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Session'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['session_not_found'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Unlink the device at WhatsApp */
  logoutSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: { content: { 'application/json': Record<string, never> } };
    responses: {
      /** The session */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Session'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['session_not_found'];
      409: components['responses']['not_connected'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** A code to type into the phone instead of scanning the QR code */
  requestPairingCode: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** Phone number with its country code */
          phoneNumber: string;
        };
      };
    };
    responses: {
      /** The code */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            code: string;
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['session_not_found'];
      409: components['responses']['not_waiting_for_scan'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      502: components['responses']['client_failed'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** The QR code to scan now, in the form named by Accept; 404 `no_qr` while there is none */
  getQr: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The QR code */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'image/png': string;
          'image/svg+xml': string;
          'text/plain': string;
          'application/json': components['schemas']['Qr'];
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['no_qr_or_session_not_found'];
      406: components['responses']['not_acceptable'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Picture of the WhatsApp Web page; may show a QR code and chats */
  getScreenshot: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** PNG of the page */
      200: { headers: { 'X-Request-Id'?: string; [name: string]: unknown }; content: { 'image/png': string } };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['session_not_found'];
      409: components['responses']['not_connected'];
      429: components['responses']['too_many_requests'];
      502: components['responses']['client_failed'];
      default: components['responses']['Problem'];
    };
  };
  /** Chats, newest first */
  listChats: {
    parameters: {
      query?: {
        /** `next` of the page before */
        after?: string;
        /** Absent: the whole list */
        limit?: number;
      };
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The chats */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            items: components['schemas']['Chat'][];
            /** For `?after=`; absent on the last page */
            next?: string;
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      404: components['responses']['session_not_found'];
      409: components['responses']['not_connected'];
      429: components['responses']['too_many_requests'];
      502: components['responses']['client_failed'];
      default: components['responses']['Problem'];
    };
  };
  /** What WhatsApp knows of a phone number */
  getContact: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
        /** Phone number with its country code */
        number: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The contact */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Contact'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      404: components['responses']['session_not_found'];
      409: components['responses']['not_connected'];
      429: components['responses']['too_many_requests'];
      502: components['responses']['client_failed'];
      default: components['responses']['Problem'];
    };
  };
  /** Send a message: it is stored first and then sent, or reported as failed */
  sendMessage: {
    parameters: {
      query?: never;
      header?: {
        /** The same key with the same body gives the same message; with another body 409 */
        'Idempotency-Key'?: string;
        /** `wait=SECONDS` (60 at most): answer only once the message is sent, or after this time */
        Prefer?: string;
      };
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** Phone number with its country code, or a chat id: …@c.us, …@g.us, …@lid */
          to: string;
          text?: string;
          media?: {
            /** Fetched when its turn comes */
            url?: string;
            /** The bytes themselves */
            base64?: string;
            mimeType: string;
            /** What the receiver of a document sees */
            fileName?: string;
          };
          /** Only with media */
          caption?: string;
          location?: {
            latitude: number;
            longitude: number;
            name?: string;
            address?: string;
          };
          /** The `id` of a received message or the `waMessageId` of a sent one that this one replies to */
          quotedMessageId?: string;
          /** Still queued after this time, it is reported as failed (`expired`) and not sent; absent: for ever */
          validForSeconds?: number;
        };
      };
    };
    responses: {
      /** With `Prefer: wait`: the message, which is sent or has failed */
      200: {
        headers: {
          'X-Request-Id'?: string;
          Location?: string;
          'Idempotent-Replayed'?: string;
          'Preference-Applied'?: string;
          [name: string]: unknown;
        };
        content: { 'application/json': components['schemas']['SentMessage'] };
      };
      /** The message is stored and will be sent or reported */
      202: {
        headers: {
          'X-Request-Id'?: string;
          Location?: string;
          'Idempotent-Replayed'?: string;
          'Preference-Applied'?: string;
          [name: string]: unknown;
        };
        content: { 'application/json': components['schemas']['AcceptedMessage'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['session_not_found'];
      409: components['responses']['idempotency_conflict_or_not_connected_or_not_linked'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Messages sent or received, oldest first */
  listMessages: {
    parameters: {
      query?: {
        /** `next` of the page before */
        after?: string;
        limit?: number;
        /** `received` lists the inbox */
        direction?: 'sent' | 'received';
        /** Only with direction=sent */
        status?: 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'uncertain';
        /** Phone number with its country code, or a chat id: …@c.us, …@g.us, …@lid */
        to?: string;
      };
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The messages */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            items: (components['schemas']['SentMessage'] | components['schemas']['ReceivedMessage'])[];
            /** For `?after=`; absent on the last page */
            next?: string;
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      404: components['responses']['session_not_found'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Cancel a message that is still queued */
  cancelMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
        messageId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The message, which has failed with code `cancelled` */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['SentMessage'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['message_not_found_or_session_not_found'];
      409: components['responses']['not_cancellable'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** One message of the outbox */
  getMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the session */
        id: string;
        messageId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The message */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['SentMessage'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      404: components['responses']['message_not_found_or_session_not_found'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Messages received, in the order in which they came */
  listInbox: {
    parameters: {
      query?: {
        /** `next` of the page before */
        after?: string;
        limit?: number;
      };
      header?: never;
      path: {
        /** Id of the session */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The messages */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            items: components['schemas']['ReceivedMessage'][];
            /** For `?after=`; absent on the last page */
            next?: string;
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      404: components['responses']['session_not_found'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** A file that came with a message, by the link in `media.url`; needs no key */
  getMedia: {
    parameters: {
      query: {
        /** As it stands in the link */
        expires: string;
        /** As it stands in the link */
        signature: string;
      };
      header?: never;
      path: {
        mediaId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The file */
      200: {
        headers: { 'X-Request-Id'?: string; 'Content-Disposition'?: string; [name: string]: unknown };
        content: { '*/*': string };
      };
      /** The piece of the file that `Range` asked for */
      206: {
        headers: { 'X-Request-Id'?: string; 'Content-Disposition'?: string; [name: string]: unknown };
        content: { '*/*': string };
      };
      400: components['responses']['bad_request'];
      403: components['responses']['link_invalid'];
      404: components['responses']['media_not_found'];
      410: components['responses']['link_expired'];
      503: components['responses']['media_not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Incidents, newest first */
  listIncidents: {
    parameters: {
      query?: {
        /** `next` of the page before */
        after?: string;
        limit?: number;
        /** Only those that are open, or only those that are closed */
        open?: 'true' | 'false';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The incidents */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            items: components['schemas']['Incident'][];
            /** For `?after=`; absent on the last page */
            next?: string;
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Who is told of what: the webhooks of the configuration, then those of sessions */
  listWebhooks: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody?: never;
    responses: {
      /** The webhooks */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            items: components['schemas']['Webhook'][];
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Tell a webhook nothing for the time being; what is for it waits */
  pauseWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** As GET /api/webhooks names it */
        endpoint: string;
      };
      cookie?: never;
    };
    requestBody?: { content: { 'application/json': Record<string, never> } };
    responses: {
      /** The webhook */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Webhook'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      409: components['responses']['no_webhook'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Tell a webhook again: all that waited, at once and in order */
  resumeWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** As GET /api/webhooks names it */
        endpoint: string;
      };
      cookie?: never;
    };
    requestBody?: { content: { 'application/json': Record<string, never> } };
    responses: {
      /** The webhook */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Webhook'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      409: components['responses']['no_webhook'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Deliveries to webhooks, oldest first; `status=dead` lists the dead letters */
  listDeliveries: {
    parameters: {
      query?: {
        /** `next` of the page before */
        after?: string;
        limit?: number;
        status?: 'queued' | 'delivered' | 'dead';
        /** Id of the session */
        sessionId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The deliveries */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            items: components['schemas']['Delivery'][];
            /** For `?after=`; absent on the last page */
            next?: string;
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Send a delivery again, whatever became of it, with the same request id */
  redeliver: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the delivery */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: { content: { 'application/json': Record<string, never> } };
    responses: {
      /** The delivery, which is queued again */
      202: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['Delivery'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['delivery_not_found'];
      409: components['responses']['no_webhook'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Send an event `webhook.test` now, once, and tell what came of it */
  testWebhook: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody: {
      content: {
        'application/json':
          | {
              /** Id of the session */
              sessionId: string;
            }
          | {
              url: string;
              /** Sent as `Authorization: Bearer …`; never shown again */
              token?: string | null;
              /** Key of X-Webhook-Hmac; never shown again */
              hmacKey?: string | null;
            };
      };
    };
    responses: {
      /** What the receiver answered */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['WebhookTest'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['session_not_found'];
      409: components['responses']['no_webhook'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** API keys without their secrets, oldest first */
  listKeys: {
    parameters: {
      query?: {
        /** `next` of the page before */
        after?: string;
        /** Absent: the whole list */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The keys */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            items: components['schemas']['ApiKey'][];
            /** For `?after=`; absent on the last page */
            next?: string;
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Make an API key; the answer is the only one that shows its secret */
  createKey: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody: {
      content: {
        'application/json': {
          /** For people: who or what uses it */
          name: string;
          role: 'viewer' | 'operator' | 'admin';
          /** The only sessions that it sees and touches, which need not exist yet */
          sessionIds?: string[] | null;
          /** Not taken any more from then on */
          expiresAt?: string | null;
        };
      };
    };
    responses: {
      /** The new key */
      201: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': components['schemas']['NewApiKey'] };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      413: components['responses']['payload_too_large'];
      415: components['responses']['unsupported_media_type'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Revoke an API key at once; connections that are open with it end within seconds */
  revokeKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** Id of the key */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The key is revoked */ 204: { headers: { 'X-Request-Id'?: string; [name: string]: unknown }; content?: never };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      404: components['responses']['key_not_found'];
      409: components['responses']['key_needed'];
      429: components['responses']['too_many_requests'];
      503: components['responses']['not_ready'];
      default: components['responses']['Problem'];
    };
  };
  /** Requests that changed something or tried to, newest first */
  listAudit: {
    parameters: {
      query?: {
        /** `next` of the page before */
        after?: string;
        limit?: number;
        /** Id of the session */
        sessionId?: string;
        /** Id of the key */
        keyId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** The requests */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: {
          'application/json': {
            items: components['schemas']['AuditEntry'][];
            /** For `?after=`; absent on the last page */
            next?: string;
          };
        };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** Figures of the whole fleet for Prometheus */
  getMetrics: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody?: never;
    responses: {
      /** The figures */
      200: { headers: { 'X-Request-Id'?: string; [name: string]: unknown }; content: { 'text/plain': string } };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      403: components['responses']['forbidden'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
  /** This document */
  getOpenApi: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody?: never;
    responses: {
      /** The OpenAPI document */
      200: {
        headers: { 'X-Request-Id'?: string; [name: string]: unknown };
        content: { 'application/json': Record<string, unknown> };
      };
      400: components['responses']['bad_request'];
      401: components['responses']['unauthorized'];
      429: components['responses']['too_many_requests'];
      default: components['responses']['Problem'];
    };
  };
}
export interface components {
  schemas: {
    Problem: {
      /** `urn:wakeful:error:<code>` */
      type: string;
      title: string;
      status: number;
      /** What was expected, what came and what to do */
      detail: string;
      code:
        | 'bad_request'
        | 'unauthorized'
        | 'forbidden'
        | 'not_found'
        | 'session_not_found'
        | 'message_not_found'
        | 'delivery_not_found'
        | 'key_not_found'
        | 'media_not_found'
        | 'link_invalid'
        | 'link_expired'
        | 'no_qr'
        | 'method_not_allowed'
        | 'not_acceptable'
        | 'request_timeout'
        | 'session_exists'
        | 'idempotency_conflict'
        | 'key_needed'
        | 'no_webhook'
        | 'not_connected'
        | 'not_linked'
        | 'not_cancellable'
        | 'not_waiting_for_scan'
        | 'discard_failed'
        | 'fleet_full'
        | 'payload_too_large'
        | 'unsupported_media_type'
        | 'too_many_requests'
        | 'headers_too_large'
        | 'internal'
        | 'client_failed'
        | 'media_not_ready'
        | 'not_ready';
      sessionId?: string;
      /** Whether the same request can succeed later */
      retryable: boolean;
      /** The X-Request-Id of the answer, as in the log */
      requestId: string;
      /** What is wrong where in the request */
      errors?: {
        path: string;
        message: string;
      }[];
    };
    Session: {
      id: string;
      /** A name for people */
      label: string | null;
      /** Digits with the country code; null until it is linked */
      phoneNumber: string | null;
      status:
        | 'idle'
        | 'connecting'
        | 'qr_pending'
        | 'connected'
        | 'reconnecting'
        | 'suspended'
        | 'disconnected'
        | 'error';
      /** Why it has this status */
      reason:
        | 'never_started'
        | 'starting'
        | 'waiting_for_scan'
        | 'ready'
        | 'forced'
        | 'recycled'
        | 'asleep'
        | 'browser_crashed'
        | 'page_crashed'
        | 'page_reloaded'
        | 'page_hung'
        | 'browser_hung'
        | 'launch_failed'
        | 'browser_missing'
        | 'socket_lost'
        | 'stale'
        | 'network_down'
        | 'init_timeout'
        | 'ready_timeout'
        | 'conflict'
        | 'auth_failed'
        | 'logged_out'
        | 'not_linked'
        | 'qr_timeout'
        | 'banned'
        | 'outdated'
        | 'proxy_blocked'
        | 'profile_in_use'
        | 'profile_corrupt'
        | 'disk_full'
        | 'stopped_by_operator';
      /** What is going on, for a person */
      message: string;
      /** What a person must do */
      userAction:
        | 'none'
        | 'scan_qr'
        | 'force_reconnect'
        | 'open_phone'
        | 'free_disk'
        | 'install_browser'
        | 'close_other_owner'
        | 'contact_whatsapp'
        | 'wait_for_update';
      /** When it got this status */
      since: string;
      /** What the operator wants */
      desired: 'running' | 'stopped';
      /** Attempts to connect since it was last stable */
      attempt: number;
      /** After so many it gives up; null: never */
      maxAttempts: number | null;
      /** null when no attempt waits */
      nextAttemptAt: string | null;
      lastReconnectAttempt: string | null;
      /** An attempt is running now */
      isReconnecting: boolean;
      /** Faults since it was last stable */
      errorCount: number;
      circuit: {
        state: 'closed' | 'open' | 'half_open';
        resumesAt: string | null;
      };
      /** Refusals of the login in a row; some of them discard it */
      connectionFailureCount: number;
      lastConnectionFailure: string | null;
      lastQrScanAt: string | null;
      lastConnectionCheckAt: string | null;
      lastActivityAt: string | null;
      /** Since it is connected; 0 while it is not */
      uptimeSeconds: number;
      isConnected: boolean;
      browser: {
        pid: number;
        memoryBytes: number;
        startedAt: string;
        engine: 'headless-shell' | 'chromium';
      } | null;
      /** Version of WhatsApp Web */
      webVersion: string | null;
      health: {
        verdict: string;
        checkedAt: string | null;
        latencyMs: number | null;
      };
    };
    Event: {
      seq: number;
      sessionId: string;
      at: string;
      event: string;
      message: string;
      data: Record<string, unknown>;
    };
    Stats: {
      sessions: number;
      byStatus: Record<
        'idle' | 'connecting' | 'qr_pending' | 'connected' | 'reconnecting' | 'suspended' | 'disconnected' | 'error',
        number
      >;
      uptimeSeconds: number;
      /** How far the restore after a start is; null when everybody is connected, rests or waits for a person */
      restoring: {
        connected: number;
        /** All that the start of the service brings back */
        of: number;
        /** At the pace so far; null while that is not known */
        remainingSeconds: number | null;
        /** `12 of 40 connected, about 50 s` */
        message: string;
      } | null;
      /** From a loss to the return: half of the faults, and 95 of 100, were healed within so much */
      timeToRecoverMs: {
        p50: number | null;
        p95: number | null;
        count: number;
      };
      failures: {
        mean: number;
        atThreshold: number;
        last24Hours: number;
      };
      memory: {
        /** Memory that the machine has left; null when it cannot be told */
        availableBytes: number | null;
        /** Memory of all browsers together */
        browsersBytes: number;
      };
    };
    Qr: {
      /** The text that the picture encodes */
      qr: string;
      /** Until when codes are shown; the code itself changes about every 20 s */
      expiresAt: string;
    };
    Chat: {
      id: string;
      name: string | null;
      isGroup: boolean;
      unreadCount: number;
      /** Milliseconds since 1970 of the last message */
      timestamp: number | null;
    };
    Contact: {
      phoneNumber: string;
      /** Whether the number is on WhatsApp */
      registered: boolean;
      id: string | null;
      name: string | null;
    };
    SentMessage: {
      id: string;
      /** …@c.us of the sender, also when the message came from a …@lid */
      from: string | null;
      to: string;
      chatId: string;
      body: string;
      type: string;
      /** Milliseconds since 1970 */
      timestamp: number;
      fromMe: boolean;
      ack: number;
      media?: {
        mimeType: string;
        fileName: string | null;
        url: string | null;
      };
      location?: {
        latitude: number;
        longitude: number;
        name: string | null;
        address: string | null;
      };
      quotedMessageId?: string;
      status: 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'uncertain';
      /** Why it is `failed` or `uncertain` */
      code: string | null;
      waMessageId: string | null;
      idempotencyKey: string | null;
      attempts: number;
      expiresAt: string | null;
      createdAt: string;
      updatedAt: string;
    };
    AcceptedMessage: {
      id: string;
      status: 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'uncertain';
      /** Why it is not sent at once */
      detail?: string;
    };
    ReceivedMessage: {
      id: string;
      /** …@c.us of the sender, also when the message came from a …@lid */
      from: string | null;
      to: string;
      chatId: string;
      body: string;
      type: string;
      /** Milliseconds since 1970 */
      timestamp: number;
      fromMe: boolean;
      ack: number;
      /** …@lid of the sender, when it is known */
      fromLid?: string;
      quotedMessageId?: string;
      /** The file that came with the message */
      media?: {
        /** As the sender says */
        mimeType: string;
        fileName?: string;
        sizeBytes: number;
        /** Gives the file without a key; null when it is larger than what is kept */
        url: string | null;
        /** Until then the link is good; the file is deleted then */
        expiresAt: string | null;
      };
      /** When its words were changed last; milliseconds since 1970 */
      editedAt?: number;
      /** When it was deleted for everyone: its words and its file are gone */
      revokedAt?: number;
    };
    Incident: {
      id: string;
      /** `outage`: several sessions were lost for the same reason */
      kind: 'network_down' | 'web_version' | 'outage';
      reason:
        | 'never_started'
        | 'starting'
        | 'waiting_for_scan'
        | 'ready'
        | 'forced'
        | 'recycled'
        | 'asleep'
        | 'browser_crashed'
        | 'page_crashed'
        | 'page_reloaded'
        | 'page_hung'
        | 'browser_hung'
        | 'launch_failed'
        | 'browser_missing'
        | 'socket_lost'
        | 'stale'
        | 'network_down'
        | 'init_timeout'
        | 'ready_timeout'
        | 'conflict'
        | 'auth_failed'
        | 'logged_out'
        | 'not_linked'
        | 'qr_timeout'
        | 'banned'
        | 'outdated'
        | 'proxy_blocked'
        | 'profile_in_use'
        | 'profile_corrupt'
        | 'disk_full'
        | 'stopped_by_operator';
      openedAt: string;
      /** null while it is open */
      closedAt: string | null;
      /** Everybody who was ever affected, in order of joining */
      sessionIds: string[];
      /** What happened, and once it is closed who is back, for a person */
      message: string;
    };
    Webhook: {
      /** `session:<id>`, or `global:…` for one of the configuration */
      endpoint: string;
      /** null for one of the configuration */
      sessionId: string | null;
      /** Scheme, host and port */
      receiver: string;
      /** null: all but `session.qr` */
      events: string[] | null;
      /** Since when it is told nothing until somebody resumes it; null when it is told */
      pausedSince: string | null;
    };
    Delivery: {
      /** X-Webhook-Request-Id of every attempt */
      id: string;
      /** `id` in the body */
      eventId: string;
      event: string;
      sessionId: string | null;
      /** `session:<id>`, or `global:…` for one of the configuration */
      endpoint: string;
      /** Scheme, host and port; null when no webhook is set any more */
      receiver: string | null;
      status: 'queued' | 'delivered' | 'dead';
      attempts: number;
      /** Earliest time of the next attempt; null when it is over */
      nextAttemptAt: string | null;
      /** HTTP status of the last answer, null when none came */
      lastStatus: number | null;
      lastError: string | null;
      createdAt: string;
      updatedAt: string;
    };
    WebhookTest: {
      delivered: boolean;
      /** HTTP status of the answer, null when none came */
      status: number | null;
      latencyMs: number;
      error: string | null;
    };
    ApiKey: {
      id: string;
      name: string;
      role: 'viewer' | 'operator' | 'admin';
      /** The only sessions that it sees and touches; null: every one */
      sessionIds: string[] | null;
      createdAt: string;
      /** Not taken any more from then on; null: never */
      expiresAt: string | null;
      /** To the minute; null: never */
      lastUsedAt: string | null;
    };
    NewApiKey: {
      id: string;
      name: string;
      role: 'viewer' | 'operator' | 'admin';
      /** The only sessions that it sees and touches; null: every one */
      sessionIds: string[] | null;
      createdAt: string;
      /** Not taken any more from then on; null: never */
      expiresAt: string | null;
      /** To the minute; null: never */
      lastUsedAt: string | null;
      /** The key itself, shown this once: only its hash is kept */
      secret: string;
    };
    AuditEntry: {
      seq: number;
      /** When the answer was given */
      at: string;
      keyId: string;
      keyName: string;
      role: 'viewer' | 'operator' | 'admin';
      /** Method and pattern of the path, such as `DELETE /api/sessions/:id` */
      action: string;
      /** The session that was meant; null when it was none */
      sessionId: string | null;
      /** The key, the delivery or the webhook that was meant; null when it was none */
      targetId: string | null;
      /** HTTP status of the answer; null when the caller did not wait for it */
      status: number | null;
      /** Address of the caller, or of the proxy in front */
      ip: string;
    };
  };
  responses: {
    /** Any other refusal */
    Problem: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: { 'application/problem+json': components['schemas']['Problem'] };
    };
    /** `bad_request`: The request is not valid */
    bad_request: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'bad_request';
        };
      };
    };
    /** `not_ready`: Starting or shutting down */
    not_ready: {
      headers: { 'X-Request-Id'?: string; 'Retry-After'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'not_ready';
        };
      };
    };
    /** `too_many_requests`: Too many requests */
    too_many_requests: {
      headers: { 'X-Request-Id'?: string; 'Retry-After'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'too_many_requests';
        };
      };
    };
    /** `unauthorized`: A valid API key is needed */
    unauthorized: {
      headers: { 'X-Request-Id'?: string; 'WWW-Authenticate'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'unauthorized';
        };
      };
    };
    /** `fleet_full`: No more sessions may be created; `session_exists`: A session of this id exists already */
    fleet_full_or_session_exists: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'fleet_full' | 'session_exists';
        };
      };
    };
    /** `forbidden`: This key may not do that */
    forbidden: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'forbidden';
        };
      };
    };
    /** `payload_too_large`: The body is too large */
    payload_too_large: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'payload_too_large';
        };
      };
    };
    /** `unsupported_media_type`: The body must be JSON */
    unsupported_media_type: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'unsupported_media_type';
        };
      };
    };
    /** `session_not_found`: Connection not found */
    session_not_found: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'session_not_found';
        };
      };
    };
    /** `discard_failed`: The login could not be discarded */
    discard_failed: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'discard_failed';
        };
      };
    };
    /** `not_connected`: No active WhatsApp connection */
    not_connected: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'not_connected';
        };
      };
    };
    /** `client_failed`: WhatsApp Web did not do what was asked */
    client_failed: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'client_failed';
        };
      };
    };
    /** `not_waiting_for_scan`: The session is not waiting to be linked */
    not_waiting_for_scan: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'not_waiting_for_scan';
        };
      };
    };
    /** `no_qr`: There is no QR code to scan now; `session_not_found`: Connection not found */
    no_qr_or_session_not_found: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'no_qr' | 'session_not_found';
        };
      };
    };
    /** `not_acceptable`: None of the accepted types can be given */
    not_acceptable: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'not_acceptable';
        };
      };
    };
    /** `idempotency_conflict`: This idempotency key was used for another message; `not_connected`: No active WhatsApp connection; `not_linked`: A person must scan a QR code first */
    idempotency_conflict_or_not_connected_or_not_linked: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'idempotency_conflict' | 'not_connected' | 'not_linked';
        };
      };
    };
    /** `message_not_found`: Message not found; `session_not_found`: Connection not found */
    message_not_found_or_session_not_found: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'message_not_found' | 'session_not_found';
        };
      };
    };
    /** `not_cancellable`: The message is no longer queued */
    not_cancellable: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'not_cancellable';
        };
      };
    };
    /** `link_expired`: This link is too old */
    link_expired: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'link_expired';
        };
      };
    };
    /** `link_invalid`: This link was not given out here */
    link_invalid: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'link_invalid';
        };
      };
    };
    /** `media_not_found`: The file is not here */
    media_not_found: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'media_not_found';
        };
      };
    };
    /** `media_not_ready`: The file has not come yet */
    media_not_ready: {
      headers: { 'X-Request-Id'?: string; 'Retry-After'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'media_not_ready';
        };
      };
    };
    /** `no_webhook`: No webhook is set */
    no_webhook: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'no_webhook';
        };
      };
    };
    /** `delivery_not_found`: Delivery not found */
    delivery_not_found: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'delivery_not_found';
        };
      };
    };
    /** `key_needed`: This key cannot be revoked */
    key_needed: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'key_needed';
        };
      };
    };
    /** `key_not_found`: API key not found */
    key_not_found: {
      headers: { 'X-Request-Id'?: string; [name: string]: unknown };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          code?: 'key_not_found';
        };
      };
    };
  };
}
