// What each key does.

const ACTS = {
  key(event) {
    if (!this.conf || document.querySelector('[data-testid="stDialog"]')) return;
    const wish = readKey(event, this.form.opened && this.mode === "cards" ? "form" : this.mode);
    if (!wish) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) this.wish(wish, event); // a key that is held down is one key
  },

  wish({ name, value }, event) {
    if (STATUS_OF[name]) return this.decide(name, null, event);
    const card = this.current === null ? null : this.items.get(this.current);
    switch (name) {
      case "reason":
        return card && this.ready(event) && this.choose(card);
      case "reasoned":
        return this.reasoned(value, event);
      case "undo":
        return this.undo();
      case "next":
        return this.pass();
      case "previous":
        return this.previous();
      case "view":
        return this.turn(value);
      case "state":
        return this.turn(this.following());
      case "help":
        return this.mode === "help" ? this.escape() : this.openHelp();
      case "escape":
        return this.escape();
      default:
        return card && this.labels(name, value, card, event);
    }
  },

  labels(name, value, card, event) {
    if (name === "mark") return this.nextMark(card);
    if (name === "same") return this.arm(card);
    if (!this.conf.label) return this.screen.tell(this.say("readonly"), "warning");
    if (name === "save") return this.save(card, event);
    if (name === "label" && this.form.opened) return this.form.close();
    if (!this.form.opened) this.form.open(card, this.conf, (key, values) => this.say(key, values));
    if (name === "digit") this.form.digit(value);
    else if (name === "stance") this.form.stance(value);
    return undefined;
  },

  // Whether the comment was on screen when the key went down.
  ready(event) {
    if (!this.conf.decide) return this.no("readonly");
    if (this.current === null) return false;
    if (this.link.offline && this.log.size >= MAX_UNSENT) return this.no("offline.full");
    if (this.mode === "help") return this.no("hidden.by");
    if (this.items.get(this.current).lost) return this.no("lost");
    const pressed = event && event.timeStamp ? event.timeStamp : performance.now();
    return pressed >= this.painted || this.no("early");
  },

  no(why) {
    this.screen.tell(this.say(why), "warning");
    return false;
  },

  versionOf(id) {
    return this.versions.get(id) ?? this.items.get(id)?.v ?? 0;
  },

  write(kind, id, more) {
    const card = this.items.get(id);
    const act = { id: newId(), kind, comment: id, version: this.versionOf(id), ...more };
    if (card) this.versions.set(id, act.version + 1);
    this.log.add(act);
    this.move(act);
    this.screen.counts(this.shownCounts, this.status);
    this.link.poke();
    return act;
  },

  decide(kind, reason, event) {
    if (!this.ready(event)) return;
    const id = this.current;
    const card = this.items.get(id);
    const same = this.armed ? this.sameOf(id) : [];
    const more = { from: card.status, to: STATUS_OF[kind] };
    if (reason) more.reason = reason;
    if (this.form.any) more.labels = { ...this.form.given };
    if (same.length) more.others = same.map((one) => [one.id, one.v]);
    const act = this.write(kind, id, more);
    this.done.push({ id: act.id, comment: id, before: card.status, labels: card.labels });
    Object.assign(card, { status: more.to, note: null, by: this.conf.me, at: null });
    if (more.labels) card.labels = { ...card.labels, ...more.labels };
    const gone = new Set([id, ...same.map((one) => one.id)]);
    this.upcoming = this.upcoming.filter((one) => !gone.has(one));
    this.passed = this.passed.filter((one) => !gone.has(one));
    this.screen.tell(this.say(`done.${kind}`), "success");
    this.leave();
    this.advance("key");
  },

  choose(card) {
    this.mode = "reasons";
    this.screen.reasons(card.scores ? card.scores.reason : null);
  },

  reasoned(at, event) {
    const found = at === null ? null : this.conf.reasons[at];
    if (found === undefined) return;
    this.mode = "cards";
    this.screen.close();
    this.decide("reject", found ? found[0] : null, event);
  },

  save(card, event) {
    if (!this.form.any) return this.screen.tell(this.say("form.empty"), "warning");
    if (!this.ready(event)) return undefined;
    const labels = { ...this.form.given };
    const act = this.write("label", card.id, { labels });
    this.done.push({ id: act.id, comment: card.id, before: card.status, labels: card.labels });
    card.labels = { ...card.labels, ...labels };
    this.form.close();
    this.draw();
    return this.screen.tell(this.say("done.label"), "success");
  },

  undo() {
    if (!this.conf.decide) return this.no("readonly");
    if (this.awaited) return undefined; // one step at a time where the server has to look it up
    const last = this.done.pop();
    if (!last) {
      this.awaited = this.write("undo", "", {}).id;
      return undefined;
    }
    const card = this.items.get(last.comment);
    const more = { undoes: last.id };
    if (card) Object.assign(more, { from: card.status, to: last.before });
    const act = this.write("undo", last.comment, more);
    this.screen.tell(this.say("done.undo"), "success");
    if (!card) {
      this.awaited = act.id;
      return undefined;
    }
    Object.assign(card, { status: last.before, labels: last.labels, note: null, by: null });
    this.behind = this.behind.filter((id) => id !== last.comment);
    return this.back(last.comment, "key");
  },

  pass() {
    if (this.current === null) return this.passed.length && this.ended ? this.restart() : undefined;
    if (this.waits(this.current) && !this.items.get(this.current).lost) this.passed.push(this.current);
    this.leave();
    return this.advance("key");
  },

  previous() {
    while (this.behind.length) {
      const id = this.behind.pop();
      if (this.items.has(id)) return this.back(id, "key");
    }
    return undefined;
  },

  turn(status) {
    if (status === this.status) return;
    this.view = status;
    this.link.poke();
  },

  following() {
    const names = this.conf.statuses.map(([name]) => name);
    return names[(names.indexOf(this.view || this.status) + 1) % names.length];
  },

  arm(card) {
    const n = this.sameOf(card.id).length;
    if (!n) return;
    this.armed = !this.armed;
    card.note = this.armed ? this.say("same.armed", { n: n + 1 }) : null;
    this.draw();
  },

  nextMark(card) {
    const known = this.evidence.get(card.id);
    if (!known || known.labels.length < 2) return;
    const labels = known.labels.map((one) => one.label);
    this.label = labels[(labels.indexOf(chooseEvidence(known, this.label).label) + 1) % labels.length];
    this.draw();
  },

  openHelp() {
    this.mode = "help";
    this.screen.help();
  },

  escape() {
    const card = this.current === null ? null : this.items.get(this.current);
    if (this.mode !== "cards") {
      this.mode = "cards";
      this.screen.close();
    } else if (this.form.opened) {
      this.form.close();
    } else if (this.armed && card) {
      this.arm(card);
    } else {
      this.screen.notices.lastChild?.remove();
    }
  },
};

Object.assign(Queue.prototype, ACTS);
