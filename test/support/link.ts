import type { Simulator } from '../../simulator/client.js';
import type { TestService } from './service.js';
import { until } from './until.js';

/** Creates a session by the API, scans its QR code with the phone and resolves when it is connected. */
export async function linkSession(
  service: TestService,
  simulator: Simulator,
  id: string,
  phoneNumber: string,
): Promise<void> {
  await service.call('POST', '/api/sessions', { id });
  await scan(service, simulator, id, phoneNumber);
  await service.reaches(id, 'connected');
}

/** Scans the QR code on show; a code that rotated in between is asked for again. */
export async function scan(service: TestService, simulator: Simulator, id: string, phoneNumber: string): Promise<void> {
  await until(`${id} is scanned`, 60_000, async () => {
    const { status, body } = await service.call<{ qr: string }>('GET', `/api/sessions/${id}/qr`, undefined, {
      accept: 'application/json',
    });
    if (status !== 200) return false;
    return simulator.client.scanQr(body.qr, phoneNumber).then(
      () => true,
      () => false,
    );
  });
}
