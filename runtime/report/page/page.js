// What moves on the page. All texts and tables stand in the HTML already; nothing of the data becomes markup here: texts go
// through textContent, attributes through setAttribute.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const redraws = []; // called when colours or the window's width change
  const ranges = []; // called with [from, to] when the time line's range changes
  root.classList.add("scripted");

  // ---- words ----
  const count = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  const decimal = (x) => (x === null || x === undefined ? "?" : x % 1 ? x.toFixed(1) : count(x));
  const time = (ms, seconds) => new Date(ms).toISOString().replace("T", " ").slice(0, seconds ? 19 : 16);
  const plural = (n, word) => count(n) + " " + word + (n === 1 ? "" : "s");
  const groupName = (group) => Object.values(group).map((v) => (v === null ? "(none)" : typeof v === "string" ? v : JSON.stringify(v))).join(", ") || "all events";

  // ---- theme ----
  const theme = byId("theme");
  const remembered = (() => { try { return localStorage.getItem("trailc-theme") || ""; } catch (e) { return ""; } })();
  const setTheme = (value) => {
    if (value) root.dataset.theme = value; else delete root.dataset.theme;
    try { localStorage.setItem("trailc-theme", value); } catch (e) { /* a file may not remember */ }
    redraws.forEach((f) => f());
  };
  theme.value = ["light", "dark"].includes(remembered) ? remembered : "";
  if (theme.value) root.dataset.theme = theme.value;
  theme.addEventListener("change", () => setTheme(theme.value));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraws.forEach((f) => f()));

  // ---- the list ----
  const list = byId("list");
  const filters = byId("filters");
  const items = list ? Array.from(list.children) : [];
  const texts = items.map((li) => li.textContent.toLowerCase());
  const wanted = { tag: "", range: null, most: 50, found: 0 };
  const tagged = (alert, tag) => (data.alerts[alert].tags || []).some((t) => t.toLowerCase() === "attack." + tag.toLowerCase());

  const order = () => {
    const how = byId("order").value;
    const key = { new: (a, b) => b.dataset.time - a.dataset.time, old: (a, b) => a.dataset.time - b.dataset.time, priority: (a, b) => a.dataset.priority - b.dataset.priority || b.dataset.time - a.dataset.time }[how];
    const place = new Map(items.map((li, i) => [li, i]));
    items.slice().sort((a, b) => key(a, b) || (how === "old" ? place.get(b) - place.get(a) : place.get(a) - place.get(b))).forEach((li) => list.append(li));
    reveal();
  };

  // Of those found, as many as one wants to scroll past.
  const PAGE = 50;
  const more = document.createElement("button");
  more.type = "button";
  more.className = "more";
  const reveal = () => {
    let left = wanted.most;
    Array.from(list.children).forEach((li) => { li.hidden = !li.dataset.found || left-- <= 0; });
    const rest = Math.max(0, wanted.found - wanted.most);
    more.hidden = rest === 0;
    more.textContent = "Show " + count(Math.min(PAGE, rest)) + " more of " + count(rest);
  };
  more.addEventListener("click", () => {
    const next = Array.from(list.children).filter((li) => li.dataset.found)[wanted.most];
    wanted.most += PAGE;
    reveal();
    if (next) next.querySelector("summary").focus();
  });
  if (list) list.after(more);

  const filter = () => {
    if (!list) return;
    wanted.most = PAGE;
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const which = byId("which").value, state = byId("state").value;
    const priorities = new Set(Array.from(filters.querySelectorAll("[name=priority]:checked"), (box) => box.value));
    let found = 0;
    items.forEach((li, i) => {
      const d = li.dataset;
      const ok = words.every((w) => texts[i].includes(w)) && (!which || d.alert === which) && (!state || d.state === state) &&
        priorities.has(d.priority) && (!wanted.tag || tagged(Number(d.alert), wanted.tag)) &&
        (!wanted.range || (Number(d.time) >= wanted.range[0] && Number(d.time) <= wanted.range[1]));
      li.dataset.found = ok ? "1" : "";
      found += ok;
    });
    wanted.found = found;
    reveal();
    byId("found").textContent = (found === items.length ? "All " + plural(found, "notification") : plural(found, "notification") + " of " + count(items.length)) +
      (wanted.tag ? ", with " + wanted.tag : "") + (wanted.range ? ", from " + time(wanted.range[0]) + " to " + time(wanted.range[1]) : "") + ".";
  };

  const showAlert = (alert) => {
    if (!list) return;
    wanted.tag = "";
    byId("which").value = String(alert);
    filter();
    byId("alerts").scrollIntoView();
    const first = items.find((li) => !li.hidden);
    if (first) first.querySelector("summary").focus({ preventScroll: true });
  };

  if (list) {
    filters.addEventListener("input", filter);
    byId("order").addEventListener("change", order);
    filters.addEventListener("submit", (e) => e.preventDefault());
    filters.addEventListener("reset", () => setTimeout(() => { wanted.tag = ""; setRange(all[0], all[1]); order(); filter(); }));
    document.querySelectorAll("a.pick").forEach((a) => a.addEventListener("click", (e) => { e.preventDefault(); showAlert(a.dataset.alert); }));
    document.querySelectorAll("a.pick-tag").forEach((a) => a.addEventListener("click", (e) => {
      e.preventDefault();
      wanted.tag = a.dataset.tag;
      byId("which").value = "";
      filter();
      byId("alerts").scrollIntoView();
      byId("search").focus({ preventScroll: true });
    }));
    // JSON on many lines is easier to read; a number that JavaScript cannot hold stays as it is.
    // What an alert is about stands once in the HTML.
    const tellAbout = (details) => {
      const dl = details.querySelector("dl"), about = data.alerts[details.parentElement.dataset.alert].description;
      if (!dl || !about || dl.querySelector(".about")) return;
      const dt = document.createElement("dt"), dd = document.createElement("dd");
      dt.className = "about";
      dt.textContent = "About";
      dd.textContent = about;
      dl.prepend(dt, dd);
    };
    list.addEventListener("toggle", (e) => {
      if (e.target.open) tellAbout(e.target);
      e.target.querySelectorAll("pre.json").forEach((pre) => {
        if (pre.dataset.done) return;
        pre.dataset.done = "1";
        try {
          const value = JSON.parse(pre.textContent);
          if (JSON.stringify(value).length === pre.textContent.length) pre.textContent = JSON.stringify(value, null, 2);
        } catch (error) { /* it stays on one line */ }
      });
    }, true);
  }

  // ---- the time line ----
  const all = [Date.parse(data.from) || 0, Date.parse(data.to) || 0];
  let range = all.slice();
  const SVG = "http://www.w3.org/2000/svg";
  const node = (name, attributes, text) => {
    const e = document.createElementNS(SVG, name);
    for (const key in attributes) e.setAttribute(key, attributes[key]);
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const glyphs = {
    1: (x, y, k) => `M${x} ${y - 7 * k}l${7 * k} ${7 * k}-${7 * k} ${7 * k}-${7 * k}-${7 * k}z`,
    2: (x, y, k) => `M${x} ${y - 6 * k}l${6.5 * k} ${11 * k}h-${13 * k}z`,
    3: (x, y, k) => `M${x - 5 * k} ${y - 5 * k}h${10 * k}v${10 * k}h-${10 * k}z`,
    4: (x, y, k) => `M${x - 5 * k} ${y}a${5 * k} ${5 * k} 0 1 0 ${10 * k} 0a${5 * k} ${5 * k} 0 1 0-${10 * k} 0z`,
    5: (x, y, k) => `M${x - 5 * k} ${y - 2 * k}h${10 * k}v${4 * k}h-${10 * k}z`,
  };
  const STEPS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 259200, 432000, 604800, 1209600, 2592000, 7776000, 31536000].map((s) => s * 1000);
  const ticks = (from, to, most) => {
    const step = STEPS.find((s) => (to - from) / s <= most) || STEPS[STEPS.length - 1] * Math.ceil((to - from) / most / STEPS[STEPS.length - 1]);
    const list = [];
    for (let t = Math.ceil(from / step) * step; t <= to; t += step) {
      const iso = new Date(t).toISOString();
      list.push([t, t % 86400000 === 0 ? iso.slice(5, 10) : step < 60000 ? iso.slice(11, 19) : iso.slice(11, 16)]);
    }
    return list;
  };

  const lanesBox = byId("lanes");
  // A narrow window has a picture as wide as it is, and shorter names.
  let W = 960, LEFT = 240, TICKS = 9;
  const RIGHT = 10, LANE = 26, TOP = 8, AXIS = 24, VOLUME = 44;
  const lanes = data.lanes.filter((i) => data.alerts[i].fired + data.alerts[i].resolved > 0).slice(0, 30);
  const x = (t) => LEFT + ((t - range[0]) / (range[1] - range[0])) * (W - RIGHT - LEFT);
  const tOf = (px) => range[0] + ((px - LEFT) / (W - RIGHT - LEFT)) * (range[1] - range[0]);
  let moving = null;

  const drawLane = (svg, alert, top) => {
    const a = data.alerts[alert];
    const marks = data.marks.filter((m) => m[0] === alert && m[1] >= range[0] && m[1] <= range[1]);
    const fired = marks.reduce((n, m) => n + m[3], 0);
    svg.append(node("rect", { class: "lane", x: LEFT, y: top + 2, width: W - RIGHT - LEFT, height: LANE - 4 }));
    const label = node("g", { class: "pick-lane", tabindex: 0, role: "button" });
    const best = marks.reduce((p, m) => Math.min(p, m[2]), 9);
    label.append(node("rect", { class: "label-ground", x: 2, y: top + 2, width: LEFT - 8, height: LANE - 4, rx: 4 }));
    // The whole name stands there, for those who hear it; the eye sees what has room.
    const text = node("text", { y: top + 17, "clip-path": "url(#label-clip)" });
    text.append(node("tspan", { class: "small", x: 8 }, best < 9 ? "P" + best : a.priority), " ", node("tspan", { x: 32 }, a.alert));
    label.append(text);
    label.addEventListener("click", () => showAlert(alert));
    label.addEventListener("keydown", (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); e.stopPropagation(); showAlert(alert); } });
    svg.append(label);
    // Marks closer together than a sign is wide are one, with their number.
    const drawn = [];
    for (const m of marks) {
      const px = x(m[1]), last = drawn[drawn.length - 1];
      if (last && px - last.px < 9) { last.fired += m[3]; last.resolved += m[4]; last.priority = m[3] ? Math.min(last.priority, m[2]) : last.priority; last.to = m[1]; }
      else drawn.push({ px, from: m[1], to: m[1], priority: m[2], fired: m[3], resolved: m[4] });
    }
    for (const d of drawn) {
      const px = Math.round(d.px * 10) / 10, y = top + LANE / 2;
      const mark = d.fired ? node("path", { class: "mark p" + d.priority, d: glyphs[d.priority](px, y, d.fired > 9 ? 1.25 : d.fired > 1 ? 1.1 : 0.95) }) : node("path", { class: "mark resolved", d: `M${px - 4} ${y}l3 3 5-6` });
      mark.append(node("title", {}, a.alert + ", " + time(d.from, true) + (d.to > d.from ? " to " + time(d.to, true) : "") + ": " + (d.fired ? plural(d.fired, "notification") : "") + (d.fired && d.resolved ? ", " : "") + (d.resolved ? plural(d.resolved, "time") + " resolved" : "")));
      mark.addEventListener("click", () => { byId("which").value = String(alert); setRange(d.from - 500, Math.max(d.to, d.from) + 500, true); byId("alerts").scrollIntoView(); });
      svg.append(mark);
    }
  };

  const drawVolume = (svg, bottom) => {
    const r = data.records;
    if (!r) return;
    const most = Math.max(1, ...r.values);
    let d = "M" + LEFT + " " + bottom;
    const clamp = (px) => Math.round(Math.min(W - RIGHT, Math.max(LEFT, px)) * 10) / 10;
    r.values.forEach((n, i) => {
      const x1 = clamp(x(r.from + i * r.width)), x2 = clamp(x(r.from + (i + 1) * r.width));
      if (x2 > x1) d += `L${x1} ${Math.round((bottom - (n / most) * (VOLUME - 8)) * 10) / 10}H${x2}`;
    });
    svg.append(node("text", { class: "small", x: 8, y: bottom - 10 }, "Records read"));
    svg.append(node("path", { class: "volume", d: d + "V" + bottom + "Z" }));
  };

  const drawLanes = () => {
    if (all[1] <= all[0]) return;
    const narrow = lanesBox.clientWidth > 0 && lanesBox.clientWidth < 640;
    [W, LEFT, TICKS] = narrow ? [Math.max(300, lanesBox.clientWidth), 140, 3] : [960, 240, 9];
    const bottom = TOP + lanes.length * LANE + (data.records ? VOLUME : 0);
    const focused = moving && moving.contains(document.activeElement) ? Array.from(moving.querySelectorAll(".pick-lane")).indexOf(document.activeElement) : -1;
    const svg = node("svg", { class: "moving", viewBox: `0 0 ${W} ${bottom + AXIS}`, role: "group", "aria-label": "Alerts over time, " + time(range[0]) + " to " + time(range[1]) });
    const clip = node("clipPath", { id: "label-clip" });
    clip.append(node("rect", { x: 0, y: 0, width: LEFT - 10, height: bottom }));
    svg.append(clip);
    lanes.forEach((alert, i) => drawLane(svg, alert, TOP + i * LANE));
    for (const [from, to] of data.gaps) {
      const x1 = Math.max(LEFT, x(from)), x2 = Math.min(W - RIGHT, x(to));
      if (x2 > x1) { const gap = node("rect", { class: "gap", x: x1, y: TOP, width: x2 - x1, height: bottom - TOP }); gap.append(node("title", {}, "no records, " + time(from) + " to " + time(to))); svg.append(gap); }
    }
    drawVolume(svg, bottom);
    for (const [t, text] of ticks(range[0], range[1], TICKS)) {
      svg.append(node("path", { class: "grid", d: `M${x(t)} ${TOP}V${bottom}` }));
      svg.append(node("text", { class: "tick", x: x(t), y: bottom + 15, "text-anchor": x(t) > W - 40 ? "end" : "middle" }, text));
    }
    if (moving) moving.replaceWith(svg); else lanesBox.append(svg);
    moving = svg;
    if (focused >= 0) svg.querySelectorAll(".pick-lane")[focused].focus();
    const n = data.marks.filter((m) => m[1] >= range[0] && m[1] <= range[1]).reduce((s, m) => s + m[3], 0);
    byId("range").textContent = time(range[0]) + " to " + time(range[1]) + " UTC: " + plural(n, "notification");
  };

  function setRange(from, to) {
    if (all[1] <= all[0]) return;
    const least = Math.min(1000, all[1] - all[0]), span = Math.min(Math.max(to - from, least), all[1] - all[0]);
    from = Math.max(all[0], Math.min(from, all[1] - span));
    range = [from, from + span];
    const whole = range[0] <= all[0] && range[1] >= all[1];
    wanted.range = whole ? null : range;
    drawLanes();
    filter();
    ranges.forEach((f) => f(range, whole));
  }
  const zoom = (factor, at) => {
    const middle = at === undefined ? (range[0] + range[1]) / 2 : at;
    setRange(middle - (middle - range[0]) * factor, middle + (range[1] - middle) * factor);
  };
  const pan = (share) => { const by = (range[1] - range[0]) * share; setRange(range[0] + by, range[1] + by); };

  if (all[1] > all[0]) {
    lanesBox.classList.add("live");
    lanesBox.tabIndex = 0;
    lanesBox.setAttribute("role", "group");
    lanesBox.setAttribute("aria-label", "Time line: plus and minus zoom, arrows move, 0 shows all");
    byId("zoom-in").addEventListener("click", () => zoom(0.5));
    byId("zoom-out").addEventListener("click", () => zoom(2));
    byId("pan-left").addEventListener("click", () => pan(-0.5));
    byId("pan-right").addEventListener("click", () => pan(0.5));
    byId("zoom-all").addEventListener("click", () => setRange(all[0], all[1]));
    lanesBox.addEventListener("keydown", (e) => {
      const does = { "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), ArrowLeft: () => pan(-0.25), ArrowRight: () => pan(0.25), 0: () => setRange(all[0], all[1]), Escape: () => setRange(all[0], all[1]) }[e.key];
      if (does && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); does(); }
    });
    const place = (e) => { const box = moving.getBoundingClientRect(); return ((e.clientX - box.left) / box.width) * W; };
    lanesBox.addEventListener("wheel", (e) => {
      if (!e.ctrlKey) return; // the page scrolls
      e.preventDefault();
      zoom(e.deltaY > 0 ? 1.25 : 0.8, tOf(Math.max(LEFT, place(e))));
    }, { passive: false });
    let from = null, brush = null;
    lanesBox.addEventListener("pointerdown", (e) => { if (e.button === 0 && place(e) > LEFT) from = place(e); });
    addEventListener("pointermove", (e) => {
      if (from === null) return;
      const to = Math.max(LEFT, Math.min(W - RIGHT, place(e)));
      if (!brush && Math.abs(to - from) < 6) return;
      if (!brush) { brush = node("rect", { class: "brush", y: TOP, height: moving.viewBox.baseVal.height - AXIS - TOP }); moving.append(brush); }
      brush.setAttribute("x", Math.min(from, to));
      brush.setAttribute("width", Math.abs(to - from));
    });
    addEventListener("pointerup", (e) => {
      if (from === null) return;
      const to = Math.max(LEFT, Math.min(W - RIGHT, place(e))), dragged = brush;
      const ends = [tOf(Math.min(from, to)), tOf(Math.max(from, to))];
      from = brush = null;
      if (dragged) { dragged.remove(); setRange(ends[0], ends[1]); }
    });
    lanesBox.addEventListener("dblclick", (e) => { if (place(e) > LEFT) setRange(all[0], all[1]); });
    drawLanes();
  }

  // ---- counts ----
  const charts = [];
  const lineOf = (c) => c.series.lines[c.chosen];
  const limitsOf = (c) => lineOf(c).limits || []; // of what is usual: a value for each point, null where it is not known
  const valuesOf = (c) => {
    const l = lineOf(c), s = c.series, n = l.actual.length, none = Array(n).fill(null);
    const times = Array.from({ length: n }, (_, i) => (s.from + i * s.width) / 1000);
    return [times, l.high || none, l.low || none, l.expected || none, l.actual].concat(s.thresholds.map((t) => Array(n).fill(t.n)), limitsOf(c).map((t) => t.values));
  };
  // What came nearest to firing, which for silence is the lowest.
  const nearest = (c) => lineOf(c).actual.indexOf(Math[c.series.side === "less" ? "min" : "max"](...lineOf(c).actual));
  const tell = (c, i) => {
    const l = lineOf(c), s = c.series, readout = c.box.parentElement.querySelector(".readout");
    if (i === null || i === undefined) { readout.textContent = ""; return; }
    const known = l.expected && l.expected[i] !== null;
    readout.textContent = groupName(l.group) + ", " + time(s.from + i * s.width, s.width < 60000) + ": " + count(l.actual[i]) + " actual" +
      (known ? ", " + decimal(l.expected[i]) + " expected, usual " + decimal(l.low[i]) + " to " + decimal(l.high[i]) : "") + s.thresholds.map((t) => ", threshold " + t.when).join("") +
      limitsOf(c).map((t) => (t.values[i] === null ? "" : ", threshold " + decimal(t.values[i]) + " (" + t.when + ")")).join("");
  };
  const draw = (c) => {
    if (c.plot) c.plot.destroy();
    const stepped = uPlot.paths.stepped({ align: 1 });
    const axis = { stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1 }, font: "12px system-ui, sans-serif" };
    const top = Math.max(1, ...c.series.thresholds.map((t) => t.n), ...lineOf(c).actual, ...(lineOf(c).high || []), ...limitsOf(c).flatMap((t) => t.values));
    const series = [{}, { scale: "n", width: 0, paths: stepped, points: { show: false } }, { scale: "n", width: 0, paths: stepped, points: { show: false } },
      { label: "expected", scale: "n", stroke: colour("expected"), width: 1.5, paths: stepped, points: { show: false } },
      { label: "actual", scale: "n", stroke: colour("actual"), width: 1.75, paths: stepped, points: { show: false } }]
      .concat(c.series.thresholds.map((t) => ({ label: t.when, scale: "n", stroke: colour("threshold"), width: 1.5, dash: [6, 4], points: { show: false } })))
      .concat(limitsOf(c).map((t) => ({ label: t.when, scale: "n", stroke: colour("threshold"), width: 1.5, dash: [6, 4], paths: stepped, points: { show: false } })));
    c.plot = new uPlot({
      width: Math.max(320, c.box.clientWidth), height: 230, tzDate: (s) => uPlot.tzDate(new Date(s * 1000), "Etc/UTC"), legend: { show: false },
      cursor: { drag: { x: true, y: false }, points: { size: 7 } }, focus: { prox: 1e6 },
      scales: { x: { time: true, range: () => [range[0] / 1000, range[1] / 1000] }, n: { range: [0, top * 1.08] } },
      axes: [Object.assign({}, axis, { size: 32, values: (u, splits) => splits.map((s) => { const iso = new Date(s * 1000).toISOString(); return s % 86400 === 0 ? iso.slice(5, 10) : iso.slice(11, 16); }) }),
        Object.assign({}, axis, { scale: "n", size: 56, values: (u, splits) => splits.map((v) => (v % 1 ? "" : count(v))) })],
      bands: [{ series: [1, 2], fill: colour("band") }], series,
      hooks: {
        setCursor: [(u) => { if (u.cursor.left >= 0 && u.cursor.idx !== null) { c.at = u.cursor.idx; tell(c, c.at); } }],
        setSelect: [(u) => { if (u.select.width > 4) { setRange(u.posToVal(u.select.left, "x") * 1000, u.posToVal(u.select.left + u.select.width, "x") * 1000); u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false); } }],
      },
    }, valuesOf(c), c.box);
    c.plot.root.setAttribute("aria-hidden", "true");
  };
  const move = (c, to) => {
    const s = c.series, first = Math.max(0, Math.ceil((range[0] - s.from) / s.width) - 1), last = Math.min(lineOf(c).actual.length - 1, Math.floor((range[1] - s.from) / s.width));
    c.at = Math.max(first, Math.min(last, to));
    c.plot.setCursor({ left: c.plot.valToPos(c.plot.data[0][c.at], "x") + 1, top: 20 }, false);
    tell(c, c.at);
  };
  document.querySelectorAll(".plot").forEach((box) => {
    const c = { box, series: data.series[box.dataset.chart], chosen: 0, at: 0, plot: null };
    if (!c.series || !c.series.lines.length || all[1] <= all[0]) return;
    charts.push(c);
    box.classList.add("live");
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Counts of " + (data.alerts.find((a) => a.id === c.series.alert) || {}).alert + ": arrows read values, P the " + (c.series.side === "less" ? "lowest" : "highest"));
    box.addEventListener("keydown", (e) => {
      const l = lineOf(c), does = { ArrowLeft: () => c.at - 1, ArrowRight: () => c.at + 1, Home: () => 0, End: () => l.actual.length - 1, p: () => nearest(c), P: () => nearest(c) }[e.key];
      if (does && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); move(c, does()); }
    });
    draw(c);
    const values = document.querySelector('.values[data-chart="' + Number(box.dataset.chart) + '"]');
    const fill = () => {
      const l = lineOf(c), s = c.series, body = values.querySelector("tbody");
      values.querySelector("caption").textContent = groupName(l.group);
      body.replaceChildren(...l.actual.map((n, i) => {
        const row = document.createElement("tr"), head = document.createElement("th");
        head.scope = "row";
        head.textContent = time(s.from + i * s.width, s.width < 60000);
        row.append(head, ...[count(n), l.expected ? decimal(l.expected[i]) : "", l.low ? decimal(l.low[i]) + " to " + decimal(l.high[i]) : ""].map((text) => { const td = document.createElement("td"); td.className = "n"; td.textContent = text; return td; }));
        return row;
      }));
    };
    values.addEventListener("toggle", () => { if (values.open) fill(); });
    const select = document.querySelector('.choice select[data-chart="' + Number(box.dataset.chart) + '"]');
    if (select) {
      Array.from(select.options).slice(c.series.lines.length).forEach((o) => o.remove());
      select.addEventListener("change", () => { c.chosen = Number(select.value); draw(c); tell(c, null); if (values.open) fill(); });
    }
  });
  ranges.push(() => charts.forEach((c) => c.plot.setScale("x", { min: range[0] / 1000, max: range[1] / 1000 })));
  redraws.push(() => charts.forEach(draw));
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; drawLanes(); charts.forEach((c) => c.plot.setSize({ width: Math.max(320, c.box.clientWidth), height: 230 })); } });

  filter();
  // For those who test the page, and for consoles.
  window.trailcReport = { data, charts, get range() { return range.slice(); }, setRange };
})();
