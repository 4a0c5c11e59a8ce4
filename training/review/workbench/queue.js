// The queue: what is on screen, what comes next, and every key's effect before the server hears of it.

const STATUS_OF = { approve: "approved", reject: "rejected", skip: "skipped", escalate: "to_review" };
const NEAR = 4; // comments whose surroundings are fetched ahead of the one on screen
const KEPT_BEHIND = 300; // comments kept to go back to
const FULL = 120; // comments held ahead
const ENOUGH = 96; // fewer, and more are asked for
const STALE = 15000; // ms after which the surroundings of a comment are asked for again
const SETTLE = 250; // ms in which a comment that came unasked takes no decision meant for another

class Queue {
  constructor(root) {
    this.conf = null;
    this.items = new Map();
    this.versions = new Map();
    this.beside = new Map();
    this.evidence = new Map();
    this.reset("");
    this.done = [];
    this.awaited = null;
    this.status = "pending";
    this.shownCounts = null;
    this.view = null;
    this.full = null;
    this.mode = "cards";
    this.label = null;
    this.ended = false;
    this.patience = 200;
    this.asked = 0;
    this.screen = new Screen(root, (wish, event) => this.wish(wish, event));
    this.form = new LabelForm(this.screen.form, (wish, event) => this.wish(wish, event));
    this.link = new Link(() => this.compose(), () => {
      this.connection();
      if (!this.link.offline) this.screen.tell(this.say("back"), "success");
    });
    this.onKey = (event) => this.key(event);
    this.onLeave = (event) => {
      if (this.log && this.log.size) event.preventDefault();
    };
    addEventListener("keydown", this.onKey, true);
    addEventListener("beforeunload", this.onLeave);
    this.watch = setInterval(() => this.connection(), 700);
  }

  close() {
    removeEventListener("keydown", this.onKey, true);
    removeEventListener("beforeunload", this.onLeave);
    clearInterval(this.watch);
    clearTimeout(this.later);
    this.link.close();
  }

  reset(name) {
    this.name = name;
    this.upcoming = [];
    this.passed = [];
    this.behind = [];
    this.current = null;
    this.painted = Infinity;
    this.armed = false;
    this.ended = false;
  }

