// The little web that LINK_AUDIT looks at: pages that are there, gone, slow, dead, or there again
// only when they were asked often enough.
import { createServer, type Server } from 'node:http';

/** Stands in a plan for the address, which is known only when the suite runs. */
export const LINK_HOST = 'http://links.invalid';

const SLOW_MS = 600;

export class Links {
	readonly #server: Server;
	readonly #asked = new Map<string, number>();

	constructor() {
		this.#server = createServer((request, response) => {
			const path = request.url ?? '/';
			const asked = (this.#asked.get(path) ?? 0) + 1;
			this.#asked.set(path, asked);
			const [, kind = '', times = '0'] = /([a-z]+)-?(\d*)$/.exec(path) ?? [];
			const status =
				kind === 'gone'
					? 404
					: kind === 'dead' || (kind === 'flaky' && asked <= Number(times))
						? 503
						: 200;
			const answer = () => response.writeHead(status).end(`${path} was asked ${asked} times`);
			if (kind === 'slow') setTimeout(answer, SLOW_MS);
			else answer();
		});
	}

	/** Begins to listen; resolves with the address. */
	listen(): Promise<string> {
		return new Promise((resolve, reject) => {
			this.#server.once('error', reject);
			this.#server.listen(0, '127.0.0.1', () => {
				const address = this.#server.address();
				const port = typeof address === 'object' && address ? address.port : 0;
				resolve(`http://127.0.0.1:${port}`);
			});
		});
	}

	close(): void {
		this.#server.closeAllConnections();
		this.#server.close();
	}
}
