// Time on a screen without the time away from it, and the usual time a screen takes.

const IDLE = 30_000;
const PACE = "regrade.pace";
const SPENT = "regrade.spent";
const MOST = 25;
const MOST_SCREENS = 20;

// Runs while the page is seen and there are signs of life. A silence counts as IDLE at most, a hidden page not at all.
// What was spent on a screen is kept in this tab, so that it goes on after a reload, a skip or an undo.
export class Stopwatch {
  constructor(screen) {
    this.screen = screen;
    this.total = readJson(sessionStorage, SPENT, {})[screen] ?? 0;
    this.since = document.hidden ? null : performance.now();
  }

  // Called at every sign of life, and when the page is hidden or comes back.
  tick() {
    const now = performance.now();
    if (this.since !== null) {
      this.total += Math.min(now - this.since, IDLE);
    }
    this.since = document.hidden ? null : now;
  }

  get seconds() {
    this.tick();
    return this.total / 1000;
  }

  keep() {
    this.tick();
    const { [this.screen]: _, ...spent } = readJson(sessionStorage, SPENT, {});
    spent[this.screen] = Math.round(this.total);
    writeJson(sessionStorage, SPENT, Object.fromEntries(Object.entries(spent).slice(-MOST_SCREENS)));
  }
}

export function recordPace(seconds) {
  const times = readJson(localStorage, PACE, []);
  times.push(Math.round(seconds * 10) / 10);
  writeJson(localStorage, PACE, times.slice(-MOST));
}

// The median, once there are a few.
export function describePace() {
  const times = readJson(localStorage, PACE, []).sort((a, b) => a - b);
  if (times.length < 3) {
    return "";
  }
  return `${Math.max(1, Math.round(times[Math.floor(times.length / 2)]))} s each`;
}

function readJson(storage, name, otherwise) {
  try {
    return JSON.parse(storage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function writeJson(storage, name, value) {
  try {
    storage.setItem(name, JSON.stringify(value));
  } catch {
    // Only a figure is lost.
  }
}
