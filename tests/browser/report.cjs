// Run by report.sh, with the folder that holds the pages. Prints TAP.
"use strict";
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const puppeteer = require("puppeteer-core");

const dir = process.argv[2];
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const read = (name) => fs.readFileSync(path.join(dir, name), "utf8");
const month = JSON.parse(read("month.json"));
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
let browser;

function result(name, problem) {
  console.log(problem ? `not ok - report: ${name}: ${String(problem).replace(/\s+/g, " ").slice(0, 600)}` : `ok - report: ${name}`);
}

// A page, and what it asked for and complained about.
async function open(name, options = {}) {
  const context = await browser.createBrowserContext(); // nothing is remembered from page to page
  const page = await context.newPage();
  const url = pathToFileURL(path.join(dir, name)).href;
  const seen = { requests: [], complaints: [] };
  page.on("request", (r) => seen.requests.push(r.url()));
  page.on("console", (m) => seen.complaints.push(`${m.type()}: ${m.text()}`));
  page.on("pageerror", (e) => seen.complaints.push(e.message));
  page.on("dialog", (d) => { seen.complaints.push("dialog"); d.dismiss(); });
  if (options.script === false) await page.setJavaScriptEnabled(false);
  await page.setViewport({ width: options.width || 1280, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: options.scheme || "light" }, { name: "prefers-reduced-motion", value: "reduce" }]);
  await page.evaluateOnNewDocument(() => { window.pwnedBy = []; window.pwned = (by) => window.pwnedBy.push(by); });
  await page.goto(url);
  await pause(150);
  seen.strangers = () => seen.requests.filter((r) => r !== url && r.split("#")[0] !== url);
  return { page, seen };
}

async function each(name, test) {
  try {
    result(name, await test());
  } catch (error) {
    result(name, error.stack || error);
  }
}

const listed = (page) => page.$$eval("#list > li", (all) => all.filter((li) => li.dataset.found).length);
const range = (page) => page.evaluate(() => window.trailcReport.range);

