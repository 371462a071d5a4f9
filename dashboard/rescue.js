/* The first script of every page, written into it: brings back a page that did not come up whole, since
   nobody stands before a wall to reload it. It needs no other file, waits longer each time, and reloads
   only while the server answers. */
(function () {
  "use strict";
  const FIRST = 30000, LONGEST = 300000, KEY = "rescues";
  const NEEDED = /^\/(assets|map|_dash-component-suites)\//;
  const before = Number(sessionStorage.getItem(KEY)) || 0;
  let broken = false;

  /* A browser never asks again for a script or a style sheet that did not come, nor the map for its parts. */
  function onError(event) {
    if (["SCRIPT", "LINK"].includes(event.target.tagName)) broken = true;
  }

  function onLoaded({ name, responseStatus: status }) {
    const path = new URL(name).pathname;
    if (NEEDED.test(path) && (status === 0 || status >= 400)) broken = true;
  }

  function whole() {
    const scenes = document.querySelectorAll(".scene");
    const drawn = !scenes.length || document.querySelector(".scene[data-drawn]");
    return !broken && drawn && document.querySelector("[data-live]");
  }

  function reload(answer) {
    if (!answer.ok) return;
    sessionStorage.setItem(KEY, before + 1);
    location.reload();
  }

  function look() {
    if (whole()) return sessionStorage.removeItem(KEY);
    fetch("/healthz", { cache: "no-store" }).then(reload).catch(() => {}); // no server: later
  }

  addEventListener("error", onError, true);
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(onLoaded));
  observer.observe({ type: "resource", buffered: true });
  setInterval(look, Math.min(FIRST * 2 ** before, LONGEST));
})();
