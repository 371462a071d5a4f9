/* The live channel of every page that carries data-live: owns the one EventSource, hands versions to
   Dash, reloads on a new release, and computes the freshness ladder each second. Pages listen to the
   document's "live" event: {step, age, recordAge, state}. Steps: live, late, stale, blind, pinned. */
(function () {
  "use strict";
  const LATE = 1.5, STALE = 3, SILENT = 2.5, UNREACHABLE = 6; // in intervals of the ladder
  const CLOSED = 2, LONGEST_DELAY = 30000;
  let source = null, delay = 1000, build = null, state = null, offset = 0;
  const elapsed = () => performance.now(); // the machine's clock may be set back, this one never is
  let heardAt = elapsed(), openedAt = elapsed(), handed = null;

  const page = () => document.querySelector("[data-live]");
  const now = () => (Date.now() + offset) / 1000;
  const interval = () => (state && state.interval) || 10;

  function heard(serverNow) {
    heardAt = elapsed();
    delay = 1000;
    if (serverNow) offset = serverNow * 1000 - Date.now();
  }

  function onState(event) {
    state = JSON.parse(event.data);
    heard(state.now);
    if (build !== null && state.build !== build) return location.reload();
    build = state.build;
    hand();
    tick();
  }

  function onBeat(event) {
    const [confirmed, serverNow, newest] = event.data.split(" ").map(Number);
    heard(serverNow);
    if (!state) return;
    if (confirmed) state.confirmed_at = confirmed;
    if (newest) state.newest_at = newest;
    tick();
  }

  /* Dash takes the version once its page stands; until then it waits here. */
  function hand() {
    if (!state || state.version === handed || state.version === null || !page()) return;
    if (!window.dash_clientside || !dash_clientside.set_props) return;
    handed = state.version;
    dash_clientside.set_props("version", { data: handed });
  }

  function open() {
    if (source) source.close();
    openedAt = elapsed();
    source = new EventSource("/live");
    source.onopen = () => heard();
    source.addEventListener("state", onState);
    source.addEventListener("beat", onBeat);
    source.onerror = () => {
      if (source.readyState !== CLOSED) return; // the browser itself tries again
      leaveIfShutOut();
      setTimeout(open, delay);
      delay = Math.min(delay * 2, LONGEST_DELAY);
    };
  }

  /* A screen whose token was taken away shows the entrance, not figures that it may not see. */
  function leaveIfShutOut() {
    fetch("/live", { method: "HEAD", cache: "no-store" })
      .then((answer) => { if (answer.status === 401) location.reload(); })
      .catch(() => {}); // no server at all: the stream is tried again anyway
  }

  function watch() {
    const limit = SILENT * interval() * 1000;
    const last = Math.max(heardAt, openedAt);
    if (source && source.readyState !== CLOSED && elapsed() - last > limit) open();
  }

  function step(age) {
    const one = interval();
    const silent = elapsed() - heardAt > SILENT * one * 1000;
    if (silent) return "blind";
    if (!state) return "late";
    if (state.pinned) return "pinned";
    const away = !state.contact && state.unreachable_since;
    if (away && now() - state.unreachable_since > UNREACHABLE * one) return "blind";
    return age === null || age > STALE * one ? "stale" : age > LATE * one ? "late" : "live";
  }

  function tick() {
    const since = (instant) => (instant ? Math.max(now() - instant, 0) : null);
    const age = state ? since(state.confirmed_at) : null;
    const recordAge = state ? since(state.newest_at) : null;
    const detail = { step: step(age), age, recordAge, state };
    document.dispatchEvent(new CustomEvent("live", { detail }));
  }

  function start() {
    if (!page()) return setTimeout(start, 100);
    open();
    setInterval(() => { watch(); hand(); tick(); }, 1000);
  }

  window.liveNow = () => now() * 1000;
  start();
})();