// axe is put in past the page's policy, which is what puppeteer's own script world allows.
async function audit(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary}`).join("; ");
}

async function shots(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: path.join(process.env.SHOTS, name + ".png"), fullPage: true });
}

// ---- what it shows ----

async function opens() {
  const { page, seen } = await open("month.html");
  await each("opens from a file, and asks for nothing else", () => seen.strangers().join(" "));
  await each("says nothing on the console", () => seen.complaints.join("; "));
  await each("its policy forbids all but its own scripts and style", async () => {
    const policy = await page.$eval("meta[http-equiv=Content-Security-Policy]", (m) => m.content);
    if (/unsafe|\*|https?:/.test(policy) || !policy.startsWith("default-src 'none'") || (policy.match(/'sha256-/g) || []).length !== 3) return policy;
    const ran = await page.evaluate(() => {
      const s = document.createElement("script");
      s.textContent = "window.intruder = 1";
      document.body.append(s);
      const img = document.createElement("img");
      img.src = "x";
      img.setAttribute("onerror", "window.intruder = 2");
      document.body.append(img);
      img.dispatchEvent(new Event("error"));
      return window.intruder;
    });
    return ran ? "a script that was put in ran" : "";
  });
  await page.close();
}

async function values() {
  const { page } = await open("month.html");
  await each("lines carry the data's values", async () => {
    if (month.series.length < 2 || !month.series.some((s) => s.lines[0].expected)) return "too little data: " + month.series.length;
    const drawn = await page.evaluate(() => window.trailcReport.charts.map((c) => c.plot.data.map((d) => Array.from(d))));
    for (const [i, s] of month.series.entries()) {
      const l = s.lines[0], d = drawn[i], none = l.actual.map(() => null);
      if (!same(d[0], l.actual.map((_, k) => (s.from + k * s.width) / 1000))) return `${s.alert}: times`;
      if (!same(d[4], l.actual) || !same(d[3], l.expected || none) || !same(d[2], l.low || none) || !same(d[1], l.high || none)) return `${s.alert}: values`;
      if (!same(d.slice(5), s.thresholds.map((t) => l.actual.map(() => t.n)).concat((l.limits || []).map((t) => t.values)))) return `${s.alert}: thresholds`;
    }
    return "";
  });
  await each("blue is where the counts are, and green what is expected", async () => {
    // Colours of the canvas at the highest count, in the middle of its bin's top.
    return page.evaluate(() => {
      const c = window.trailcReport.charts.find((one) => one.series.lines[0].expected), u = c.plot, l = c.series.lines[0];
      const css = getComputedStyle(document.documentElement), ctx = u.ctx, ratio = devicePixelRatio;
      const i = l.actual.indexOf(Math.max(...l.actual));
      const near = (value, name) => {
        const want = css.getPropertyValue("--" + name).trim().match(/\w\w/g).map((h) => parseInt(h, 16));
        const x = Math.round((u.valToPos(u.data[0][i] + c.series.width / 2000, "x") + u.over.offsetLeft) * ratio), y = Math.round((u.valToPos(value, "n") + u.over.offsetTop) * ratio);
        const px = ctx.getImageData(x - 2, y - 3, 5, 7).data;
        for (let k = 0; k < px.length; k += 4) if (want.every((w, j) => Math.abs(px[k + j] - w) < 60) && px[k + 3] > 100) return true;
        return false;
      };
      return near(l.actual[i], "actual") && near(l.expected[i], "expected") ? "" : "the colours are elsewhere";
    });
  });
  await each("an alert that asks for what is usual has its own threshold, and its notifications what was expected", async () => {
    const s = month.series.findIndex((one) => one.alert === "more-logins-fail-than-usual"), fired = month.fired.find((f) => f.id === "more-logins-fail-than-usual");
    if (s < 0 || !month.series[s].lines[0].limits || !fired) return "no such alert";
    const key = await page.$eval(`#chart-${s}`, (h) => h.parentElement.querySelector(".legend").textContent);
    const drawn = await page.evaluate((i) => window.trailcReport.charts[i].plot.series.slice(5).map((one) => one.label), s);
    const facts = await page.$$eval("#list > li", (all) => all.filter((li) => li.querySelector(".name").textContent === "More logins fail than usual").map((li) => li.querySelector("dl").textContent));
    const wanted = `${Number(fired.expected.toFixed(1))}, usual ${Number(fired.band[0].toFixed(1))} to ${Number(fired.band[1].toFixed(1))}`;
    if (!key.includes("threshold: more than usual by 50%, at least 8") || !same(drawn, ["more than usual by 50%, at least 8"])) return key + drawn;
    return facts.some((f) => f.includes(wanted)) ? "" : `${wanted}: ${facts[0]}`;
  });
  await each("where the log stream was missing the chart is at nothing, and P reads it", async () => {
    const s = month.series.findIndex((one) => one.alert === "no-log-stream"), box = `.plot[data-chart="${s}"]`;
    if (s < 0) return "no chart";
    const l = month.series[s].lines[0], label = await page.$eval(box, (e) => e.getAttribute("aria-label"));
    if (!l.actual.includes(0) || !l.actual.some((n) => n > 10) || !label.endsWith("P the lowest")) return `${label}: ${l.actual}`;
    await page.focus(box);
    await page.keyboard.press("p");
    const read = await page.$eval(box, (e) => e.parentElement.querySelector(".readout").textContent);
    return read.startsWith("prod-trail, ") && read.includes(": 0 actual") && read.includes("threshold less than 1") ? "" : read;
  });
  await each("a chart changes to another group", async () => {
    const s = month.series.findIndex((one) => one.lines.length > 1);
    if (s < 0) return "no chart with groups";
    await page.select(`.choice select[data-chart="${s}"]`, "1");
    const drawn = await page.evaluate((i) => Array.from(window.trailcReport.charts[i].plot.data[4]), s);
    return same(drawn, month.series[s].lines[1].actual) ? "" : "other values";
  });
  await each("the table beside a chart has each value", async () => {
    await page.$eval(".values summary", (e) => e.click());
    await pause(50);
    const rows = await page.$$eval(".values tbody tr", (all) => all.map((r) => r.cells[1].textContent));
    const want = month.series[0].lines[0].actual.map((n) => String(n).replace(/\B(?=(\d{3})+$)/g, ","));
    return same(rows.slice(0, want.length), want) ? "" : `${rows.length} rows`;
  });
  await each("the time line has each notification", async () => {
    const titles = await page.$$eval("#lanes .moving .mark title", (all) => all.map((t) => t.textContent));
    const drawn = titles.reduce((n, t) => n + Number((t.match(/: (\d+) notification/) || [0, 0])[1]), 0);
    const fired = month.alerts.reduce((n, a) => n + a.fired, 0);
    return drawn === fired ? "" : `${drawn} of ${fired}`;
  });
  await each("bars are as long as their numbers", async () => {
    const wrong = await page.$$eval("#groups table.shares", (tables) => tables.flatMap((t) => {
      const rows = Array.from(t.tBodies[0].rows).filter((r) => r.querySelector("progress")).map((r) => [Number(r.cells[2].textContent.replace(/,/g, "")), r.querySelector("progress").value]);
      const most = Math.max(...rows.map((r) => r[0]));
      return t.tHead ? rows.filter(([n, share]) => Math.abs(share - (100 * n) / most) > 0.6) : [];
    }));
    return wrong.length ? JSON.stringify(wrong) : "";
  });
  await each("the matrix has each technique under its tactics", async () => {
    const cells = await page.$$eval(".matrix .tactic", (all) => all.flatMap((t) => Array.from(t.querySelectorAll("a"), (a) => t.querySelector("h3").textContent + "/" + a.dataset.tag)));
    const want = month.techniques.reduce((n, t) => n + Math.max(1, t.tactics.length), 0);
    return cells.length === want && cells.includes("Credential Access/T1110.003") && cells.includes("Persistence/T1098") ? "" : cells.join(" ");
  });
  await each("the inputs and the gap are told", async () => {
    const text = await page.$eval("#inputs", (e) => e.textContent);
    const records = String(month.inputs.records).replace(/\B(?=(\d{3})+$)/g, ",");
    return text.includes(records) && text.includes("to 2026-03-17 00:00 UTC (7d)") ? "" : text;
  });
  await page.close();
}

