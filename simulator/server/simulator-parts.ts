import { DEFAULT_SETTINGS, type SimulatorSettings } from '../settings.js';
import { FaultActions } from './fault-actions.js';
import { FaultBoard } from './fault-board.js';
import { PhoneActions } from './phone-actions.js';
import { WhatsApp } from './whatsapp.js';

/** The settings in force; a patch applies at once, or to the next page load where the page has them already. */
export class SettingsHolder {
  #current: SimulatorSettings = DEFAULT_SETTINGS;

  get current(): SimulatorSettings {
    return this.#current;
  }

  change(patch: { [K in keyof SimulatorSettings]?: SimulatorSettings[K] | undefined }): SimulatorSettings {
    const given = Object.entries(patch).filter(([, value]) => value !== undefined);
    this.#current = { ...this.#current, ...Object.fromEntries(given) };
    return this.#current;
  }

  reset(): void {
    this.#current = DEFAULT_SETTINGS;
  }
}

/** Everything that the control API steers. */
export interface SimulatorParts {
  readonly settings: SettingsHolder;
  readonly board: FaultBoard;
  readonly whatsapp: WhatsApp;
  readonly phone: PhoneActions;
  readonly faults: FaultActions;
  reset(): void;
}

/**
 * @param dirty called when the accounts have changed
 * @param settled called when a fault has begun or ended
 */
export function createSimulatorParts(dirty: () => void, settled: () => void): SimulatorParts {
  const settings = new SettingsHolder();
  const board = new FaultBoard(() => {
    for (const page of whatsapp.pages) page.settle();
    settled();
  });
  const whatsapp = new WhatsApp(() => settings.current, board, dirty);
  const phone = new PhoneActions(whatsapp, dirty);
  const faults = new FaultActions(whatsapp, board, phone);
  return {
    settings,
    board,
    whatsapp,
    phone,
    faults,
    reset() {
      board.clear();
      settings.reset();
      whatsapp.reset();
      dirty();
    },
  };
}
