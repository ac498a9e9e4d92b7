/** The sign of the house. Beside it stands its name. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M6 17h4l3-8 5 14 3-8 1.5 2H26" />
    </svg>
  );
}
