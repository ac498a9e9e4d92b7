import type { PageContext } from './page-context.js';

function encodeB64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function randomKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}

/** Modules for linking, the socket and the start of the page. */
export function lifeModules(page: PageContext): Record<string, unknown> {
  const identity = { identityKeyPair: { pubKey: randomKey() } };
  const noise = { staticKeyPair: { pubKey: randomKey() } };
  const advSecret = encodeB64(randomKey());
  const refreshQR = (): void => void page.session.send({ kind: 'refresh-qr' });
  Object.assign(page.cmd, { refreshQR });

  return {
    WAWebSocketModel: { Socket: page.socket },
    WAWebCmd: { Cmd: page.cmd },
    WAWebConnModel: { Conn: page.conn },
    WAWebOfflineHandler: {
      OfflineMessageHandler: { getOfflineDeliveryProgress: () => page.session.progress },
    },
    WAWebAltDeviceLinkingApi: {
      setPairingType: () => undefined,
      initializeAltDeviceLinking: async () => undefined,
      initializeQRLinking: async () => undefined,
      startAltLinkingFlow: (phoneNumber: string) => page.session.ask({ about: 'pairing-code', phoneNumber }),
    },
    WAWebLaunchSocketUtils: { refreshQR },
    WABase64: { encodeB64 },
    WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: '1' },
    WAWebAdvSignatureApi: {},
    WAWebUserPrefsInfoStore: { waNoiseInfo: { get: async () => noise } },
    WAWebSignalStoreApi: { waSignalStore: { getRegistrationInfo: async () => identity } },
    WAWebUserPrefsMultiDevice: { getADVSecretKey: () => advSecret },
    WAWebUserPrefsMeUser: {
      getMaybeMePnUser: () => page.store.me?.phone,
      getMaybeMeLidUser: () => page.store.me?.lid,
      getMeUser: () => page.store.me?.phone,
    },
    WAWebMiscBrowserUtils: { info: () => ({ os: 'Linux', name: 'Chrome', version: '156' }) },
    WAWebSyncGatingUtils: { isPlaceholderMessageResendEnabled: () => false },
    WAWebStreamModel: {
      Stream: { markAvailable: () => undefined, markUnavailable: () => undefined, displayInfo: 'NORMAL' },
    },
  };
}
