/** A number that the service keeps during a run, with the phone that it belongs to. */
export interface KeptNumber {
  readonly id: string;
  readonly phoneNumber: string;
  /** People who write to it and are written to. */
  readonly customers: readonly string[];
}

const CUSTOMERS_EACH = 3;

/** The numbers of a run, `n1` to `n<count>`. */
export function keptNumbers(count: number): KeptNumber[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `n${index + 1}`,
    phoneNumber: `49151000001${String(index + 1).padStart(2, '0')}`,
    customers: Array.from({ length: CUSTOMERS_EACH }, (_unused, nth) => `49176000${index + 100}0${nth + 1}`),
  }));
}
