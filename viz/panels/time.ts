/* Virtual time as people read it. */

/** `12,345.678 ms`: milliseconds with thousands set apart, microseconds behind the point. */
export function timeText(at: number): string {
  const whole = Math.floor(at / 1000);
  const micros = String(Math.round(at) % 1000).padStart(3, "0");
  return `${String(whole).replace(/\B(?=(\d{3})+$)/g, ",")}.${micros} ms`;
}

/** What `timeText` wrote, or a person: microseconds; undefined if it is no time. */
export function timeOf(text: string): number | undefined {
  const ms = Number.parseFloat(text.replaceAll(",", ""));
  return Number.isFinite(ms) ? Math.round(ms * 1000) : undefined;
}

/** For an axis: seconds where they are whole enough. */
export function tickText(at: number): string {
  const ms = at / 1000;
  return ms >= 1000 ? `${Math.round(ms) / 1000} s` : `${Math.round(ms * 1000) / 1000} ms`;
}

/** For a short stretch of an axis, where neighbours differ by microseconds. */
export const axisText = (at: number, span: number): string =>
  span >= 20_000 ? tickText(at) : timeText(at).replace(/\.?0+ ms$/, " ms");

/** How far a leap goes. */
export const spanText = (micros: number): string =>
  micros >= 1_000_000
    ? `+${(micros / 1_000_000).toFixed(1)} s`
    : `+${(micros / 1000).toFixed(micros >= 10_000 ? 0 : 1)} ms`;

/** Speed as what one virtual millisecond takes. */
export function speedText(speed: number): string {
  if (speed >= 1000)
    return speed === 1000 ? "real time" : `${Math.round(speed / 100) / 10}× real time`;
  const seconds = 1 / speed;
  const text = seconds >= 1 ? seconds.toFixed(1) : seconds >= 0.095 ? seconds.toFixed(2) : "";
  return text === "" ? `1 ms in ${Math.round(seconds * 1000)} ms` : `1 ms in ${text} s`;
}
