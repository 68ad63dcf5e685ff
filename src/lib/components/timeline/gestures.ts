// Gestures on a timeline by mouse, pen and touch: drag pans, two fingers zoom, the wheel zooms with
// Control (which a touchpad's pinch also sends) and pans sideways.

export type GestureTarget = {
	/** The area of the bars on screen; null while they are not drawn. */
	area: () => DOMRect | null;
	zoom: (factor: number, percent: number) => void;
	/** By percent of the visible range; above 0 to later time. */
	pan: (percent: number) => void;
	/** Scrolls the rows by px. */
	scroll: (px: number) => void;
	isZoomed: () => boolean;
};

type Point = { x: number; y: number };

/** A press that moves less is a click, px. */
const CLICK_PX = 4;

export class Gestures {
	readonly #target: GestureTarget;
	#pointers = new Map<number, Point>();
	#begun: Point | null = null;
	#isDrag = false;

	constructor(target: GestureTarget) {
		this.#target = target;
	}

	readonly onwheel = (event: WheelEvent): void => {
		const area = this.#target.area();
		if (!area || area.width === 0) return;
		if (event.ctrlKey || event.metaKey) {
			event.preventDefault();
			this.#target.zoom(Math.exp(-event.deltaY / 200), percentIn(area, event.clientX));
			return;
		}
		const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
		const upright = event.shiftKey ? 0 : event.deltaY;
		if (!this.#target.isZoomed() || Math.abs(sideways) <= Math.abs(upright)) return;
		event.preventDefault();
		this.#target.pan((sideways / area.width) * 100);
	};

	readonly onpointerdown = (event: PointerEvent): void => {
		const area = this.#target.area();
		if (event.button !== 0 || !area || event.clientX < area.left) return;
		const point = { x: event.clientX, y: event.clientY };
		this.#pointers.set(event.pointerId, point);
		if (this.#pointers.size === 1) [this.#begun, this.#isDrag] = [point, false];
	};

	readonly onpointermove = (event: PointerEvent): void => {
		const before = this.#pointers.get(event.pointerId);
		const area = this.#target.area();
		if (!before || !area || area.width === 0) return;
		const point = { x: event.clientX, y: event.clientY };
		const others = [...this.#pointers].filter(([id]) => id !== event.pointerId);
		const other = others[0]?.[1];
		if (!this.#isDrag && !other && this.#begun && distance(this.#begun, point) < CLICK_PX) return;
		if (!this.#isDrag && event.currentTarget instanceof Element) {
			event.currentTarget.setPointerCapture(event.pointerId);
		}
		this.#isDrag = true;
		this.#pointers.set(event.pointerId, point);
		const moved = other ? (point.x - before.x) / 2 : point.x - before.x;
		this.#target.pan((-moved / area.width) * 100);
		if (other) {
			const wider = Math.max(1, distance(point, other)) / Math.max(1, distance(before, other));
			this.#target.zoom(wider, percentIn(area, (point.x + other.x) / 2));
		} else if (event.pointerType !== 'touch') {
			// The browser scrolls for touch.
			this.#target.scroll(before.y - point.y);
		}
	};

	readonly onpointerup = (event: PointerEvent): void => {
		this.#pointers.delete(event.pointerId);
	};

	/** A drag that ends over a row does not select it. */
	readonly onclickcapture = (event: MouseEvent): void => {
		if (this.#isDrag && event.detail > 0) event.stopPropagation();
		this.#isDrag = false;
	};
}

function percentIn(area: DOMRect, x: number): number {
	return Math.min(100, Math.max(0, ((x - area.left) / area.width) * 100));
}

function distance(a: Point, b: Point): number {
	return Math.hypot(a.x - b.x, a.y - b.y);
}
