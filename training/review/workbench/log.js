// What the moderator did, kept in this tab until the server says that it is in the database.

const MAX_UNSENT = 200; // decisions kept without a server; then somebody has to look at it
const ANSWER_WITHIN = 6000; // ms before the server counts as gone
const TRY_AGAIN = 3000; // ms between two attempts to reach it
const BEAT = 40000; // ms between two renewals of the leases, a third of their life

function newId() {
  // randomUUID is missing where the page is not served over https or from this machine
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Log {
  constructor(place, me) {
    this.prefix = `courtois.log.${place}.`;
    this.key = this.prefix + me;
    this.acts = this.read(this.key);
  }

  read(key) {
    try {
      const found = JSON.parse(sessionStorage.getItem(key) || "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return []; // storage that is switched off, or not ours
    }
  }

  // Acts that someone else left in this tab: they may only leave it under that name.
  others() {
    const found = [];
    try {
      for (let at = 0; at < sessionStorage.length; at += 1) {
        const key = sessionStorage.key(at);
        if (!key.startsWith(this.prefix) || key === this.key) continue;
        const n = this.read(key).length;
        if (n) found.push({ who: key.slice(this.prefix.length), n });
      }
    } catch {
      return [];
    }
    return found;
  }

  add(act) {
    this.acts.push({ ...act, at: Date.now() });
    this.save();
  }

  remove(id) {
    const at = this.acts.findIndex((act) => act.id === id);
    if (at < 0) return null;
    const [act] = this.acts.splice(at, 1);
    this.save();
    return act;
  }

  has(comment) {
    return this.acts.some((act) => act.comment === comment);
  }

  save() {
    try {
      if (this.acts.length) sessionStorage.setItem(this.key, JSON.stringify(this.acts));
      else sessionStorage.removeItem(this.key);
    } catch {
      // full or switched off: the log lives on in memory, and leaving the page asks first
    }
  }

  get size() {
    return this.acts.length;
  }

  get oldest() {
    return this.acts.length ? this.acts[0].at : null;
  }
}

// One message at a time; what happens meanwhile goes with the next one.
class Link {
  constructor(compose, changed) {
    this.compose = compose;
    this.changed = changed;
    this.mount = newId();
    this.seq = 0;
    this.waiting = null;
    this.dirty = false;
    this.offline = false;
    this.beatAt = Date.now();
    this.timer = setInterval(() => this.tick(), 500);
  }

  // Say something soon: once what is being done is done, so that one message says all of it.
  poke() {
    this.dirty = true;
    setTimeout(() => this.next(), 0);
  }

  transmit() {
    if (!this.send) return;
    const now = Date.now();
    const beat = now - this.beatAt >= BEAT;
    if (beat) this.beatAt = now;
    this.seq += 1;
    this.waiting = { since: now };
    this.dirty = false;
    this.send({ ...this.compose(), mount: this.mount, seq: this.seq, beat });
  }

  // Whether the data is an answer to the latest message (or to none, at first).
  answered(data) {
    if (data.mount !== this.mount || data.seq !== this.seq) return false;
    this.waiting = null;
    if (this.offline) {
      this.offline = false;
      this.changed();
    }
    return true;
  }

  next() {
    if (this.dirty && !this.waiting) this.transmit();
  }

  tick() {
    const now = Date.now();
    if (this.waiting && now - this.waiting.since > (this.offline ? TRY_AGAIN : ANSWER_WITHIN)) {
      if (!this.offline) {
        this.offline = true;
        this.changed();
      }
      this.transmit();
    } else if (!this.waiting && now - this.beatAt >= BEAT) {
      this.transmit();
    }
  }

  close() {
    clearInterval(this.timer);
    this.send = null;
  }
}