// ---- what one does with it ----

async function uses() {
  const { page, seen } = await open("month.html");
  const all = month.fired.length;
  await each("the list has all, fifty at a time", async () => {
    const shown = await page.$$eval("#list > li", (items) => items.filter((li) => !li.hidden).length);
    return (await listed(page)) === all && shown === Math.min(50, all) ? "" : `${await listed(page)} of ${all}, ${shown} shown`;
  });
  await each("search finds what is in the event", async () => {
    const id = month.fired.find((f) => f.event).event.eventID;
    await page.type("#search", id);
    const want = month.fired.filter((f) => JSON.stringify(f.event || {}).includes(id)).length;
    const got = await listed(page), said = await page.$eval("#found", (e) => e.textContent);
    return want > 0 && got === want && said.includes(String(want)) ? "" : `${got} of ${want}: ${said}`;
  });
  await each("clearing shows all again", async () => {
    await page.click("#filters button[type=reset]");
    await pause(50);
    return (await listed(page)) === all ? "" : await listed(page);
  });
  await each("priorities, states and alerts filter", async () => {
    await page.click("#filters input[value='1']");
    const p = await listed(page);
    await page.select("#state", "resolved");
    const r = await listed(page);
    await page.click("#filters button[type=reset]");
    await pause(50);
    const name = await page.$eval("#which option:nth-child(2)", (o) => o.textContent);
    await page.select("#which", await page.$eval("#which option:nth-child(2)", (o) => o.value));
    const a = await listed(page);
    await page.click("#filters button[type=reset]");
    await pause(50);
    const want = [month.fired.filter((f) => f.priority !== "P1").length, month.fired.filter((f) => f.priority !== "P1" && f.state === "resolved").length, month.fired.filter((f) => f.alert === name).length];
    return same([p, r, a], want) ? "" : `${[p, r, a]} for ${want}`;
  });
  await each("a technique filters", async () => {
    await page.$eval('a.pick-tag[data-tag="T1098"]', (a) => a.click());
    const ids = month.alerts.filter((a) => a.tags.includes("attack.t1098")).map((a) => a.id);
    const want = month.fired.filter((f) => ids.includes(f.id)).length, got = await listed(page);
    await page.click("#filters button[type=reset]");
    await pause(50);
    return got === want && want > 0 ? "" : `${got} for ${want}`;
  });
  await each("an alert opens to its event", async () => {
    const i = month.fired.findIndex((f) => f.event);
    await page.$eval(`#alert-${i} > summary`, (s) => s.click());
    await pause(80);
    const texts = await page.$$eval(`#alert-${i} pre.json`, (all) => all.map((p) => p.textContent));
    return texts.some((t) => t.includes("\n") && same(JSON.parse(t), month.fired[i].event)) ? "" : texts.join();
  });
  await each("order by priority", async () => {
    await page.select("#order", "priority");
    const got = await page.$$eval("#list > li", (items) => items.map((li) => Number(li.dataset.priority)));
    await page.select("#order", "new");
    return got.every((p, i) => i === 0 || p >= got[i - 1]) ? "" : got.join();
  });
  await each("buttons zoom; the list and the counts follow", async () => {
    const before = await range(page);
    await page.click("#zoom-in");
    await page.click("#pan-right");
    const [from, to] = await range(page);
    const want = month.fired.filter((f) => { const t = Date.parse(f.window ? f.window.to : f.last_event); return t >= from && t <= to; }).length;
    const scale = await page.evaluate(() => { const s = window.trailcReport.charts[0].plot.scales.x; return [s.min * 1000, s.max * 1000]; });
    if (Math.abs(to - from - (before[1] - before[0]) / 2) > 1) return `${from} ${to}`;
    return (await listed(page)) === want && Math.abs(scale[0] - from) < 2 && Math.abs(scale[1] - to) < 2 ? "" : `${await listed(page)} for ${want}, ${scale}`;
  });
  await each("keys zoom and move the time line", async () => {
    await page.focus("#lanes");
    await page.keyboard.press("0");
    const whole = await range(page);
    await page.keyboard.press("+");
    const near = await range(page);
    await page.keyboard.press("ArrowRight");
    const right = await range(page);
    await page.keyboard.press("Escape");
    const end = await range(page), said = await page.$eval("#range", (e) => e.textContent);
    return near[1] - near[0] < whole[1] - whole[0] && right[0] > near[0] && same(end, whole) && said.includes("notification") ? "" : JSON.stringify([whole, near, right, end]);
  });
  await each("dragging zooms, the wheel with Ctrl does, a double click shows all", async () => {
    await page.$eval("#lanes", (e) => e.scrollIntoView({ block: "center" }));
    const box = await (await page.$("#lanes .moving")).boundingBox(), whole = await range(page), y = box.y + 20;
    await page.mouse.move(box.x + box.width * 0.5, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, y);
    await page.mouse.move(box.x + box.width * 0.75, y);
    await page.mouse.up();
    const dragged = await range(page);
    const share = (dragged[1] - dragged[0]) / (whole[1] - whole[0]);
    await page.keyboard.down("Control");
    await page.mouse.wheel({ deltaY: -100 });
    await pause(80);
    await page.keyboard.up("Control");
    const wheeled = await range(page);
    await page.mouse.click(box.x + box.width * 0.4, box.y + box.height - 8, { count: 2 });
    await pause(50);
    const end = await range(page);
    const scale = (960 * 0.25) / (960 - 250);
    return Math.abs(share - scale) < 0.01 && wheeled[1] - wheeled[0] < dragged[1] - dragged[0] && same(end, whole) ? "" : JSON.stringify([share, scale, dragged, wheeled, end]);
  });
  await each("a chart reads its values to the keyboard", async () => {
    const s = month.series.findIndex((one) => one.side === "more"), box = `.plot[data-chart="${s}"]`;
    const readout = () => page.$eval(box, (e) => e.parentElement.querySelector(".readout").textContent);
    await page.focus(box);
    await page.keyboard.press("p");
    const l = month.series[s].lines[0], said = await readout();
    if (!said.includes(`${Math.max(...l.actual)} actual`)) return said;
    await page.keyboard.press("ArrowRight");
    const i = l.actual.indexOf(Math.max(...l.actual)) + 1, next = await readout();
    return next.includes(`${l.actual[i]} actual`) && next !== said ? "" : next;
  });
  await each("the keyboard reaches all that the mouse does", async () => {
    await page.reload();
    await pause(150);
    const reached = new Set();
    for (let i = 0; i < 90; i++) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate(() => { const e = document.activeElement; return e.id || e.getAttribute("class") || e.tagName; }));
    }
    const want = ["skip", "theme", "pick", "zoom-in", "lanes", "pick-lane", "search", "which"];
    return want.filter((w) => !reached.has(w) && !Array.from(reached).some((r) => r.split(" ").includes(w))).join(" ");
  });
  await each("a lane's name shows its alerts with the keyboard", async () => {
    await page.$eval("#lanes .pick-lane", (g) => g.focus());
    await page.keyboard.press("Enter");
    const got = await listed(page), first = month.alerts[month.lanes[0]].id;
    return got === month.fired.filter((f) => f.id === first).length ? "" : got;
  });
  await each("the theme can be switched", async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.select("#theme", "dark");
    const dark = await ground();
    await page.select("#theme", "light");
    return light !== dark && (await ground()) === light ? "" : `${light} ${dark}`;
  });
  await each("dark by choice is dark by the system", async () => {
    const colours = () => page.evaluate(() => {
      const names = Array.from(document.styleSheets).flatMap((s) => Array.from(s.cssRules)).flatMap((r) => Array.from(r.style || [])).filter((n) => n.startsWith("--")), style = getComputedStyle(document.documentElement);
      return Object.fromEntries(names.map((n) => [n, style.getPropertyValue(n)]).concat([["scheme", style.colorScheme]]));
    });
    const light = await colours();
    await page.select("#theme", "dark");
    const chosen = await colours();
    await page.select("#theme", "");
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    const system = await colours();
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    return Object.keys(light).length > 20 && !same(light, chosen) && same(chosen, system) ? "" : JSON.stringify([light, chosen, system]);
  });
  await each("nothing of this complained or asked for anything", () => seen.complaints.concat(seen.strangers()).join("; "));
  await page.close();
}