  say(key, values) {
    const text = this.conf.texts[key] ?? key;
    return values ? text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all) : text;
  }

  // --- what the server is told and asked

  compose() {
    const held = [this.current, ...this.upcoming, ...this.passed].filter((id) => id !== null);
    this.asked = this.room();
    const near = [this.current, ...this.upcoming.slice(0, NEAR)].filter((id) => id && !this.knows(id));
    return {
      me: this.conf ? this.conf.me : "",
      queue: this.name,
      want: this.asked,
      config: this.conf === null,
      have: held.slice(0, 400),
      near: near.slice(0, 6),
      view: this.view,
      full: this.full,
      log: this.log ? this.log.acts.slice(0, 300) : [],
    };
  }

  // How many more comments to ask for: none while there are enough, then all at once.
  room() {
    const held = this.upcoming.length + (this.current === null ? 0 : 1);
    return held < ENOUGH ? FULL - held : 0;
  }

  knows(id) {
    const beside = this.beside.get(id);
    const card = this.items.get(id);
    return Boolean(beside && !beside.old && this.evidence.has(id) && card);
  }

  // Comments of the same text that nobody is known to have touched since they were listed.
  sameOf(id) {
    const beside = this.beside.get(id);
    if (!beside) return [];
    return beside.same.filter((one) => (this.versions.get(one.id) ?? one.v) === one.v);
  }

  receive(data) {
    if (data.config) this.configure(data.config);
    if (!this.conf) return this.link.poke();
    const latest = this.link.answered(data);
    this.acknowledge(data.acks || []);
    if (data.queue && data.queue !== this.name && (latest || this.name === "")) {
      this.reset(data.queue);
      this.view = null;
      this.screen.tell("");
    }
    if (data.queue === this.name) {
      this.status = data.status || this.status;
      this.take(data, latest);
    }
    if (data.counts) this.count(data.counts);
    this.error = data.error || null;
    this.connection();
    this.around(data);
    if (this.error) this.again(TRY_AGAIN);
    else if (data.wait) this.again((this.patience = Math.min(2 * this.patience, 3000)));
    else this.patience = 200;
    if (this.link.seq === 0 || this.link.dirty || (latest && this.wants())) this.link.poke();
    return undefined;
  }

  configure(conf) {
    this.conf = conf;
    this.log = new Log(conf.place, conf.me);
    this.screen.name(conf, (key, values) => this.say(key, values));
    for (const { who, n } of this.log.others()) this.screen.warn(this.say("others", { who, n }));
    if (!conf.decide) this.screen.warn(this.say("readonly"), null, "info");
  }

  wants() {
    if (this.error) return false;
    return (this.room() > 0 && !this.ended) || this.log.size > 0;
  }

  again(ms) {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.link.poke(), ms);
  }

  acknowledge(acks) {
    for (const ack of acks) {
      const act = this.log.remove(ack.act);
      if (!act) continue; // told before
      if (ack.state === "done") this.confirmed(act, ack);
      else this.refused(act, ack);
      if (ack.message) {
        const card = this.items.get(ack.comment || act.comment);
        this.screen.warn(ack.message, card ? excerpt(card.text, 90) : null, ack.state === "nothing" ? "info" : "warning");
      }
    }
  }

  confirmed(act, ack) {
    const id = ack.comment || act.comment;
    if (ack.v !== undefined && !this.log.has(id)) {
      this.versions.set(id, ack.v);
      const card = this.items.get(id);
      if (card) Object.assign(card, { v: ack.v, status: ack.status });
    }
    if (act.kind === "undo" && ack.item && this.awaited === act.id) {
      this.awaited = null;
      this.keep(ack.item);
      this.back(ack.item.id, "arrival");
    }
  }

  refused(act, ack) {
    this.done = this.done.filter((one) => one.id !== act.id);
    if (this.awaited === act.id) this.awaited = null;
    const card = this.items.get(act.comment);
    if (card && ack.status) Object.assign(card, { status: ack.status });
    if (ack.v !== undefined) this.versions.set(act.comment, ack.v);
    if (ack.lost && act.comment === this.current) this.lose([this.current]);
    if (!ack.item) return;
    ack.item.note = ack.message;
    this.keep(ack.item);
    if (ack.item.id === this.current) this.show(ack.item.id, "arrival");
    else this.upcoming = [ack.item.id, ...this.upcoming.filter((id) => id !== ack.item.id)];
    if (this.current === null) this.advance("arrival");
  }

  keep(card) {
    this.items.set(card.id, card);
    this.versions.set(card.id, card.v);
  }

  take(data, latest) {
    for (const card of data.items || []) {
      const known = this.versions.get(card.id);
      if (known !== undefined && card.v < known) continue;
      if (card.id === this.current || this.upcoming.includes(card.id) || this.passed.includes(card.id)) continue;
      if (this.log.has(card.id)) continue;
      this.keep(card);
      this.upcoming.push(card.id);
    }
    this.lose(data.lost || []);
    if (latest && !data.error && this.asked > 0) this.ended = !(data.items || []).length;
    if (data.full) this.grow(data.full);
    if (this.current === null && this.mode !== "reasons") this.advance("arrival");
  }

  grow(card) {
    this.full = null;
    const held = this.items.get(card.id);
    if (!held) return;
    held.text = card.text;
    if (card.id === this.current) this.draw();
  }

  lose(ids) {
    if (!ids.length) return;
    const gone = new Set(ids);
    this.upcoming = this.upcoming.filter((id) => !gone.has(id));
    this.passed = this.passed.filter((id) => !gone.has(id));
    const card = this.current && gone.has(this.current) ? this.items.get(this.current) : null;
    if (!card || card.lost || card.status !== "pending") return;
    Object.assign(card, { lost: true, note: this.say("lost") });
    this.draw();
  }

  around(data) {
    let changed = false;
    for (const [id, known] of Object.entries(data.beside || {})) {
      this.beside.set(id, { ...known, at: Date.now() });
      changed = changed || id === this.current;
    }
    for (const [id, known] of Object.entries(data.evidence || {})) {
      this.evidence.set(id, known);
      changed = changed || id === this.current;
    }
    if (changed) this.draw();
  }
}

const queues = new WeakMap();

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  let queue = queues.get(parentElement);
  if (!queue) {
    queue = new Queue(parentElement);
    queues.set(parentElement, queue);
  }
  queue.link.send = (ask) => setStateValue("ask", ask);
  queue.receive(data || {});
  return () => {
    queue.close();
    queues.delete(parentElement);
  };
}
