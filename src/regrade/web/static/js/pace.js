// Time on a screen without the time away from it, and the usual time a screen takes.

const IDLE = 30_000;
const NAME = "regrade.pace";
const MOST = 25;

export class Stopwatch {
  constructor() {
    this.total = 0;
    this.last = performance.now();
  }

  // Called at every sign of life: a long silence counts as IDLE at most, a hidden page not at all.
  tick() {
    const now = performance.now();
    if (!document.hidden) {
      this.total += Math.min(now - this.last, IDLE);
    }
    this.last = now;
  }

  get seconds() {
    this.tick();
    return this.total / 1000;
  }
}

export function recordPace(seconds) {
  const times = readTimes();
  times.push(Math.round(seconds * 10) / 10);
  try {
    localStorage.setItem(NAME, JSON.stringify(times.slice(-MOST)));
  } catch {
    // Only the figure in the bar is lost.
  }
}

// The median, once there are a few.
export function describePace() {
  const times = readTimes().sort((a, b) => a - b);
  if (times.length < 3) {
    return "";
  }
  return `${Math.max(1, Math.round(times[Math.floor(times.length / 2)]))} s each`;
}

function readTimes() {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "[]");
  } catch {
    return [];
  }
}