// ---- for whom ----

async function accessible() {
  for (const scheme of ["light", "dark"]) {
    const { page } = await open("month.html", { scheme });
    await shots(page, `report-${scheme}`);
    await page.$eval("#list details > summary", (s) => s.click());
    await page.$$eval(".values summary", (all) => all.forEach((s) => s.click()));
    await pause(100);
    await each(`axe finds nothing serious, ${scheme}`, () => audit(page));
    await page.close();
  }
  const { page } = await open("month.html", { width: 375 });
  await each("a narrow window scrolls no sideways", async () => {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    return over > 0 ? `${over} px too wide` : "";
  });
  await each("a narrow window shows the whole time line", async () => {
    const marks = await page.$$eval("#lanes .mark", (all) => all.map((m) => m.getBoundingClientRect()).map((b) => [b.left, b.right])), right = await page.evaluate(() => innerWidth);
    const size = await page.$eval("#lanes .tick", (t) => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a);
    return marks.length && marks.every(([l, r]) => l >= 0 && r <= right) && size >= 10 ? "" : `${marks.length} marks, ${JSON.stringify(marks[0])}, letters of ${size} px`;
  });
  await shots(page, "report-narrow");
  await page.close();
}

async function withoutScript() {
  const { page, seen } = await open("month.html", { script: false });
  await each("without a script: pictures, tables and the whole list", async () => {
    const svgs = await page.$$("#lanes svg, .plot svg"), items = await page.$$("#list > li"), controls = await page.$(".needs-script");
    const visible = await Promise.all(svgs.map((s) => s.boundingBox())), hidden = await controls.boundingBox();
    return svgs.length === 1 + month.series.length && visible.every((b) => b && b.height > 50) && items.length === month.fired.length && !hidden && !seen.complaints.length ? "" : `${svgs.length} pictures, ${items.length} items`;
  });
  await each("without a script: an alert opens", async () => {
    const summary = await page.$("#list summary");
    await summary.click();
    const pre = await page.$("#list pre.json");
    return (await pre.boundingBox()) ? "" : "its event is not seen";
  });
  await shots(page, "report-no-script");
  await page.close();
}

