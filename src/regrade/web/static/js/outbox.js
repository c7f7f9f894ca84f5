// Answers on their way to the server. Each carries a key, so that sending it again saves it once.
// They are kept in this browser, by user, until the server has said that they are saved.

const WAITS = [1, 2, 4, 8, 15];

export class Outbox {
  // `onSaved(entry, receipt)`, `onTrouble(trouble)` with a kind of "session", "refused" or "retry", `onClear()`.
  constructor(user, { onSaved, onTrouble, onClear }) {
    this.name = `regrade.outbox.${user}`;
    Object.assign(this, { onSaved, onTrouble, onClear });
    this.entries = this.read();
    this.running = false;
    this.tries = 0;
  }

  holds(screen) {
    return this.entries.some((entry) => entry.screen === screen);
  }

  add(entry) {
    this.entries.push(entry);
    this.write();
    this.flush();
  }

  drop(entry) {
    this.entries = this.entries.filter((other) => other.key !== entry.key);
    this.write();
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.running) {
      return;
    }
    this.running = true;
    try {
      while (this.entries.length && (await this.sendFirst()));
    } finally {
      this.running = false;
    }
  }

  // Whether to go on with the next one.
  async sendFirst() {
    const entry = this.entries[0];
    let answer;
    try {
      answer = await post(entry.url, entry.body);
    } catch {
      return this.retry("The server cannot be reached.");
    }
    if (answer.ok) {
      const receipt = await answer.json();
      this.drop(entry);
      this.tries = 0;
      this.onClear();
      this.onSaved(entry, receipt);
      return true;
    }
    const { message, remedy } = await readError(answer);
    if (answer.status === 401) {
      this.onTrouble({ kind: "session", entry });
      return false;
    }
    if (answer.status === 429 || answer.status >= 500) {
      return this.retry(message);
    }
    this.onTrouble({ kind: "refused", entry, message: `${message} ${remedy}` });
    return false;
  }

  retry(message) {
    const seconds = WAITS[Math.min(this.tries, WAITS.length - 1)];
    this.tries += 1;
    this.onTrouble({ kind: "retry", message, seconds });
    this.timer = setTimeout(() => this.flush(), seconds * 1000);
    return false;
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name) ?? "[]");
    } catch {
      return [];
    }
  }

  write() {
    try {
      localStorage.setItem(this.name, JSON.stringify(this.entries));
    } catch {
      // Held in memory: the page warns before it is left.
    }
  }
}

export function post(url, body) {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
    body,
  });
}

export async function readError(answer) {
  try {
    return (await answer.json()).error;
  } catch {
    return { message: `The server answered ${answer.status}.`, remedy: "" };
  }
}

// A key of 128 random bits (crypto.randomUUID is missing where the page comes over plain http).
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
