"use strict";
// Draws /page.json, every two seconds until there is nothing more to come. No library, no inline
// style: the page runs under Content-Security-Policy "default-src 'self'".
(() => {
  const PAUSE_MILLIS = 2000;
  const LEFT = 64, RIGHT = 8, TOP = 6, BOTTOM = 18;
  const KINDS = {
    buffer_overflow: "#c8321f", ooo_segment: "#1c6dd0", flow_table_eviction: "#8b3fc1",
    parse_error: "#d98a00", retransmission_inconsistent: "#b5177b", gap: "#0f9d8a",
    out_of_window: "#7a8699", high_watermark: "#a3541c",
  };
  const element = (id) => document.getElementById(id);
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  let data = null;
  let hover = null;

  // --- numbers as people read them ---------------------------------------------------------------

  const scaled = (value, units, base) => {
    let unit = 0;
    while (value >= base * 0.9995 && unit < units.length - 1) {
      value /= base;
      unit++;
    }
    const digits = unit === 0 && Number.isInteger(value) || value >= 99.95 ? 0 : 1;
    return value.toFixed(digits).replace(/\.0$/, "") + units[unit];
  };
  const count = (n) => scaled(n, ["", " k", " M", " G", " T"], 1000);
  const bytes = (n) => scaled(n, [" B", " kB", " MB", " GB", " TB", " PB"], 1000);
  const bits = (n) => scaled(n, [" bit/s", " kbit/s", " Mbit/s", " Gbit/s", " Tbit/s"], 1000);
  const perSecond = (n) => count(n) + "/s";
  const micros = (us) => scaled(us, [" µs", " ms", " s"], 1000);
  const lasting = (ms) => ms < 60000 ? micros(ms * 1000) : ms < 3600000
      ? Math.floor(ms / 60000) + " m " + Math.floor(ms / 1000) % 60 + " s"
      : Math.floor(ms / 3600000) + " h " + Math.floor(ms / 60000) % 60 + " m";
  const clock = (ms, fine) => {
    const time = new Date(ms);
    const text = time.toLocaleTimeString([], { hour12: false });
    return fine ? text + "." + String(time.getMilliseconds()).padStart(3, "0") : text;
  };

  // --- charts -----------------------------------------------------------------------------------

  /** The canvas in device pixels, empty. */
  const begin = (id) => {
    const canvas = element(id);
    const ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const paint = canvas.getContext("2d");
    paint.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint.clearRect(0, 0, width, height);
    paint.font = "11px system-ui, sans-serif";
    return { paint, width, height, inner: width - LEFT - RIGHT, deep: height - TOP - BOTTOM };
  };

  /** A live chart shows a minute at least, so that it does not begin with a single point. */
  const slots = () => Math.max(data.live ? 60 : 2, data.steps.packets.length);
  const first = () => slots() - data.steps.packets.length;
  const x = (at, chart) => LEFT + (first() + at) / slots() * chart.inner;

  /** The next round number of 1, 2, 5. */
  const round = (most) => {
    const power = Math.pow(10, Math.floor(Math.log10(most)));
    return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= most * 0.999);
  };

  const axes = (chart, most, text) => {
    const { paint } = chart;
    paint.strokeStyle = color("--line");
    paint.fillStyle = color("--faint");
    paint.textAlign = "right";
    paint.textBaseline = "middle";
    paint.lineWidth = 1;
    for (let i = 0; i <= 2; i++) {
      const y = Math.round(TOP + chart.deep * (1 - i / 2)) + 0.5;
      paint.beginPath();
      paint.moveTo(LEFT, y);
      paint.lineTo(chart.width - RIGHT, y);
      paint.stroke();
      paint.fillText(text(most * i / 2), LEFT - 6, y);
    }
    times(chart);
  };

  const times = (chart) => {
    const { paint } = chart;
    const total = slots() * data.step_ms;
    const begin = data.begin_ms - first() * data.step_ms;
    paint.fillStyle = color("--faint");
    paint.textBaseline = "alphabetic";
    [0, 0.5, 1].forEach((share) => {
      paint.textAlign = share === 0 ? "left" : share === 1 ? "right" : "center";
      paint.fillText(clock(begin + share * total, total < 10000),
          LEFT + share * chart.inner, chart.height - 4);
    });
  };

  /** Lines over their area, each {values, color}; all in one scale. */
  const lines = (id, series, text) => {
    const chart = begin(id);
    const most = round(Math.max(1, ...series.flatMap((s) => s.values)));
    axes(chart, most, text);
    const { paint } = chart;
    const step = chart.inner / slots();
    for (const each of series) {
      if (each.values.length === 0) {
        continue;
      }
      paint.beginPath();
      each.values.forEach((value, i) => {
        const y = TOP + chart.deep * (1 - value / most);
        if (i === 0) {
          paint.moveTo(x(0, chart), y);
        }
        paint.lineTo(x(i, chart) + step / 2, y);
        if (i === each.values.length - 1) {
          paint.lineTo(x(i, chart) + step, y);
        }
      });
      paint.strokeStyle = each.color;
      paint.lineWidth = 1.5;
      paint.stroke();
      paint.lineTo(x(each.values.length, chart), TOP + chart.deep);
      paint.lineTo(x(0, chart), TOP + chart.deep);
      paint.globalAlpha = 0.14;
      paint.fillStyle = each.color;
      paint.fill();
      paint.globalAlpha = 1;
    }
    cross(id, chart);
  };

  const cross = (id, chart) => {
    if (hover && hover.id === id) {
      const { paint } = chart;
      const at = Math.round(x(hover.step + 0.5, chart)) + 0.5;
      paint.strokeStyle = color("--faint");
      paint.lineWidth = 1;
      paint.beginPath();
      paint.moveTo(at, TOP);
      paint.lineTo(at, TOP + chart.deep);
      paint.stroke();
    }
  };

  const stacked = (id, series) => {
    const chart = begin(id);
    const sums = data.steps.packets.map((_, i) => series.reduce((sum, s) => sum + s.values[i], 0));
    const most = round(Math.max(1, ...sums));
    axes(chart, most, perSecond);
    const { paint } = chart;
    const wide = Math.max(1, chart.inner / slots() - (slots() < 120 ? 1 : 0));
    sums.forEach((_, i) => {
      let from = TOP + chart.deep;
      for (const each of series) {
        const high = chart.deep * each.values[i] / most;
        if (high > 0) {
          paint.fillStyle = each.color;
          paint.fillRect(x(i, chart), from - Math.max(high, 1), wide, Math.max(high, 1));
          from -= high;
        }
      }
    });
    cross(id, chart);
  };

  /** Round trips: time to the right, length upwards, how many by how strong the color is. */
  const heat = (id) => {
    const chart = begin(id);
    const { paint } = chart;
    const bounds = data.round_trip_bounds_us;
    const rows = bounds.length + 1;
    const cells = data.round_trips;
    let most = 1, low = rows, high = 0;
    cells.forEach((n, i) => {
      if (n > 0) {
        most = Math.max(most, n);
        low = Math.min(low, i % rows);
        high = Math.max(high, i % rows);
      }
    });
    // A few rows around those in use: twenty would leave most of it empty.
    low = Math.max(0, Math.min(low, rows) - 1);
    high = Math.min(rows - 1, Math.max(high + 1, low + 7));
    low = Math.max(0, Math.min(low, high - 7));
    const tall = chart.deep / (high - low + 1);
    paint.strokeStyle = color("--line");
    paint.fillStyle = color("--faint");
    paint.textAlign = "right";
    paint.textBaseline = "middle";
    for (let row = low; row <= high; row++) {
      const y = Math.round(TOP + chart.deep - (row - low + 1) * tall) + 0.5;
      paint.beginPath();
      paint.moveTo(LEFT, y);
      paint.lineTo(chart.width - RIGHT, y);
      paint.stroke();
      if ((row - low) % 2 === 1 && row < bounds.length) {
        paint.fillText("≤ " + micros(bounds[row]), LEFT - 6, y + tall / 2);
      }
    }
    times(chart);
    paint.fillStyle = color("--accent");
    cells.forEach((n, i) => {
      const row = i % rows;
      if (n > 0 && row >= low && row <= high) {
        paint.globalAlpha = 0.25 + 0.75 * Math.log1p(n) / Math.log1p(most);
        const step = Math.floor(i / rows);
        const left = Math.round(x(step, chart)), right = Math.round(x(step + 1, chart));
        paint.fillRect(left, TOP + chart.deep - (row - low + 1) * tall,
            Math.max(right - left, 1), tall);
      }
    });
    paint.globalAlpha = 1;
    cross(id, chart);
  };

  // --- what is drawn ------------------------------------------------------------------------------

  const rates = (column, factor) => column.map((n) => n * factor * 1000 / data.step_ms);

  const totals = () => {
    const kernel = data.packets + data.drops;
    const share = kernel > 0 ? 100 * data.drops / kernel : 0;
    const entries = [
      ["packets", count(data.packets)], ["bytes", bytes(data.bytes)], ["flows", count(data.flows)],
      ["live flows", count(data.active)], ["no flow", count(data.unmatched)],
      ["dropped", count(data.drops) + (data.drops > 0 ? " (" + share.toFixed(2) + " %)" : ""), data.drops > 0],
      ["evicted", count(data.ends.evicted), data.ends.evicted > 0],
    ];
    element("totals").replaceChildren(...entries.map(([title, value, bad]) => {
      const entry = document.createElement("div");
      const dt = document.createElement("dt"), dd = document.createElement("dd");
      dt.textContent = title;
      dd.textContent = value;
      dd.className = bad ? "bad" : "";
      entry.append(dt, dd);
      return entry;
    }));
  };

  const endpoint = (address, port) =>
      port === undefined ? address : (address.includes(":") ? "[" + address + "]" : address) + ":" + port;

  const top = () => {
    element("none").hidden = data.top.length > 0;
    element("top").replaceChildren(...data.top.map((flow) => {
      const line = document.createElement("tr");
      const cell = (text, name) => {
        const td = document.createElement("td");
        td.textContent = text;
        td.className = name || "";
        line.append(td);
      };
      const now = flow.bytes_per_second;
      cell(flow.protocol);
      cell(endpoint(flow.source, flow.source_port));
      cell(endpoint(flow.target, flow.target_port));
      cell(now === undefined ? "–" : bits(now * 8), now ? "n" : "n faint");
      cell(bytes(flow.bytes_out), "n");
      cell(bytes(flow.bytes_back), "n");
      cell(count(flow.packets), "n");
      cell(flow.round_trip_us === undefined ? "–" : micros(flow.round_trip_us), "n");
      cell(flow.retransmissions > 0 ? count(flow.retransmissions) : "–",
          flow.retransmissions > 0 ? "n bad" : "n faint");
      cell(lasting(flow.duration_ms), "n");
      cell(flow.reason === undefined ? flow.state : "ended: " + flow.reason,
          flow.reason === undefined ? "" : "faint");
      return line;
    }));
  };

  const kinds = () => data.anomalies.map((each) => ({
    kind: each.kind, total: each.total, color: KINDS[each.kind] || "#7a8699",
    values: rates(each.steps, 1),
  }));

  const legend = (series) => {
    const seen = series.filter((s) => s.total > 0);
    element("anomalies-now").textContent = seen.length === 0 ? "none" : "";
    element("legend").replaceChildren(...seen.map((each) => {
      const item = document.createElement("li");
      const patch = document.createElement("canvas");
      patch.width = patch.height = 10;
      const paint = patch.getContext("2d");
      paint.fillStyle = each.color;
      paint.fillRect(0, 0, 10, 10);
      item.append(patch, each.kind.replaceAll("_", " ") + ": " + count(each.total));
      return item;
    }));
  };

  /** The last whole second of a live source, else the mean over all. */
  const now = (column) => {
    if (column.length === 0) {
      return 0;
    }
    return data.live && !data.over ? column[column.length - 1]
        : column.reduce((a, b) => a + b, 0) / column.length;
  };

  const draw = () => {
    if (!data) {
      return;
    }
    const packets = rates(data.steps.packets, 1), drops = rates(data.steps.drops, 1);
    const throughput = rates(data.steps.bytes, 8), flows = rates(data.steps.flows, 1);
    const mean = data.live && !data.over ? "" : "mean ";
    element("packets-now").textContent = mean + perSecond(now(packets))
        + (data.drops > 0 ? ", dropped " + perSecond(now(drops)) : "");
    element("bits-now").textContent = mean + bits(now(throughput));
    element("flows-now").textContent = mean + perSecond(now(flows));
    const trips = data.round_trips.reduce((a, b) => a + b, 0);
    element("rtt-now").textContent = count(trips) + " shown";
    const both = [{ values: packets, color: color("--accent") }];
    if (data.drops > 0) {
      both.push({ values: drops, color: color("--bad") });
    }
    lines("packets", both, perSecond);
    lines("bits", [{ values: throughput, color: color("--good") }], bits);
    lines("flows", [{ values: flows, color: color("--accent") }], perSecond);
    heat("rtt");
    const series = kinds();
    stacked("anomalies", series);
    legend(series);
  };

  const show = () => {
    element("source").textContent = data.source;
    document.title = data.source + " – flowscope";
    const state = element("state");
    state.className = data.over ? "" : "live";
    state.textContent = data.over ? "all is read" : data.live ? "live" : "reading";
    totals();
    top();
    draw();
  };

  // --- what a step was ----------------------------------------------------------------------------

  const describe = (id, step) => {
    const at = (column, factor) => column[step] * factor * 1000 / data.step_ms;
    const time = clock(data.begin_ms + step * data.step_ms, data.step_ms < 1000) + "\n";
    switch (id) {
      case "packets":
        return time + perSecond(at(data.steps.packets, 1)) + " packets"
            + (data.steps.drops[step] > 0 ? "\n" + perSecond(at(data.steps.drops, 1)) + " dropped" : "");
      case "bits":
        return time + bits(at(data.steps.bytes, 8));
      case "flows":
        return time + perSecond(at(data.steps.flows, 1));
      case "anomalies":
        return time + (data.anomalies.filter((a) => a.steps[step] > 0)
            .map((a) => a.kind.replaceAll("_", " ") + " " + perSecond(at(a.steps, 1)))
            .join("\n") || "none");
      default: {
        const bounds = data.round_trip_bounds_us, rows = bounds.length + 1;
        const found = [];
        for (let row = 0; row < rows; row++) {
          const n = data.round_trips[step * rows + row];
          if (n > 0) {
            found.push((row < bounds.length ? "≤ " + micros(bounds[row])
                : "> " + micros(bounds[bounds.length - 1])) + ": " + count(n));
          }
        }
        return time + (found.join("\n") || "none");
      }
    }
  };

  for (const id of ["packets", "bits", "flows", "rtt", "anomalies"]) {
    const canvas = element(id), tip = element("tip");
    canvas.addEventListener("pointermove", (event) => {
      if (!data) {
        return;
      }
      const inner = canvas.clientWidth - LEFT - RIGHT;
      const step = Math.floor((event.offsetX - LEFT) / inner * slots()) - first();
      if (step < 0 || step >= data.steps.packets.length) {
        hover = null;
        tip.hidden = true;
      } else {
        hover = { id, step };
        tip.textContent = describe(id, step);
        tip.hidden = false;
        const left = event.clientX + 14 + tip.offsetWidth > window.innerWidth
            ? event.clientX - 14 - tip.offsetWidth : event.clientX + 14;
        tip.style.left = left + "px";
        tip.style.top = Math.min(event.clientY + 12, window.innerHeight - tip.offsetHeight) + "px";
      }
      draw();
    });
    canvas.addEventListener("pointerleave", () => {
      hover = null;
      tip.hidden = true;
      draw();
    });
  }
  window.addEventListener("resize", draw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

  // --- asking ---------------------------------------------------------------------------------------

  const ask = async () => {
    let pause = PAUSE_MILLIS;
    if (!document.hidden || !data) {
      try {
        const answer = await fetch("/page.json");
        if (answer.status === 429) {
          pause = 1000 * Number(answer.headers.get("Retry-After") || 2);
        } else if (!answer.ok) {
          throw new Error(answer.status + " " + answer.statusText);
        } else {
          data = await answer.json();
          show();
          if (data.over) {
            return;
          }
        }
      } catch (problem) {
        const state = element("state");
        state.className = "lost";
        state.textContent = "no answer (" + problem.message + "); asking again";
        pause = 2 * PAUSE_MILLIS;
      }
    }
    setTimeout(ask, pause);
  };
  ask();
})();
