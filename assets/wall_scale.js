/* One unit of type from distance, diagonal and pixels; it sizes everything on the wall. Also measures
   what the scenes hold: the rows of each list, the map's size. window.wallScale is its interface. */
(function () {
  "use strict";
  const FLOOR = 215; // distance / cap height: the smallest type that is read without effort
  const CAP = 0.705; // cap height / font size
  const WIDEST = 80, NARROWEST = 60, LOWEST = 34.5; // the wall in units of type

  /* CSS px of the smallest type, and whether the screen is too small for it. */
  function unitOf(page) {
    const width = window.innerWidth, height = window.innerHeight;
    const perMm = Math.hypot(width, height) / (page.diagonal * 25.4);
    const wanted = Math.ceil(((page.distance * 1000) / FLOOR) * perMm / CAP);
    const fits = Math.floor(Math.min(width / NARROWEST, height / LOWEST));
    const unit = Math.max(Math.min(Math.max(wanted, Math.ceil(width / WIDEST)), fits), 8);
    return { unit, short: unit < wanted };
  }

  function rowsOf(list, unit) {
    const { row, head, columns } = list.dataset;
    const room = list.clientHeight / unit - Number(head) + 0.02;
    return Math.max(Math.floor(room / Number(row)), 0) * Number(columns);
  }

  function measure(page, theme) {
    const { unit, short } = unitOf(page);
    document.documentElement.style.fontSize = unit + "px";
    const rows = {};
    document.querySelectorAll("[data-rows]").forEach((list) => {
      rows[list.dataset.rows] = rowsOf(list, unit);
    });
    const map = document.getElementById("map");
    const size = map ? [map.clientWidth, map.clientHeight] : [100, 100];
    return { short, screen: { unit, rows, map: size, theme } };
  }

  window.wallScale = { measure, unitOf };
})();
