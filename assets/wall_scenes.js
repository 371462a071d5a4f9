/* Which scene is shown, and asking the server for it: one request in flight a scene, asked again when
   an answer does not come or is older than what the live channel announced. */
(function () {
  "use strict";
  const PATIENCE = 6000, AHEAD = 2000;
  let page = null, shown = null, since = 0, paused = false, screen = null, nonce = 0;
  let version = null;
  const elapsed = () => performance.now(); // the machine's clock may be set back, this one never is
  const asked = {}; // scene -> {at, version, key}

  const element = (scene) => document.getElementById(scene);
  const key = () => JSON.stringify(screen) + nonce;

  function ask(scene) {
    if (!screen || version === null) return;
    const target = element(scene), last = asked[scene];
    const drawn = target.dataset.drawn, current = target.dataset.key === key();
    if (current && drawn && Number(drawn) >= version) return;
    const answered = last && target.dataset.drawn === last.before.drawn && target.dataset.key === last.before.key;
    if (answered && elapsed() - last.at < PATIENCE) return; // still in flight
    asked[scene] = { at: elapsed(), before: { drawn, key: target.dataset.key } };
    const request = { version, key: key(), screen, reset: !current, at: Date.now() };
    dash_clientside.set_props("ask-" + scene, {
      data: { ...request, scope: page.scope, lang: page.lang, map: page.map },
    });
  }

  function show(scene) {
    shown = scene;
    since = elapsed();
    page.scenes.forEach((each) => {
      element(each).classList.toggle("shown", each === scene);
      document.querySelectorAll(`[data-of="${each}"]`).forEach((mark) => {
        mark.classList.toggle("shown", each === scene);
      });
    });
    ask(scene);
  }

  function next(step) {
    const order = page.scenes;
    return order[(order.indexOf(shown) + step + order.length) % order.length];
  }

  function turn() {
    if (!page || page.scene) return;
    const stay = page.seconds * 1000;
    if (paused) since = elapsed() - progress() * stay;
    else if (elapsed() - since >= stay) show(next(1));
    else if (elapsed() - since >= stay - AHEAD) ask(next(1));
  }

  let held = 0;
  function progress() {
    if (!paused) held = Math.min((elapsed() - since) / (page.seconds * 1000), 1);
    return held;
  }

  function pause() {
    if (page.scene) return;
    progress();
    paused = !paused;
  }

  function onKey(event) {
    if (!page || event.ctrlKey || event.metaKey || event.altKey) return;
    const number = Number(event.key);
    if (event.key === " " || event.key === "p") pause();
    else if (event.key === "ArrowRight") show(next(1));
    else if (event.key === "ArrowLeft") show(next(-1));
    else if (number >= 1 && number <= page.scenes.length) show(page.scenes[number - 1]);
    else return;
    event.preventDefault();
  }

  /* A map that lost its WebGL context is taken down; the next answer draws it anew. */
  function onLost() {
    const plot = document.querySelector("#map .js-plotly-plot");
    if (plot && window.Plotly) Plotly.purge(plot);
    nonce += 1;
    if (shown) ask(shown);
  }

  function begin(wanted) {
    page = wanted;
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", (event) => {
      if (event.target.closest(".wall")) pause();
    });
    document.addEventListener("webglcontextlost", () => setTimeout(onLost, 500), true);
    show(page.scene || page.scenes[0]);
  }

  window.wallScenes = {
    begin,
    tick: () => { turn(); if (shown) ask(shown); },
    screen: (measured) => { screen = measured; if (shown) ask(shown); },
    state: () => ({ shown, paused, progress: page.scene ? 0 : progress() }),
  };
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    wall: {
      version: (announced) => {
        if (announced !== null && announced !== undefined) version = announced;
        const wall = document.querySelector("#wall[data-page]");
        if (wall && JSON.parse(wall.dataset.page).waiting) location.reload();
        if (shown) ask(shown);
      },
    },
  });
})();
