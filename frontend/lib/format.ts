/** Numbers and times as people read them. */

/** Seconds as 1:02:03.4 (hours only when there are any). */
export function clockTime(seconds: number, decimals = 1): string {
  const scale = 10 ** decimals;
  const whole = Math.round(Math.max(0, seconds) * scale) / scale;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = (whole % 60).toFixed(decimals).padStart(decimals > 0 ? 3 + decimals : 2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** A span in words short enough for a table: 4 s, 3 min 20 s, 2 h 5 min. */
export function spanWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
  const minutes = Math.round((whole % 3600) / 60);
  return minutes ? `${Math.floor(whole / 3600)} h ${minutes} min` : `${Math.floor(whole / 3600)} h`;
}

/** Scene time as wall-clock time of the scene's time zone where its start is known, as m:ss.s otherwise. */
export function sceneTime(seconds: number, startsAt: string | null, timeZone: string): string {
  if (!startsAt) return clockTime(seconds);
  const at = new Date(Date.parse(startsAt) + seconds * 1000);
  const text = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 1,
    hour12: false,
  });
  return text.format(at);
}

/** A moment as the reader's date and time, with the time zone: 21 Nov 2026, 12:05 CET. */
export function dateAndTime(iso: string, timeZone?: string): string {
  const text = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  });
  return text.format(new Date(iso));
}

/** A moment of today as the reader's time, 12:05, and of other days with the day, 20 Nov 12:05. */
export function shortMoment(iso: string, now: Date, timeZone?: string): string {
  const day = new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "short" });
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  const at = new Date(iso);
  const isToday = day.format(at) === day.format(now);
  return isToday ? time.format(at) : `${day.format(at)} ${time.format(at)}`;
}

/** A fraction as a percentage: 87.3%. What rounds to nothing has no sign. */
export function percent(fraction: number, decimals = 1): string {
  const text = (fraction * 100).toFixed(decimals);
  return `${Number(text) === 0 ? text.replace("-", "") : text}%`;
}

/** "1 camera", "4 cameras". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
