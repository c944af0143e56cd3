// Runs in a page before its own scripts, and measures them from outside: what a frame takes, when
// rows arrive, when they are on the screen. The benchmark calls window.probe.
(() => {
  const probe = { scripts: [], opened: 0, first: 0, last: 0, drawn: 0, arrived: 0, shownAfter: 0 };
  window.probe = probe;

  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => frame((now) => {
    const began = performance.now();
    callback(now);
    const ended = performance.now();
    probe.scripts.push(ended - began);
    if (probe.arrived > 0 && probe.shownAfter === 0) probe.shownAfter = ended;
    if (probe.first > 0 && probe.drawn === 0) probe.drawn = ended;
  });

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...args) {
      super(...args);
      probe.opened = performance.now();
      this.addEventListener("message", ({ data }) => {
        if (!data.includes('"rows":[[')) return;
        probe.last = performance.now();
        probe.first ||= probe.last;
        probe.arrived ||= probe.last;
      });
    }
  };

  const nextFrame = () => new Promise((done) => frame(done));
  const sorted = (list) => [...list].sort((a, b) => a - b);
  const part = (list, share) => sorted(list)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
  const find = (name) => document.querySelector(`[data-part="${name}"]`);

  // Waits until a condition holds at some frame.
  probe.until = async (condition, most = 120000) => {
    const began = performance.now();
    while (!condition()) {
      if (performance.now() - began > most) throw new Error("waited too long");
      await nextFrame();
    }
  };

  probe.count = () => Number((find("count")?.textContent ?? "").split("/").pop()?.replace(/\D/g, "") ?? 0);

  // Acts at every frame of the screen, with no rest.
  probe.run = (act, count) => new Promise((done) => {
    const between = [];
    const scripts = [];
    let last = 0;
    let i = 0;
    const step = (now) => {
      if (last > 0) {
        between.push(now - last);
        scripts.push(probe.scripts.reduce((a, b) => a + b, 0) + probe.handled);
      }
      last = now;
      probe.scripts = [];
      if (i === count) {
        done({ median: part(between, 0.5), worst: Math.max(...between.slice(2)), script: part(scripts, 0.5) });
        return;
      }
      const began = performance.now();
      act(i++ / (count - 1));
      probe.handled = performance.now() - began;
      frame(step);
    };
    frame(step);
  });

  const canvas = () => find("timeline");
  const box = () => canvas().getBoundingClientRect();
  const pointer = (type, x, y) => canvas().dispatchEvent(new PointerEvent(type,
    { clientX: x, clientY: y, button: 0, pointerId: 1, bubbles: true }));
  const wheel = (deltaX, deltaY, x) => canvas().dispatchEvent(new WheelEvent("wheel",
    { deltaX, deltaY, clientX: x, clientY: box().top + 60, bubbles: true, cancelable: true }));

  // Moves the scrubber over the whole run.
  probe.scrub = (count) => {
    const scrubber = find("scrubber");
    return probe.run((share) => {
      scrubber.value = String(Math.round(1 + share * (Number(scrubber.max) - 2)));
      scrubber.dispatchEvent(new Event("input", { bubbles: true }));
    }, count);
  };

  // Pans to and fro at the zoom there is.
  probe.pan = (count) => probe.run((share) => wheel((share < 0.5 ? -1 : 1) * 40, 0, box().left + 300), count);

  // Zooms all the way out and in again, about a third of the width.
  probe.zoom = (count) => probe.run((share) => wheel(0, share < 0.5 ? 180 : -180, box().left + box().width / 3), count);

  // Jumps all over the run.
  probe.seek = (count) => {
    const scrubber = find("scrubber");
    let seed = 12345;
    return probe.run(() => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      scrubber.value = String(1 + Math.floor((seed / 2 ** 32) * (Number(scrubber.max) - 2)));
      scrubber.dispatchEvent(new Event("input", { bubbles: true }));
    }, count);
  };

  // Moves the pointer over the lanes.
  probe.hover = (count) => probe.run((share) => {
    pointer("pointermove", box().left + 60 + share * (box().width - 100), box().top + 60 + 40 * Math.sin(20 * share));
  }, count);

  // Selects one event after the other.
  probe.select = (count) => {
    canvas().setPointerCapture = () => {};
    return probe.run((share) => {
      const x = box().left + 60 + share * (box().width - 100);
      const y = box().top + 60 + 40 * Math.sin(20 * share);
      pointer("pointerdown", x, y);
      pointer("pointerup", x, y);
    }, count);
  };

  // Zooms all the way out.
  probe.out = (count) => probe.run(() => wheel(0, 240, box().left + 60), count);

  // What the page took to load: milliseconds to its first paint, compressed bytes.
  probe.visit = async () => {
    const paint = () => performance.getEntriesByName("first-contentful-paint")[0];
    await probe.until(() => paint() !== undefined && document.readyState === "complete", 20000);
    await new Promise((done) => setTimeout(done, 500));
    const parts = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    return { Paint: paint().startTime, Bytes: parts.reduce((sum, e) => sum + e.encodedBodySize, 0) };
  };

  // Waits until a run is loaded: milliseconds from the opening of the stream to its first picture, and
  // to that of all events.
  probe.loaded = async (events) => {
    await probe.until(() => probe.count() >= events);
    return { First: probe.drawn - probe.opened, All: performance.now() - probe.opened };
  };

  // Takes some steps, the first of which is for warming up.
  probe.steps = async (count, step) => {
    const took = [];
    await step();
    for (let i = 0; i < count; i++) took.push(await step());
    return took;
  };

  const press = (key) => document.body.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

  // Asks the room for a step, and waits until its first event is on the screen: milliseconds.
  probe.step = async () => {
    const began = performance.now();
    probe.arrived = 0;
    probe.shownAfter = 0;
    press("ArrowRight");
    await probe.until(() => probe.shownAfter > 0, 10000);
    return probe.shownAfter - began;
  };

  // Steps back, and waits until that is drawn: milliseconds.
  probe.back = async () => {
    const began = performance.now();
    probe.arrived = began;
    probe.shownAfter = 0;
    press("ArrowLeft");
    await probe.until(() => probe.shownAfter > 0, 10000);
    return probe.shownAfter - began;
  };

  // Loads a run into a store without a page, goes all over it, and times each step: milliseconds.
  probe.core = async (stream, storeURL, litURL) => {
    const [{ Store }, { Lit }] = await Promise.all([import(storeURL), import(litURL)]);
    const store = await loadAll(Store, stream);
    const lit = new Lit(store.trace);
    const last = store.trace.length;
    let seed = 12345;
    const draw = () => 1 + Math.floor(((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32) * (last - 1));
    const go = (seq) => timed(() => { store.select(seq); return [store.world, store.event]; });
    const out = { Seek: [], Back: [], Cone: [] };
    for (let i = 0; i < 300; i++) {
      const seq = draw();
      out.Seek.push(go(seq));
      out.Back.push(go(Math.max(1, seq - 1)));
      const from = i % 10 === 0 ? 1 + (seq % 100) : seq; // the oldest have most effects
      out.Cone.push(timed(() => { lit.look(from); lit.has(last); }));
    }
    return out;
  };

  const timed = (act) => {
    const began = performance.now();
    act();
    return performance.now() - began;
  };

  // All messages up to the one without rows that ends a run.
  const loadAll = (Store, stream) => new Promise((done, fail) => {
    let store;
    const socket = new Plain(`ws://${location.host}${stream}`);
    socket.onerror = () => fail(new Error("no stream"));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      store ??= new Store(message);
      if (message.rows) store.append(message.rows);
      if (!message.head || message.rows) return;
      socket.close();
      done(store);
    };
  });
})();
