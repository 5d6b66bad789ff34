// Boxes over faces and number plates: drawn by pointer or touch, or moved by keys. What is drawn
// is kept in pixels of the photo, in hidden fields of the form.
"use strict";

(() => {
  const LEAST = 4; // pixels on the screen: less is a slip, not a box
  const STEP = 0.02; // of the photo's longer side, for one press of a key

  function begin() {
    const form = document.getElementById("covering");
    if (!form) return;
    const canvas = document.getElementById("canvas");
    const fields = document.getElementById("drawn");
    const said = document.getElementById("covered-said");
    const width = Number(canvas.dataset.width);
    const height = Number(canvas.dataset.height);
    const step = Math.round(Math.max(width, height) * STEP);
    let boxes = [...fields.querySelectorAll("input")].map(({ value }) => JSON.parse(value));
    const past = [];

    const say = (text) => { said.textContent = text; };
    const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
    const fitting = (box) => {
      const wide = clamp(Math.round(box.width), 1, width);
      const high = clamp(Math.round(box.height), 1, height);
      return {
        x: clamp(Math.round(box.x), 0, width - wide),
        y: clamp(Math.round(box.y), 0, height - high),
        width: wide,
        height: high,
      };
    };
    const named = (box, number) => ["x", "y", "width", "height"].reduce(
      (text, side) => text.replace(`{${side}}`, box[side]),
      form.dataset.box.replace("{number}", number + 1),
    );

    function place(element, box) {
      element.style.left = `${(box.x / width) * 100}%`;
      element.style.top = `${(box.y / height) * 100}%`;
      element.style.width = `${(box.width / width) * 100}%`;
      element.style.height = `${(box.height / height) * 100}%`;
    }

    function show(focused = -1) {
      canvas.querySelectorAll(".cover-box").forEach((element) => element.remove());
      boxes.forEach((box, number) => {
        const element = document.createElement("button");
        element.type = "button";
        element.className = "cover-box";
        element.dataset.number = number;
        element.setAttribute("aria-label", named(box, number));
        place(element, box);
        canvas.append(element);
        if (number === focused) element.focus({ preventScroll: true });
      });
      fields.replaceChildren(...boxes.map((box) => {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = "boxes";
        field.value = JSON.stringify(box);
        return field;
      }));
      form.querySelector("[data-undo-box]").disabled = !past.length;
    }

    function change(next, focused) {
      past.push(boxes);
      boxes = next;
      show(focused);
    }

    const at = (event) => {
      const frame = canvas.getBoundingClientRect();
      return {
        x: clamp(((event.clientX - frame.left) / frame.width) * width, 0, width),
        y: clamp(((event.clientY - frame.top) / frame.height) * height, 0, height),
      };
    };

    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      const held = event.target.closest(".cover-box");
      const number = held ? Number(held.dataset.number) : -1;
      const from = at(event);
      const draft = held ?? document.createElement("div");
      if (held) held.focus({ preventScroll: true });
      else {
        draft.className = "cover-box";
        canvas.append(draft);
      }
      let box = held ? boxes[number] : { ...from, width: 0, height: 0 };
      const move = (moved) => {
        const to = at(moved);
        box = held
          ? fitting({ ...boxes[number], x: boxes[number].x + to.x - from.x, y: boxes[number].y + to.y - from.y })
          : { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) };
        place(draft, box);
      };
      const end = (ended) => {
        canvas.removeEventListener("pointermove", move);
        canvas.removeEventListener("pointerup", end);
        canvas.removeEventListener("pointercancel", end);
        const scale = canvas.getBoundingClientRect().width / width;
        if (ended.type === "pointercancel") show(number);
        else if (held) {
          if (box !== boxes[number]) change(boxes.with(number, box), number);
        } else if (box.width * scale < LEAST || box.height * scale < LEAST) show();
        else change([...boxes, fitting(box)], boxes.length);
      };
      canvas.setPointerCapture(event.pointerId);
      canvas.addEventListener("pointermove", move);
      canvas.addEventListener("pointerup", end);
      canvas.addEventListener("pointercancel", end);
    });

    const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

    canvas.addEventListener("keydown", (event) => {
      const number = Number(event.target.dataset?.number ?? Number.NaN);
      if (Number.isNaN(number)) return;
      if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        change(boxes.toSpliced(number, 1), Math.min(number, boxes.length - 2));
        say(form.dataset.gone);
        if (!boxes.length) form.querySelector("[data-add-box]").focus();
        return;
      }
      const [across, down] = ARROWS[event.key] ?? [];
      if (across === undefined) return;
      event.preventDefault();
      const box = boxes[number];
      const changed = event.shiftKey
        ? { ...box, width: clamp(box.width + across * step, step, width - box.x), height: clamp(box.height + down * step, step, height - box.y) }
        : { ...box, x: box.x + across * step, y: box.y + down * step };
      change(boxes.with(number, fitting(changed)), number);
    });

    form.querySelector("[data-add-box]").addEventListener("click", () => {
      const side = Math.round(Math.min(width, height) / 5);
      change([...boxes, fitting({ x: (width - side) / 2, y: (height - side) / 2, width: side, height: side })], boxes.length);
      say(form.dataset.added);
    });

    form.querySelector("[data-undo-box]").addEventListener("click", () => {
      boxes = past.pop() ?? boxes;
      show();
      say(form.dataset.count.replace("{count}", boxes.length));
    });

    show();
  }

  document.addEventListener("DOMContentLoaded", begin);
  document.addEventListener("htmx:load", begin);
})();
