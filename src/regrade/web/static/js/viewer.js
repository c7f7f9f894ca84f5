// One image in its stage: fitted, zoomed by wheel or key, dragged. Pixels that can be seen stay pixels.

const MARGIN = 24;
const MOST = 64;
const LARGEST = 64; // beyond that, a handful of pixels is no picture any more
const PIXELS = 2; // where a photo is enlarged less, every other pixel would be twice as wide: lines and letters break

export class Viewer {
  constructor(stage) {
    this.stage = stage;
    this.image = stage.querySelector("img");
    this.label = stage.querySelector("[data-scale]");
    this.zoom = 1;
    this.shift = { x: 0, y: 0 };
    if (!this.image) {
      return;
    }
    this.width = Number(this.image.getAttribute("width")) || this.image.naturalWidth;
    this.height = Number(this.image.getAttribute("height")) || this.image.naturalHeight;
    this.pixelsFrom = this.image.classList.contains("tiny") ? 1 : PIXELS;
    this.observer = new ResizeObserver(() => this.place());
    this.observer.observe(stage);
    stage.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.onDown(event));
    stage.addEventListener("dblclick", () => this.reset());
    this.place();
  }

  // Whole multiples keep pixels that can be seen alike, halves those of a photo nearly so.
  get fit() {
    const scale = Math.min(
      (this.stage.clientWidth - 2 * MARGIN) / this.width,
      (this.stage.clientHeight - 2 * MARGIN) / this.height,
      LARGEST,
    );
    const steps = scale < 4 ? 2 : 1;
    return scale < this.pixelsFrom ? scale : Math.floor(scale * steps) / steps;
  }

  place() {
    const { clientWidth, clientHeight } = this.stage;
    if (!this.image || !clientWidth || !this.width) {
      return;
    }
    const scale = this.fit * this.zoom;
    const size = { x: this.width * scale, y: this.height * scale };
    this.shift.x = clamp(this.shift.x, (Math.max(0, size.x - clientWidth) + MARGIN * (this.zoom > 1)) / 2);
    this.shift.y = clamp(this.shift.y, (Math.max(0, size.y - clientHeight) + MARGIN * (this.zoom > 1)) / 2);
    const x = Math.round((clientWidth - size.x) / 2 + this.shift.x);
    const y = Math.round((clientHeight - size.y) / 2 + this.shift.y);
    this.image.classList.add("placed");
    this.image.classList.toggle("pixels", scale >= this.pixelsFrom);
    this.image.style.width = `${size.x}px`;
    this.image.style.height = `${size.y}px`;
    this.image.style.transform = `translate(${x}px, ${y}px)`;
    if (this.label) {
      this.label.textContent = `${Math.round(scale * 100).toLocaleString()} %`;
    }
  }

  // Zooms so that the point (measured from the middle of the stage) stays where it is.
  zoomBy(factor, point = { x: 0, y: 0 }) {
    if (!this.image) {
      return;
    }
    const zoom = Math.min(MOST, Math.max(1, this.zoom * factor));
    const ratio = zoom / this.zoom;
    this.shift.x = point.x - (point.x - this.shift.x) * ratio;
    this.shift.y = point.y - (point.y - this.shift.y) * ratio;
    this.zoom = zoom;
    this.place();
  }

  // By key: twice, four times, eight times as large, then all of it again.
  step() {
    if (this.zoom >= 8) {
      this.reset();
    } else {
      this.zoomBy(2);
    }
  }

  // By key: a quarter of the stage to one side, where the image is larger than that.
  pan(x, y) {
    this.shift.x -= (x * this.stage.clientWidth) / 4;
    this.shift.y -= (y * this.stage.clientHeight) / 4;
    this.place();
  }

  reset() {
    this.zoom = 1;
    this.shift = { x: 0, y: 0 };
    this.place();
  }

  onWheel(event) {
    event.preventDefault();
    event.stopPropagation(); // an example lies over the image
    const box = this.stage.getBoundingClientRect();
    const point = { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
    this.zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), point);
  }

  onDown(event) {
    if (event.button !== 0 || event.target.closest("button, .ask")) {
      return;
    }
    event.stopPropagation();
    this.isDragged = false;
    const start = { x: event.clientX - this.shift.x, y: event.clientY - this.shift.y };
    const move = (moved) => {
      this.isDragged ||= Math.hypot(moved.clientX - event.clientX, moved.clientY - event.clientY) > 3;
      this.shift = { x: moved.clientX - start.x, y: moved.clientY - start.y };
      this.place();
    };
    const end = () => {
      this.stage.classList.remove("dragging");
      this.stage.removeEventListener("pointermove", move);
    };
    this.stage.classList.add("dragging");
    this.stage.setPointerCapture(event.pointerId);
    this.stage.addEventListener("pointermove", move);
    this.stage.addEventListener("pointerup", end, { once: true });
    this.stage.addEventListener("pointercancel", end, { once: true });
  }

  close() {
    this.observer?.disconnect();
  }
}

// The side to which a key with Shift pans: x and y for `pan`.
export const SIDES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function clamp(value, most) {
  return Math.min(most, Math.max(-most, value));
}
