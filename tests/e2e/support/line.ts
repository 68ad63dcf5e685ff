import type { Page, WebSocketRoute } from '@playwright/test';

/** The line between a page and the server, which a test may cut, mute and mend. */
export class Line {
	#state: 'up' | 'held' | 'muted' | 'cut' = 'up';
	#held: (() => void)[] = [];
	#edit: (text: string) => string | null = (text) => text;
	#open = new Set<WebSocketRoute>();

	private constructor() {}

	/** Takes the line of a page that is not loaded yet. */
	static async of(page: Page): Promise<Line> {
		const line = new Line();
		await page.routeWebSocket(/\/agents\//, (socket) => line.#carry(socket));
		return line;
	}

	/** Drops every socket and lets none through. */
	async cut(): Promise<void> {
		this.#state = 'cut';
		await Promise.all([...this.#open].map((socket) => socket.close({ code: 1012 })));
		this.#open.clear();
	}

	/** Sockets stay open and new ones open, but nothing that the server says arrives. */
	mute(): void {
		this.#state = 'muted';
	}

	/** What the server says arrives late: once the line is mended. */
	hold(): void {
		this.#state = 'held';
	}

	/** Changes each text frame of the server on its way; null loses it. */
	edit(change: (text: string) => string | null): void {
		this.#edit = change;
	}

	/** Everything goes through again. */
	mend(): void {
		this.#state = 'up';
		for (const deliver of this.#held.splice(0)) deliver();
	}

	async #carry(socket: WebSocketRoute): Promise<void> {
		if (this.#state === 'cut') return socket.close({ code: 1012 });
		const server = socket.connectToServer();
		this.#open.add(socket);
		socket.onMessage((message) => server.send(message));
		server.onMessage((sent) => {
			const message = typeof sent === 'string' ? this.#edit(sent) : sent;
			if (message === null) return;
			if (this.#state === 'up') socket.send(message);
			else if (this.#state === 'held') this.#held.push(() => socket.send(message));
		});
	}
}
