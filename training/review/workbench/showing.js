// What is on screen: the counts, the state of the connection, one comment after the other.

const SHOWING = {
  // --- counts: the server's, corrected by what it has not counted yet

  count(counts) {
    this.shownCounts = { ...counts };
    for (const act of this.log.acts) this.move(act);
    this.screen.counts(this.shownCounts, this.status);
  },

  move(act) {
    if (!this.shownCounts || !act.to || act.from === act.to) return;
    const n = 1 + (act.others || []).length;
    this.shownCounts[act.from] = Math.max(0, (this.shownCounts[act.from] || 0) - n);
    this.shownCounts[act.to] = (this.shownCounts[act.to] || 0) + n;
  },

  connection() {
    if (!this.conf) return;
    const n = this.log.size;
    if (this.link.offline) {
      this.screen.connection(n ? this.say("offline", { n }) : this.say("offline.none"), "error");
    } else if (this.error) {
      this.screen.connection(this.say("error", { what: this.error }), "error");
    } else if (n && Date.now() - this.log.oldest > 1500) {
      this.screen.connection(n === 1 ? this.say("unsent.one") : this.say("unsent", { n }), "info");
    } else {
      this.screen.connection("", "info");
    }
  },

  // --- what is on screen

  show(id, why) {
    this.current = id;
    this.armed = false;
    this.mode = "cards";
    this.form.close();
    this.screen.close();
    this.draw();
    this.screen.top();
    this.painted = Infinity;
    // a frame is on screen once the one that drew it has ended
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        if (this.current === id) this.painted = performance.now() + (why === "arrival" ? SETTLE : 0);
      };
      channel.port2.postMessage(null);
    });
    this.announce();
    const beside = this.beside.get(id);
    if (beside && Date.now() - beside.at > STALE) beside.old = true;
    if (!this.knows(id)) this.link.poke();
  },

  draw() {
    const card = this.items.get(this.current);
    if (!card) return;
    const ask = {
      conf: this.conf,
      status: this.status,
      say: (key, values) => this.say(key, values),
      full: (id) => {
        this.full = id;
        this.link.poke();
      },
      mark: (label) => {
        this.label = label;
        this.draw();
      },
    };
    const beside = this.beside.get(card.id);

    const parts = {
      card: drawCard(card, this.evidence.get(card.id), this.label, ask),
      aside: drawScores(card.scores, ask),
      around: drawAround(card, beside && { ...beside, same: this.sameOf(card.id) }, ask),
    };
    this.screen.show(card, parts);
    requestAnimationFrame(() => this.screen.findHere());
  },

  announce() {
    const card = this.items.get(this.current);
    const place = this.conf.statuses.find(([name]) => name === this.status)[1];
    const text = excerpt(card.text, 300);
    if (!card.scores) return this.screen.speak(this.say("announce.plain", { place, text }));
    const { band, incivility } = card.scores;
    const told = { place, text, band: this.conf.bands[band], p: percent(incivility) };
    return this.screen.speak(this.say("announce", told));
  },

  advance(why) {
    while (this.upcoming.length && !this.items.has(this.upcoming[0])) this.upcoming.shift();
    if (this.upcoming.length) return this.show(this.upcoming.shift(), why);
    this.current = null;
    this.painted = Infinity;
    this.form.close();
    if (!this.ended) return this.screen.empty(this.say("loading"), []);
    const restart = el("button", "ct-button", this.say("empty.restart"));
    restart.type = "button";
    restart.addEventListener("click", () => this.restart());
    const more = this.status === "to_review" && this.conf.team ? "empty.review" : "empty.hint";
    const hint = more === "empty.review" || this.status === "pending" ? [el("p", "ct-meta", this.say(more))] : [];
    if (this.passed.length) return this.screen.empty(this.say("empty.end"), [restart]);
    return this.screen.empty(this.say(this.status === "pending" ? "empty" : "empty.state"), hint);
  },

  restart() {
    this.upcoming = this.passed;
    this.passed = [];
    this.advance("arrival");
  },

  leave() {
    if (this.current === null) return;
    this.behind.push(this.current);
    while (this.behind.length > KEPT_BEHIND) {
      const old = this.behind.shift();
      if (this.upcoming.includes(old) || this.passed.includes(old) || this.behind.includes(old)) continue;
      for (const held of [this.items, this.beside, this.evidence]) held.delete(old);
    }
  },

  // Put a comment on screen again, the one that was there after it.
  back(id, why) {
    if (this.current !== null && this.current !== id && this.waits(this.current)) this.upcoming.unshift(this.current);
    this.upcoming = this.upcoming.filter((one) => one !== id);
    this.passed = this.passed.filter((one) => one !== id);
    this.show(id, why);
  },

  waits(id) {
    const card = this.items.get(id);
    return Boolean(card) && card.status === this.status;
  },
};

Object.assign(Queue.prototype, SHOWING);
