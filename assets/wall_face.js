/* The wall's face: clock, freshness, theme, drift against burn-in, night dimming, nightly reload. */
(function () {
  "use strict";
  const QUIET_HOUR = 3, LEAST_UPTIME = 2 * 3600 * 1000, DRIFT = 0.07; // rem
  const DAY = [6, 18], NIGHT = [22, 5];
  const started = Date.now();
  const reloadMinute = 10 + Math.floor(Math.random() * 40);
  let page = null, wall = null, theme = null;

  const put = (id, text) => {
    const target = document.getElementById(id);
    if (target && target.textContent !== text) target.textContent = text;
  };
  const now = () => new Date(window.liveNow ? liveNow() : Date.now());

  function parts(options) {
    const locale = page.lang === "en" ? "en-GB" : "id-ID";
    return new Intl.DateTimeFormat(locale, { timeZone: page.zone, ...options });
  }

  function clock() {
    const time = parts({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    put("clock", time.format(now()).replace(/:/g, page.lang === "en" ? ":" : "."));
    const day = parts({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
    const zone = parts({ timeZoneName: "short" }).formatToParts(now());
    const name = zone.find((part) => part.type === "timeZoneName");
    put("date", `${day.format(now())} ${name ? name.value : ""}`);
  }

  const hour = () => Number(parts({ hour: "2-digit", hourCycle: "h23" }).format(now()));
  const minute = () => Number(parts({ minute: "2-digit" }).format(now()));

  /* A length of time in the one unit that suits it. */
  function span(seconds) {
    if (seconds === null) return "–";
    const [unit, size] =
      seconds < 120 ? ["seconds", 1] : seconds < 7200 ? ["minutes", 60] :
      seconds < 172800 ? ["hours", 3600] : ["days", 86400];
    return page.words[unit].replace("{n}", Math.floor(seconds / size));
  }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  function freshness(event) {
    if (!page || page.waiting) return;
    const { step, age, recordAge } = event.detail;
    wall.dataset.fresh = step;
    if (step === "pinned") return;
    const word = page.words["fresh." + step];
    put("fresh-word", step === "stale" ? `${word} · ${span(age)}` : word);
    put("fresh-ages", fill(page.words["fresh.ages"], { replica: span(age), record: span(recordAge) }));
    const shown = document.querySelector(".scene.shown");
    const time = ((shown && shown.dataset.asOf) || "").split(" ").pop();
    put("banner", step === "blind" ? fill(page.words["fresh.banner"], { time, age: span(age) }) : "");
  }

  function footer() {
    const shown = document.querySelector(".scene.shown");
    put("as-of", (shown && shown.dataset.asOf) || "");
    const { paused, progress, shown: scene } = wallScenes.state();
    const bar = document.querySelector(`nav i[data-of="${scene}"] b`);
    if (bar) bar.style.transform = `scaleX(${page.scene ? 1 : progress.toFixed(3)})`;
    wall.classList.toggle("paused", paused);
    put("notice", paused ? page.words.paused : wall.dataset.notice || "");
  }

  function wantedTheme() {
    if (page.theme !== "auto") return page.theme;
    return hour() >= DAY[0] && hour() < DAY[1] ? "light" : "dark";
  }

  function drift() {
    const minutes = now() / 60000;
    wall.style.setProperty("--drift-x", `${(DRIFT * Math.sin(minutes / 5)).toFixed(3)}rem`);
    wall.style.setProperty("--drift-y", `${(DRIFT * Math.cos(minutes / 7)).toFixed(3)}rem`);
  }

  /* Once a night, when nobody looks and the server answers: memory starts afresh. */
  function refreshNightly() {
    if (hour() !== QUIET_HOUR || minute() !== reloadMinute) return;
    if (Date.now() - started < LEAST_UPTIME) return;
    fetch("/healthz", { cache: "no-store" }).then((reply) => reply.ok && location.reload());
  }

  function resize() {
    theme = wantedTheme();
    document.documentElement.dataset.theme = theme;
    const { short, screen } = wallScale.measure(page, theme);
    const small = fill(page.words["type.small"] || "", { distance: page.distance });
    wall.dataset.notice = short ? small : "";
    wall.classList.toggle("short", short);
    wallScenes.screen(screen);
  }

  function everySecond() {
    clock();
    if (page.waiting) return;
    if (theme !== wantedTheme()) resize();
    wall.classList.toggle("night", hour() >= NIGHT[0] || hour() < NIGHT[1]);
    wallScenes.tick();
    footer();
    drift();
    refreshNightly();
  }

  function begin() {
    wall = document.querySelector("#wall[data-page]");
    if (!wall) return setTimeout(begin, 50);
    page = JSON.parse(wall.dataset.page);
    document.documentElement.dataset.theme = wantedTheme();
    document.addEventListener("live", freshness);
    let later = null;
    window.addEventListener("resize", () => { clearTimeout(later); later = setTimeout(resize, 200); });
    if (page.waiting) document.documentElement.style.fontSize = wallScale.unitOf(page).unit + "px";
    else wallScenes.begin(page);
    setInterval(everySecond, 1000);
    clock();
    if (!page.waiting) document.fonts.ready.then(resize);
  }

  begin();
})();