async function printed() {
  const { page } = await open("month.html", { scheme: "dark" });
  await page.emulateMediaType("print");
  await each("on paper: light, still pictures, no controls", async () => page.evaluate(() => {
    const shown = (s) => { const e = document.querySelector(s); return e && e.getClientRects().length > 0; };
    const ground = getComputedStyle(document.body).backgroundColor;
    return ground === "rgb(255, 255, 255)" && shown("#lanes .static svg") && shown(".plot .static svg") && !shown(".plot .uplot") && !shown("#filters") && !shown("nav") ? "" : ground;
  }));
  const pdf = await page.pdf({ format: "A4", printBackground: true });
  await each("prints", () => (pdf.length > 10000 ? "" : pdf.length));
  if (process.env.SHOTS) fs.writeFileSync(path.join(process.env.SHOTS, "report.pdf"), pdf);
  await page.close();
}

async function fromState() {
  const { page, seen } = await open("state.html");
  await each("from a state: the same notifications, and what is not known is said", async () => {
    const items = await page.$$eval("#list > li", (all) => all.map((li) => li.dataset.time)), text = await page.$eval("main", (m) => m.textContent);
    return items.length > 0 && (text.match(/Not known/g) || []).length >= 2 && !seen.complaints.length && !seen.strangers().length ? "" : `${items.length}: ${seen.complaints}`;
  });
  await each("from a state: axe finds nothing serious", () => audit(page));
  await page.close();
}

