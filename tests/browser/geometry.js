/* What of the shown wall does not lie where it can be read. Returns a list of sentences. */
(floor) => {
  const problems = [];
  const root = document.documentElement;
  if (root.scrollWidth > window.innerWidth || root.scrollHeight > window.innerHeight)
    problems.push(`the page scrolls: ${root.scrollWidth} x ${root.scrollHeight}`);

  const clips = (element) => getComputedStyle(element).overflowX !== "visible";
  const shorten = (text) => text.trim().slice(0, 40);

  /* The part of a rectangle that its clipping ancestors leave, and whether they cut it in height. */
  function visible(rect, element) {
    let { left, top, right, bottom } = rect, cut = false, cutAcross = false;
    for (let each = element; each && each !== document.body; each = each.parentElement) {
      if (each.closest("svg") || !clips(each)) continue;
      const box = each.getBoundingClientRect();
      const ellipsis = getComputedStyle(each).textOverflow === "ellipsis";
      if (top < box.top - 2 || bottom > box.bottom + 2) cut = true;
      if ((left < box.left - 2 || right > box.right + 2) && !ellipsis) cutAcross = true;
      left = Math.max(left, box.left); right = Math.min(right, box.right);
      top = Math.max(top, box.top); bottom = Math.min(bottom, box.bottom);
    }
    return { left, top, right, bottom, cut: cut || cutAcross };
  }

  const texts = [];
  const walker = document.createTreeWalker(document.getElementById("wall"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const style = getComputedStyle(element);
    if (!node.textContent.trim() || style.visibility === "hidden" || style.display === "none") continue;
    if (element.closest("style, script, .maplibregl-control-container")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1 || rect.height < 1) continue;
      const text = shorten(node.textContent);
      const part = visible(rect, element);
      const size = parseFloat(style.fontSize);
      if (part.cut) problems.push(`cut off: ${text}`);
      if (rect.top < -2 || rect.bottom > window.innerHeight + 2 || part.left < -2 ||
          part.right > window.innerWidth + 2) problems.push(`outside the screen: ${text}`);
      if (size < floor - 0.01 && !element.closest("#map-attribution"))
        problems.push(`too small, ${size} px: ${text}`);
      texts.push({ ...part, text, node, size });
    }
  }

  for (let i = 0; i < texts.length; i += 1) {
    for (let j = i + 1; j < texts.length; j += 1) {
      const a = texts[i], b = texts[j];
      if (a.node === b.node) continue;
      const slack = 0.3 * Math.min(a.size, b.size); // letters do not fill their line's height
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 3 && down > slack) problems.push(`overlap: ${a.text} / ${b.text}`);
    }
  }
  return problems;
}