// ---- against whom ----

async function hostile() {
  const { page, seen } = await open("hostile.html");
  await page.$$eval("#list details", (all) => all.forEach((d) => { d.open = true; }));
  await page.$$eval(".values summary, .choice select", (all) => all.forEach((e) => (e.tagName === "SELECT" ? ((e.selectedIndex = 1), e.dispatchEvent(new Event("change"))) : e.click())));
  await page.focus(".plot");
  await page.keyboard.press("p");
  await pause(150);
  await each("a hostile log runs nothing", async () => {
    const by = await page.evaluate(() => window.pwnedBy);
    return by.concat(seen.complaints).concat(seen.strangers()).join("; ");
  });
  await each("a hostile log becomes no markup", async () => {
    const odd = await page.evaluate(() => Array.from(document.querySelectorAll("*")).filter((e) => ["IMG", "IFRAME", "B"].includes(e.tagName) && !e.closest(".lead, .matrix") || Array.from(e.attributes).some((a) => /^on/i.test(a.name))).map((e) => e.outerHTML.slice(0, 100)));
    const scripts = await page.$$eval("script", (all) => all.length), text = await page.$eval("#list", (e) => e.textContent);
    if (scripts !== 3) odd.push(`${scripts} scripts`);
    if (!text.includes("</script><img src=x onerror=pwned('script')>")) odd.push("the name is not shown as it is");
    return odd.join("; ");
  });
  await each("a hostile log's JSON says what the log said", async () => {
    const report = JSON.parse(read("hostile.json"));
    return report.fired.some((f) => f.fields.name === "</script><img src=x onerror=pwned('script')>") ? "" : "it is not there";
  });
  await each("no field of its CSV is a formula", () => {
    const bad = [];
    for (const name of ["hostile.csv", "hostile-groups.csv"])
      for (const [, field] of read(name).matchAll(/"((?:[^"]|"")*)"(?:,|\r\n)/g)) if (/^[=+\-@\t\r]/.test(field)) bad.push(field);
    const lines = read("hostile.csv").split("\r\n");
    if (lines.some((l, i) => i > 0 && l && l.match(/"((?:[^"]|"")*)"/g).length !== 16)) bad.push("columns");
    return bad.join("; ");
  });
  await each("its pictures are well-formed, and hold shapes and texts alone", async () => {
    const problems = [];
    for (const name of ["hostile.svg", "hostile-counts.svg"])
      problems.push(await page.evaluate((text) => {
        const doc = new DOMParser().parseFromString(text, "image/svg+xml");
        if (doc.querySelector("parsererror")) return "not well-formed";
        return Array.from(doc.querySelectorAll("*"), (e) => e.tagName).filter((t) => !["svg", "style", "text", "path", "rect", "title"].includes(t)).join();
      }, read(name)));
    return problems.filter(Boolean).join();
  });
  await page.close();
}

(async () => {
  browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, headless: true, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-device-scale-factor=1"] });
  try {
    for (const part of [opens, values, uses, accessible, withoutScript, printed, fromState, hostile]) {
      try {
        await part();
      } catch (error) {
        result(part.name, error.stack || error);
      }
    }
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.log(`not ok - report: the browser: ${error.message}`);
  process.exitCode = 1;
});
